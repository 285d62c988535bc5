package org.gatun.op;

import java.util.Locale;

/** The losses of one element x and its target t. The constant's name in lower case is PyTorch's. */
public enum LossFunction {
  /**
   * {@code -(t log x + (1 - t) log(1 - x))}, each logarithm at least -100, of a probability x. One
   * outside 0 to 1 is an {@link IllegalArgumentException} when the operator runs, before anything
   * is written.
   */
  BINARY_CROSS_ENTROPY,
  /**
   * The binary cross entropy of the sigmoid of x: {@code (1 - t) x + (1 + (p - 1) t) log(1 +
   * exp(-x))}, where p is the weight of positive targets, 1 unless there is one.
   */
  BINARY_CROSS_ENTROPY_WITH_LOGITS,
  /**
   * {@code d^2 / 2} where {@code |d| = |x - t|} is less than delta, {@code delta (|d| - delta/2)}
   * elsewhere.
   */
  HUBER_LOSS,
  /** {@code t (log t - x)}, where x is a logarithm; 0 log 0 is 0. */
  KL_DIV,
  /** {@code exp(t) (t - x)}, where both are logarithms. */
  KL_DIV_LOG_TARGET,
  /** {@code |x - t|}. */
  L1_LOSS,
  /** {@code (x - t)^2}. */
  MSE_LOSS,
  /**
   * {@code d^2 / (2 beta)} where {@code |d| = |x - t|} is less than beta, {@code |d| - beta/2}
   * elsewhere.
   */
  SMOOTH_L1_LOSS;

  /** Returns the lower-case name used in messages. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether it takes a weight, with which it is multiplied. */
  public boolean isWeighted() {
    return this == BINARY_CROSS_ENTROPY || this == BINARY_CROSS_ENTROPY_WITH_LOGITS;
  }
}
