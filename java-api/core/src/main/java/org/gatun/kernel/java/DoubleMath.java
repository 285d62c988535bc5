package org.gatun.kernel.java;

/** The functions of one {@code double}. NaN gives NaN. */
final class DoubleMath {
  /**
   * The normal distribution function at -a, 0 <= a, is {@code exp(-a^2/2) p(u) / (a + 4)} with
   * {@code u = (a - 4) / (a + 4)}; the error of the Chebyshev sum that this polynomial is, is below
   * 2^-53.
   */
  static final double[] NORMAL = {
    0.7552851304157515,
    -0.6078966419718921,
    0.3871374007422145,
    -0.18652185795965684,
    0.06039657489094285,
    -0.007540188966753349,
    -0.003479692367596103,
    0.0016308184581895577,
    0.00013334431565739443,
    -0.0002310949418593712,
    -1.90828866522718e-06,
    3.51447277441388e-05,
    7.168425552564492e-07,
    -5.920325222223518e-06,
    -6.303707713877476e-07,
    1.0218636229406086e-06,
    2.735225163417166e-07,
    -1.5521124838443993e-07,
    -8.830436251165005e-08,
    1.2969642190399419e-08,
    2.2736776077542602e-08,
    2.888418885853251e-09,
    -4.490076392233903e-09,
    -1.6830375440875844e-09,
    5.887097160513323e-10,
    3.9367635051459904e-10,
    -3.093290427006345e-11,
    -4.090791872096593e-11,
    -2.0027347060727644e-12
  };

  static final double NORMAL_CENTER = 4;

  /** Beyond, the distribution function is 0 in a double; keeps {@code u} a number. */
  static final double NORMAL_FAR = 40;

  // gelu by tanh: x / (1 + exp(x (GELU_1 + GELU_3 x^2))), where 1/2 (1 + tanh u) = 1 / (1 + exp
  // -2u).
  static final double GELU_1 = -2 * Math.sqrt(2 / Math.PI);
  static final double GELU_3 = 0.044715 * GELU_1;

  static final double RADIANS = Math.PI / 180;
  static final double DEGREES = 180 / Math.PI;
  static final double LN_2 = Math.log(2);
  static final double LOG2_E = 1 / LN_2;

  /** From here on arsinh and arcosh are log(2x). */
  static final double ASYMPTOTIC = 0x1p28;

  /**
   * Below, the whole part of a quotient is right or one too large, and what it leaves is a number.
   */
  private static final double QUOTIENT = 0x1p51;

  static final int MANTISSA_BITS = 52;

  /** What to subtract from a number's bits so that its exponent is that of the nearest power. */
  static final long SQRT_HALF_BITS = Double.doubleToRawLongBits(Math.sqrt(0.5));

  private DoubleMath() {}

