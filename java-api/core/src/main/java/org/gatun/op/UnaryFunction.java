package org.gatun.op;

import java.util.Locale;

/** The functions of one element. The constant's name in lower case is PyTorch's. */
public enum UnaryFunction {
  /** {@code max(x, 0)}; NaN stays NaN. ONNX Relu. */
  RELU,
  /** {@code 1 / (1 + exp(-x))}. ONNX Sigmoid. */
  SIGMOID,
  /** {@code tanh(x)}. ONNX Tanh. */
  TANH,
  /** {@code x/2 (1 + erf(x / sqrt 2))}. ONNX Gelu. */
  GELU,
  /** {@code x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}. ONNX Gelu, approximate="tanh". */
  GELU_TANH,
  /** {@code x / (1 + exp(-x))}. ONNX Swish. */
  SILU;

  /** Returns the lower-case name used in messages. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }
}
