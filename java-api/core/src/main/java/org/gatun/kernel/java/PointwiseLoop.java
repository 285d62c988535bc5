package org.gatun.kernel.java;

/**
 * A loop over elements that lie side by side: {@code dst[i] = f(a[i], b[i], c[i])}, with the
 * numbers of the operator after the elements. The result may lie where one of the operands lies.
 *
 * <p>Every function has a class of its own, made by {@link LoopTemplate} from one of a few
 * templates: the compiler sees which function it is, and puts its expression into the loop.
 */
interface PointwiseLoop {
  /** All operands are elements side by side. */
  int EACH = 0;

  /** The first of two operands is one element for all. */
  int LEFT_IS_ONE = 1;

  /** The second of two operands is one element for all. */
  int RIGHT_IS_ONE = 2;

  /**
   * Computes the results.
   *
   * @param a the address of the first operand
   * @param b that of the second, where there is one
   * @param c that of the third, where there is one
   * @param dst the address of the results
   * @param which {@link #EACH}, {@link #LEFT_IS_ONE} or {@link #RIGHT_IS_ONE}
   */
  void run(long a, long b, long c, long dst, long count, int which);

  /** Returns what a plan that uses this reports, {@code java:vector} or {@code java:scalar}. */
  String implementation();
}
