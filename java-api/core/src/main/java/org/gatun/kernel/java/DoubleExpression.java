package org.gatun.kernel.java;

/**
 * What a pointwise function computes of single elements, as {@code double}s: its values are the
 * elements, then the numbers that are the same for all. A test gives 1 or 0.
 *
 * <p>The copies of a loop's template call the lambda, as {@link VectorExpression} explains.
 */
sealed interface DoubleExpression {
  /** An expression of one value. */
  @FunctionalInterface
  non-sealed interface One extends DoubleExpression {
    double of(double a);
  }

  /** An expression of two values. */
  @FunctionalInterface
  non-sealed interface Two extends DoubleExpression {
    double of(double a, double b);
  }

  /** An expression of three values. */
  @FunctionalInterface
  non-sealed interface Three extends DoubleExpression {
    double of(double a, double b, double c);
  }

  /** An expression of four values. */
  @FunctionalInterface
  non-sealed interface Four extends DoubleExpression {
    double of(double a, double b, double c, double d);
  }

  static DoubleExpression one(One expression) {
    return expression;
  }

  static DoubleExpression two(Two expression) {
    return expression;
  }

  static DoubleExpression three(Three expression) {
    return expression;
  }

  static DoubleExpression four(Four expression) {
    return expression;
  }
}
