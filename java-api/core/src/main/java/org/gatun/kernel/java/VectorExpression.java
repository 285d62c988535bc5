package org.gatun.kernel.java;

/**
 * What a pointwise function computes of many elements at a time: its values are the elements, then
 * the numbers that are the same for all. Implemented by lambdas of as many values as the function
 * has.
 *
 * <p>There is no method here that calls the lambda, whatever its values: it would be shared by all
 * functions, and once it was compiled for the first of them, the compiler takes its calls for rare
 * ones and does not inline the others. The copies of a loop's template call the lambda themselves.
 *
 * @param <V> the vectors
 * @param <R> vectors of the results, or a mask where the function is a test
 */
sealed interface VectorExpression<V, R> {
  /** An expression of one value. */
  @FunctionalInterface
  non-sealed interface One<V, R> extends VectorExpression<V, R> {
    R of(V a);
  }

  /** An expression of two values. */
  @FunctionalInterface
  non-sealed interface Two<V, R> extends VectorExpression<V, R> {
    R of(V a, V b);
  }

  /** An expression of three values. */
  @FunctionalInterface
  non-sealed interface Three<V, R> extends VectorExpression<V, R> {
    R of(V a, V b, V c);
  }

  /** An expression of four values. */
  @FunctionalInterface
  non-sealed interface Four<V, R> extends VectorExpression<V, R> {
    R of(V a, V b, V c, V d);
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

  static <V, R> VectorExpression<V, R> four(Four<V, R> expression) {
    return expression;
  }
}
