package org.gatun.kernel.java;

/**
 * What a pointwise function computes of single elements, as {@code double}s: its values are the
 * elements, then the numbers that are the same for all. A test gives 1 or 0.
 */
interface DoubleExpression {
  /** Returns the result; values that the function does not have are anything. */
  double of(double a, double b, double c, double d);

  /** An expression of one value. */
  @FunctionalInterface
  interface One extends DoubleExpression {
    double of(double a);

    @Override
    default double of(double a, double b, double c, double d) {
      return of(a);
    }
  }

  /** An expression of two values. */
  @FunctionalInterface
  interface Two extends DoubleExpression {
    double of(double a, double b);

    @Override
    default double of(double a, double b, double c, double d) {
      return of(a, b);
    }
  }

  /** An expression of three values. */
  @FunctionalInterface
  interface Three extends DoubleExpression {
    double of(double a, double b, double c);

    @Override
    default double of(double a, double b, double c, double d) {
      return of(a, b, c);
    }
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

  static DoubleExpression four(DoubleExpression expression) {
    return expression;
  }
}
