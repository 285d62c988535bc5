package org.gatun.op;

import java.util.Locale;

/** The functions of an element and all before it. */
public enum ScanFunction {
  /** The largest so far, NaN from the first NaN on, and its index: of equal ones the last. */
  CUMMAX,
  /** The smallest so far, NaN from the first NaN on, and its index: of equal ones the last. */
  CUMMIN,
  /** The product so far. Of integers and booleans an {@code i64}. */
  CUMPROD,
  /** The sum so far. Of integers and booleans an {@code i64}. ONNX CumSum. */
  CUMSUM,
  /** The logarithm of the sum of the exponentials so far. */
  LOGCUMSUMEXP;

  /** Returns PyTorch's name, used in messages. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether there is a second output, of {@code i64} indices. */
  public boolean hasIndices() {
    return this == CUMMAX || this == CUMMIN;
  }
}
