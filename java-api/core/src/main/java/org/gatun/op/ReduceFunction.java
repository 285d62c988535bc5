package org.gatun.op;

import java.util.Locale;

/** The functions of many elements that have one value. */
public enum ReduceFunction {
  /** Whether every element is true, that is not 0; true of none. NaN is true. */
  ALL,
  /** Whether some element is true, that is not 0; false of none. NaN is true. */
  ANY,
  /** How many elements are not 0; NaN is not. */
  COUNT_NONZERO,
  /**
   * {@code m + log(sum(exp(x - m)))}, where m is the largest element; negative infinity of none.
   * ONNX ReduceLogSumExp.
   */
  LOG_SUM_EXP,
  /** The largest element, NaN if there is one; of none an error. ONNX ReduceMax. */
  MAX,
  /** The sum divided by the number of elements; NaN of none. ONNX ReduceMean. */
  MEAN,
  /** The smallest element, NaN if there is one; of none an error. ONNX ReduceMin. */
  MIN,
  /** The sum of the elements that are numbers, NaN counting as 0. */
  NAN_SUM,
  /** The product; 1 of none. Of integers and booleans an {@code i64}. ONNX ReduceProd. */
  PROD,
  /** The sum; 0 of none. Of integers and booleans an {@code i64}. ONNX ReduceSum. */
  SUM;

  /** Returns PyTorch's name, used in messages. */
  public String spelling() {
    return switch (this) {
      case COUNT_NONZERO -> "count_nonzero";
      case LOG_SUM_EXP -> "logsumexp";
      case MAX -> "amax";
      case MIN -> "amin";
      case NAN_SUM -> "nansum";
      case ALL, ANY, MEAN, PROD, SUM -> name().toLowerCase(Locale.ROOT);
    };
  }
}
