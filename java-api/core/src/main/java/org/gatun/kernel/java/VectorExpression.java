package org.gatun.kernel.java;

/**
 * What a pointwise function computes of many elements at a time: its values are the elements, then
 * the numbers that are the same for all. Implemented by lambdas of as many values as the function
 * has, through {@link #one} to {@link #four}.
 *
 * @param <V> the vectors
 * @param <R> vectors of the results, or a mask where the function is a test
 */
interface VectorExpression<V, R> {
  /** Returns the results; values that the function does not have are anything. */
  R of(V a, V b, V c, V d);

  /** An expression of one value. */
  @FunctionalInterface
  interface One<V, R> extends VectorExpression<V, R> {
    R of(V a);

    @Override
    default R of(V a, V b, V c, V d) {
      return of(a);
    }
  }

  /** An expression of two values. */
  @FunctionalInterface
  interface Two<V, R> extends VectorExpression<V, R> {
    R of(V a, V b);

    @Override
    default R of(V a, V b, V c, V d) {
      return of(a, b);
    }
  }

  /** An expression of three values. */
  @FunctionalInterface
  interface Three<V, R> extends VectorExpression<V, R> {
    R of(V a, V b, V c);

    @Override
    default R of(V a, V b, V c, V d) {
      return of(a, b, c);
    }
  }

  static <V, R> VectorExpression<V, R> one(One<V, R> expression) {
    return expression;
  }

  static <V, R> VectorExpression<V, R> two(Two<V, R> expression) {
    return expression;
  }

  static <V, R> VectorExpression<V, R> three(Three<V, R> expression) {
    return expression;
  }

  static <V, R> VectorExpression<V, R> four(VectorExpression<V, R> expression) {
    return expression;
  }
}
