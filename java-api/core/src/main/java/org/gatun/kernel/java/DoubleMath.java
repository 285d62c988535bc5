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
}