  static double relu(double x) {
    return x < 0 ? 0 : x;
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  static double silu(double x) {
    return x / (1 + Math.exp(-x));
  }

  static double gelu(double x) {
    double size = Math.abs(x);
    double a = size > NORMAL_FAR ? NORMAL_FAR : size;
    double u = (a - NORMAL_CENTER) / (a + NORMAL_CENTER);
    double p = NORMAL[NORMAL.length - 1];
    for (int i = NORMAL.length - 2; i >= 0; i--) {
      p = Math.fma(p, u, NORMAL[i]);
    }
    double below = Math.exp(size * size * -0.5) * p / (a + NORMAL_CENTER);
    return x * (x > 0 ? 1 - below : below);
  }

  static double geluTanh(double x) {
    return x / (1 + Math.exp(x * Math.fma(x * x, GELU_3, GELU_1)));
  }

  static double trunc(double x) {
    return x < 0 ? Math.ceil(x) : Math.floor(x);
  }

  static double acosh(double x) {
    double t = x - 1;
    if (t < 0) {
      return Double.NaN;
    }
    return x > ASYMPTOTIC ? Math.log(x) + LN_2 : Math.log1p(t + Math.sqrt(t * (t + 2)));
  }

  static double asinh(double x) {
    double size = Math.abs(x);
    double square = size * size;
    double y =
        size > ASYMPTOTIC
            ? Math.log(size) + LN_2
            : Math.log1p(size + square / (1 + Math.sqrt(square + 1)));
    return Math.copySign(y, x);
  }

  static double atanh(double x) {
    double size = Math.abs(x);
    return Math.copySign(Math.log1p(2 * size / (1 - size)) / 2, x);
  }

  /** Returns the logarithm to base 2, exact where it is a whole number. */
  static double log2(double x) {
    if (!(x >= Double.MIN_NORMAL) || x == Double.POSITIVE_INFINITY) {
      return x > 0 && x < Double.MIN_NORMAL ? log2(x * 0x1p54) - 54 : Math.log(x);
    }
    long bits = Double.doubleToRawLongBits(x);
    long exponent = (bits - SQRT_HALF_BITS) >> MANTISSA_BITS;
    double mantissa = Double.longBitsToDouble(bits - (exponent << MANTISSA_BITS));
    return exponent + Math.log(mantissa) * LOG2_E;
  }

  static double logit(double x, double eps) {
    double y = eps < 0 ? x : x < eps ? eps : x > 1 - eps ? 1 - eps : x;
    return Math.log(y / (1 - y));
  }

  static double nanToNum(double x, double nan, double high, double low) {
    if (Double.isNaN(x)) {
      return nan;
    }
    return x == Double.POSITIVE_INFINITY ? high : x == Double.NEGATIVE_INFINITY ? low : x;
  }

  /**
   * Returns {@code a % b}, exact: where the quotient has at most 51 bits, by one product that is
   * not rounded, in a fraction of the time of the operator's long division.
   */
  static double fmod(double a, double b) {
    double size = Math.abs(a);
    double divisor = Math.abs(b);
    double quotient = size / divisor;
    if (!(quotient < QUOTIENT) || divisor == Double.POSITIVE_INFINITY) {
      return a % b;
    }
    double rest = Math.fma(-Math.floor(quotient), divisor, size);
    // Below 0 where the quotient was rounded up to a whole number.
    return Math.copySign(rest < 0 ? rest + divisor : rest, a);
  }

  /** Returns the quotient rounded down, from an exact remainder. */
  static double floorDiv(double a, double b) {
    double quotient = Math.floor(a / b);
    if (Math.abs(quotient) < QUOTIENT && !Double.isInfinite(b)) {
      return differ(Math.fma(-quotient, b, a), b) ? quotient - 1 : quotient;
    }
    if (b == 0) {
      return a / b;
    }
    double rest = a % b;
    double whole = (a - rest) / b;
    if (differ(rest, b)) {
      whole -= 1;
    }
    return whole == 0 ? Math.copySign(0, a / b) : Math.rint(whole);
  }

  /** Returns {@code a} less the divisor times the quotient rounded down. */
  static double remainder(double a, double b) {
    double quotient = Math.floor(a / b);
    boolean plain = Math.abs(quotient) < QUOTIENT && !Double.isInfinite(b);
    double rest = plain ? Math.fma(-quotient, b, a) : a % b;
    if (rest == 0) {
      return Math.copySign(rest, a);
    }
    return differ(rest, b) ? rest + b : rest;
  }

  /** Returns whether a rest, which is not 0, has not the divisor's sign; seldom, by one branch. */
  private static boolean differ(double rest, double divisor) {
    long signs = Double.doubleToRawLongBits(rest) ^ Double.doubleToRawLongBits(divisor);
    return signs < 0 && rest != 0 && !Double.isNaN(rest);
  }

  /** Returns a power as C has it: where Java has NaN of 1, and of -1 to an infinite power, 1. */
  static double pow(double a, double b) {
    return a == 1 || (a == -1 && Double.isInfinite(b)) ? 1 : Math.pow(a, b);
  }

  static boolean isClose(double a, double b, double relative, double absolute) {
    double apart = Math.abs(a - b);
    return a == b || (Double.isFinite(apart) && apart <= absolute + Math.abs(relative * b));
  }

  /** Returns x + weight (y - x), from the nearer end. */
  static double lerp(double x, double y, double weight) {
    double step = y - x;
    return Math.abs(weight) < 0.5 ? x + weight * step : y - step * (1 - weight);
  }

  static double logAddExp(double a, double b) {
    return a == b ? a + LN_2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
  }

  static double logAddExp2(double a, double b) {
    return a == b ? a + 1 : Math.max(a, b) + Math.log1p(Math.pow(2, -Math.abs(a - b))) * LOG2_E;
  }
}
