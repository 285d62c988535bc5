package org.gatun.op;

/** What becomes of the rows of a bag. */
public enum BagMode {
  /** They are added, each times its weight where there are weights. */
  SUM,
  /** Their mean. */
  MEAN,
  /** The largest elements; NaN only where the first row has it, as PyTorch's comparison goes. */
  MAX;

  String spelling() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
