package org.gatun.kernel.java;

import static org.gatun.kernel.java.DoubleMath.NORMAL;
import static org.gatun.kernel.java.DoubleMath.NORMAL_CENTER;

/** The error function, its complement and its inverse, of one {@code double}. */
final class ErrorFunctions {
  private static final double SLOPE_AT_0 = 2 / Math.sqrt(Math.PI);

  static final double SQRT_2 = Math.sqrt(2);

  /** Below, erf is the sum of its series; from here on 1 - erfc does not cancel. */
  static final double SMALL = 0.5;

  /** From here on erfc is 0 in a double. */
  static final double FAR = 28;

  /** The series of erf(x) / x in x^2: the n-th factor is 2 / sqrt(pi) (-1)^n / (n! (2n + 1)). */
  static final double[] SERIES = series(15);

  /** Steps of Newton's method that erfinv takes; each doubles the digits, from two on. */
  private static final int STEPS = 5;

  private ErrorFunctions() {}

  private static double[] series(int terms) {
    double[] series = new double[terms];
    double factor = SLOPE_AT_0;
    for (int n = 0; n < terms; n++) {
      series[n] = factor / (2 * n + 1);
      factor /= -(n + 1);
    }
    return series;
  }

  static double erf(double x) {
    if (Math.abs(x) < SMALL) {
      return erfOfSmall(x);
    }
    return Math.copySign(1 - erfcOfSize(Math.abs(x)), x);
  }

  static double erfc(double x) {
    if (Math.abs(x) < SMALL) {
      return 1 - erfOfSmall(x);
    }
    return x < 0 ? 2 - erfcOfSize(-x) : erfcOfSize(x);
  }

  private static double erfOfSmall(double x) {
    double t = x * x;
    double sum = SERIES[SERIES.length - 1];
    for (int i = SERIES.length - 2; i >= 0; i--) {
      sum = Math.fma(sum, t, SERIES[i]);
    }
    return x * sum;
  }

  /** Returns erfc of a number that is not negative: twice the normal distribution function. */
  private static double erfcOfSize(double x) {
    double a = x > FAR ? FAR : x;
    // exp(-x^2) with what x^2 lost when it was rounded.
    double high = a * a;
    double low = Math.fma(a, a, -high);
    double scaled = a * SQRT_2;
    double u = (scaled - NORMAL_CENTER) / (scaled + NORMAL_CENTER);
    double p = NORMAL[NORMAL.length - 1];
    for (int i = NORMAL.length - 2; i >= 0; i--) {
      p = Math.fma(p, u, NORMAL[i]);
    }
    double above = Math.exp(-high) * (2 * p / (scaled + NORMAL_CENTER));
    return above - above * low;
  }

  static double erfinv(double x) {
    double size = Math.abs(x);
    if (!(size < 1)) {
      return size == 1 ? Math.copySign(Double.POSITIVE_INFINITY, x) : Double.NaN;
    }
    // Winitzki's approximation, then Newton's method on the side that does not cancel.
    double log = Math.log1p(-size * size);
    double k = 2 / (Math.PI * 0.147) + log / 2;
    double y = Math.sqrt(Math.sqrt(k * k - log / 0.147) - k);
    for (int i = 0; i < STEPS; i++) {
      double error = size < 0.5 ? erf(y) - size : (1 - size) - erfc(y);
      y -= error / (SLOPE_AT_0 * Math.exp(-y * y));
    }
    return Math.copySign(y, x);
  }
}
