package org.gatun.op;

import java.util.Locale;

/** The functions of many elements that have one value. */
public enum ReduceFunction {
  /** The sum; 0 of none. Of integers and booleans an {@code i64}. ONNX ReduceSum. */
  SUM,
  /** The sum divided by the number of elements; NaN of none. ONNX ReduceMean. */
  MEAN,
  /** The largest element, NaN if there is one; of none an error. ONNX ReduceMax. */
  MAX;

  /** Returns PyTorch's name, used in messages. */
  public String spelling() {
    return this == MAX ? "amax" : name().toLowerCase(Locale.ROOT);
  }
}
