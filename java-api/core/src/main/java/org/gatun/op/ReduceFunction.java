package org.gatun.op;

import java.util.Locale;

/** The functions of many elements that have one value. */
public enum ReduceFunction {
  /** The sum; 0 of none. ONNX ReduceSum. */
  SUM,
  /** The sum divided by the number of elements; NaN of none. ONNX ReduceMean. */
  MEAN;

  /** Returns the lower-case name used in messages. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }
}
