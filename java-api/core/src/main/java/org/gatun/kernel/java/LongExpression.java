package org.gatun.kernel.java;

/**
 * What a pointwise function computes of single elements, as {@code long}s: its values are the
 * elements, then the numbers that are the same for all. A test gives 1 or 0.
 */
interface LongExpression {
  /** Returns the result; values that the function does not have are anything. */
  long of(long a, long b, long c, long d);

  /** An expression of one value. */
  @FunctionalInterface
  interface One extends LongExpression {
    long of(long a);

    @Override
    default long of(long a, long b, long c, long d) {
      return of(a);
    }
  }

  /** An expression of two values. */
  @FunctionalInterface
  interface Two extends LongExpression {
    long of(long a, long b);

    @Override
    default long of(long a, long b, long c, long d) {
      return of(a, b);
    }
  }

  /** An expression of three values. */
  @FunctionalInterface
  interface Three extends LongExpression {
    long of(long a, long b, long c);

    @Override
    default long of(long a, long b, long c, long d) {
      return of(a, b, c);
    }
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

  static LongExpression four(LongExpression expression) {
    return expression;
  }
}
