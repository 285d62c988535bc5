package org.gatun.op;

import java.util.List;
import java.util.Locale;

/**
 * The activations that take numbers or a second operand, and those that only networks use. The
 * constant's name in lower case is PyTorch's, where there is one.
 */
public enum ActivationFunction implements PointwiseFunction {
  /** {@code x} above 0, {@code alpha (exp(x / alpha) - 1)} elsewhere. ONNX Celu. */
  CELU(1, "alpha"),
  /** {@code x} above 0, {@code alpha (exp(x) - 1)} elsewhere. ONNX Elu. */
  ELU(1, "alpha"),
  /** {@code x / (1 + exp(-1.702 x))}, a fast approximation of the GELU. */
  GELU_SIGMOID(1),
  /** {@code a / (1 + exp(-b))}: a gated by b, the halves of what PyTorch's glu takes. */
  GLU(2),
  /** 0 from {@code -lambd} to {@code lambd}, {@code x} elsewhere. ONNX Shrink. */
  HARDSHRINK(1, "lambd"),
  /** {@code min(max(x + 3, 0), 6) / 6}. ONNX HardSigmoid, alpha=1/6. */
  HARDSIGMOID(1),
  /** {@code min(max(alpha x + beta, 0), 1)}. ONNX HardSigmoid. */
  HARDSIGMOID_SCALED(1, "alpha", "beta"),
  /** {@code x min(max(x + 3, 0), 6) / 6}. ONNX HardSwish. */
  HARDSWISH(1),
  /** {@code min(max(x, min_val), max_val)}. ONNX Clip. */
  HARDTANH(1, "min_val", "max_val"),
  /** {@code x} above 0, {@code negative_slope x} elsewhere. ONNX LeakyRelu. */
  LEAKY_RELU(1, "negative_slope"),
  /** {@code log(1 / (1 + exp(-x)))}. */
  LOGSIGMOID(1),
  /** {@code x tanh(log(1 + exp(x)))}. ONNX Mish. */
  MISH(1),
  /** {@code x} above 0, {@code w x} elsewhere, of x and a slope w. ONNX PRelu. */
  PRELU(2),
  /** {@code min(max(x, 0), 6)}. ONNX Clip. */
  RELU6(1),
  /** {@code scale x} above 0, {@code scale alpha (exp(x) - 1)} elsewhere. ONNX Selu. */
  SELU(1),
  /**
   * {@code log(1 + exp(beta x)) / beta}; {@code x} where {@code beta x > threshold}. ONNX Softplus.
   */
  SOFTPLUS(1, "beta", "threshold"),
  /**
   * 0 from {@code -lambd} to {@code lambd}, nearer to 0 by {@code lambd} elsewhere. ONNX Shrink.
   */
  SOFTSHRINK(1, "lambd"),
  /** {@code x / (1 + |x|)}. ONNX Softsign. */
  SOFTSIGN(1),
  /** {@code a / (1 + exp(-a)) b}: b gated by a. */
  SWIGLU(2),
  /** {@code x / (1 + exp(-beta x))}, of x and beta. ONNX Swish. */
  SWISH(2),
  /** {@code x - tanh(x)}. */
  TANHSHRINK(1),
  /** {@code x} above {@code threshold}, {@code value} elsewhere. */
  THRESHOLD(1, "threshold", "value");

  /** The two numbers of the SELU, with which its results keep mean 0 and variance 1. */
  public static final double SELU_ALPHA = 1.6732632423543772848170429916717;

  /** The second of them. */
  public static final double SELU_SCALE = 1.0507009873554804934193349852946;

  private final int operands;
  private final List<String> numbers;

  ActivationFunction(int operands, String... numbers) {
    this.operands = operands;
    this.numbers = List.of(numbers);
  }

  /** Returns the number of operands, 1 or 2. */
  public int operands() {
    return operands;
  }

  @Override
  public List<String> numbers() {
    return numbers;
  }

  @Override
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean takesFloatingAlone() {
    return true;
  }
}
