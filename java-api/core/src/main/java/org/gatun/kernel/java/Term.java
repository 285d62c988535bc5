package org.gatun.kernel.java;

/** What a reduction takes of each element. */
enum Term {
  ITSELF,
  NEGATED,
  MAGNITUDE,
  NEGATED_MAGNITUDE,
  SQUARE,
  /** The element, 0 for NaN. */
  NUMBER,
  /** 1, or 0 where the element is. */
  NONZERO,
  /** The magnitude to the power that the statistic names. */
  POWER
}
