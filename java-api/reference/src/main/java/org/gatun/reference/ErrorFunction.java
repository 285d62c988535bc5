package org.gatun.reference;

/** The error function, by its series near 0 and a continued fraction far from it. */
final class ErrorFunction {
  private static final double SERIES = 0.75;
  private static final int FRACTIONS = 400;

  private ErrorFunction() {}

  /** Returns {@code erf(x)}. */
  static double of(double x) {
    double size = Math.abs(x);
    return size < SERIES ? Math.copySign(series(size), x) : 1 - complement(x);
  }

  /** Returns the y with {@code erf(y) = x}, by halving an interval that has it. */
  static double inverse(double x) {
    if (x < 0) {
      return -inverse(-x);
    }
    if (!(x < 1)) {
      return x == 1 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    double low = 0;
    double high = 6;
    for (double middle = 3; low < middle && middle < high; middle = (low + high) / 2) {
      boolean below = x < 0.5 ? of(middle) < x : complement(middle) > 1 - x;
      low = below ? middle : low;
      high = below ? high : middle;
    }
    return low;
  }

  /** Returns {@code 1 - erf(x)}, exact in its last digits however small it is. */
  static double complement(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    if (x < 0) {
      return 2 - complement(-x);
    }
    return x < SERIES ? 1 - series(x) : fraction(x);
  }

  /** {@code 2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 3 5 ... (2n+1))}: no term is negative. */
  private static double series(double x) {
    double term = x;
    double sum = 0;
    for (int n = 0; term > sum * 0x1p-60; n++) {
      sum += term;
      term *= 2 * x * x / (2 * n + 3);
    }
    return 2 / Math.sqrt(Math.PI) * expOfMinusSquare(x) * sum;
  }

  /** {@code exp(-x^2)/sqrt(pi) / (x + (1/2)/(x + 1/(x + (3/2)/(x + 2/(x + ...)))))}. */
  private static double fraction(double x) {
    double tail = x;
    for (int n = FRACTIONS; n > 0; n--) {
      tail = x + n / 2.0 / tail;
    }
    return expOfMinusSquare(x) / Math.sqrt(Math.PI) / tail;
  }

  /** {@code exp(-x^2)}, with what is lost when the square is rounded. */
  private static double expOfMinusSquare(double x) {
    double square = x * x;
    if (square > 800) {
      return 0;
    }
    return Math.exp(-square) * (1 - Math.fma(x, x, -square));
  }
}
