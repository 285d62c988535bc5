package org.gatun.testkit;

/** How far a result may be from the reference. */
public sealed interface Tolerance {
  /** Not at all: copies, gathers, maxima. */
  record Exact() implements Tolerance {}

  /**
   * A few units in the last place of the value, and an absolute floor where the value is near zero:
   * element-wise functions.
   *
   * @param ulps units in the last place of the dtype
   * @param floor in units of the dtype's epsilon
   */
  record Ulps(double ulps, double floor) implements Tolerance {}

  /**
   * {@code factor * epsilon * scale}, the scale being the reference's: the square root of the
   * number of terms times the sum of their absolute values. With the number itself a result that
   * lacks one of a thousand terms would pass; measured, the libraries stay below a half of this.
   *
   * @param factor 1 where the operator is the sum
   */
  record Sum(double factor) implements Tolerance {}

  /** Returns the tolerance of copies. */
  static Tolerance exact() {
    return new Exact();
  }

  /** Returns the tolerance of element-wise functions. */
  static Tolerance ulps(double ulps) {
    return new Ulps(ulps, 1);
  }

  /** Returns the tolerance of sums and products of sums. */
  static Tolerance sum() {
    return new Sum(1);
  }
}
