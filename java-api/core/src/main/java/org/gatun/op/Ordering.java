package org.gatun.op;

/**
 * Operators that put the elements along an axis in order, or choose by their order. Each has two
 * outputs: elements, and the {@code i64} indices of where they were along the axis.
 *
 * <p>NaN is larger than any number, and zeros of either sign are equal.
 */
public sealed interface Ordering extends Op permits KthValue, Median, Mode, Sort, TopK {
  /** Returns the axis; negative counts from the last. */
  int axis();
}
