package org.gatun.op;

import java.util.Locale;

/** The functions of two elements. The constant's name in lower case is PyTorch's. */
public enum BinaryFunction {
  /** {@code a + b}. ONNX Add. */
  ADD,
  /** {@code a - b}. ONNX Sub. */
  SUB,
  /** {@code a * b}. ONNX Mul. */
  MUL,
  /** {@code a / b}, of floating-point elements. ONNX Div. */
  DIV;

  /** Returns the lower-case name used in messages. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }
}
