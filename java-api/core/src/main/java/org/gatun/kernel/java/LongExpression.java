package org.gatun.kernel.java;

/**
 * What a pointwise function computes of single elements, as {@code long}s: its values are the
 * elements, then the numbers that are the same for all. A test gives 1 or 0.
 *
 * <p>The copies of a loop's template call the lambda, as {@link VectorExpression} explains.
 */
sealed interface LongExpression {
  /** An expression of one value. */
  @FunctionalInterface
  non-sealed interface One extends LongExpression {
    long of(long a);
  }

  /** An expression of two values. */
  @FunctionalInterface
  non-sealed interface Two extends LongExpression {
    long of(long a, long b);
  }

  /** An expression of three values. */
  @FunctionalInterface
  non-sealed interface Three extends LongExpression {
    long of(long a, long b, long c);
  }

  /** An expression of four values. */
  @FunctionalInterface
  non-sealed interface Four extends LongExpression {
    long of(long a, long b, long c, long d);
  }

  static LongExpression one(One expression) {
    return expression;
  }

  static LongExpression two(Two expression) {
    return expression;
  }

  static LongExpression three(Three expression) {
    return expression;
  }

  static LongExpression four(Four expression) {
    return expression;
  }
}
