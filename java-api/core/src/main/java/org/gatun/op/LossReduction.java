package org.gatun.op;

import java.util.Locale;

/** What becomes of the losses of many elements, targets or lines. */
public enum LossReduction {
  /** They are the result. */
  NONE,
  /** Their sum. */
  SUM,
  /**
   * Their mean; of targets with weights the sum divided by that of the weights, and of none, or of
   * ignored ones alone, NaN.
   */
  MEAN,
  /** Their sum divided by the size of the first dimension, or by 1 where there is no batch. */
  BATCH_MEAN;

  /** Returns PyTorch's name, used in messages. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT).replace("_", "");
  }
}
