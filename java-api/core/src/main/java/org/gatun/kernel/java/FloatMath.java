package org.gatun.kernel.java;

/**
 * What {@code VectorFloatMath} computes with, and exp of one {@code float}, operation by operation
 * as it computes it of many. NaN gives NaN; subnormal results may be 0.
 */
final class FloatMath {
  /** Above, exp is infinite; below, it is 0. */
  static final float EXP_HIGH = 88.5f;

  static final float EXP_LOW = -88f;

  /** Below, exp with its subnormal results is 0. */
  static final float EXP_ZERO = -104f;

  /** From here on exp is infinite. */
  static final float EXP_INFINITE = 89f;

  static final float LOG2_E = 1.44269504f;

  /** ln 2 in two parts: the first is the float nearest to it. */
  static final float LN2_HIGH = 0.69314718f;

  static final float LN2_LOW = -1.9046543e-9f;

  /**
   * 1.5 * 2^23 + 127: added to a small number it leaves the nearest integer in the low bits, with
   * the bias of a float's exponent added.
   */
  static final float ROUND = 12583039f;

  static final int MANTISSA_BITS = 23;

  // exp(r) = 1 + r + r^2 q(r) for |r| <= ln 2 / 2, with a relative error of 3e-9.
  static final float EXP_0 = 0.49999994f;
  static final float EXP_1 = 0.16666521f;
  static final float EXP_2 = 0.041668393f;
  static final float EXP_3 = 0.008368747f;
  static final float EXP_4 = 0.001381449f;

  /** From here on tanh rounds to 1; the square of 9.011. */
  static final float TANH_ONE = 81.198f;

  // tanh(x) = x p(x^2) / q(x^2) for |x| <= 9.02, with a relative error of 2e-8; p(0) = q(0) = 1.
  static final float TANH_P1 = 0.13379711f;
  static final float TANH_P2 = 0.0034940257f;
  static final float TANH_P3 = 2.0583337e-5f;
  static final float TANH_P4 = 1.3318877e-8f;
  static final float TANH_Q1 = 0.46713024f;
  static final float TANH_Q2 = 0.02587104f;
  static final float TANH_Q3 = 0.00032830783f;
  static final float TANH_Q4 = 7.761938e-7f;

  /** From here on erf rounds to 1; the square of 3.92. */
  static final float ERF_ONE = 15.3664f;

  // erf(x) = x p(x^2) / q(x^2) for |x| <= 3.92, with a relative error of 2e-8; q(0) = 1.
  static final float ERF_P0 = 1.1283791f;
  static final float ERF_P1 = 0.19040777f;
  static final float ERF_P2 = 0.0527489f;
  static final float ERF_P3 = 0.0037656738f;
  static final float ERF_P4 = 2.8488412e-4f;
  static final float ERF_P5 = 2.0500790e-6f;
  static final float ERF_Q1 = 0.50207722f;
  static final float ERF_Q2 = 0.11410966f;
  static final float ERF_Q3 = 0.014969331f;
  static final float ERF_Q4 = 0.0011625495f;
  static final float ERF_Q5 = 3.8091701e-5f;

  // The normal distribution function at -a, 0 <= a: exp(-a^2/2) p(1 / (1 + 0.3 a)), with a relative
  // error of 6e-8.
  static final float NORMAL_SCALE = 0.3f;
  static final float NORMAL_0 = 6.8527872e-6f;
  static final float NORMAL_1 = 0.11949307f;
  static final float NORMAL_2 = 0.12188205f;
  static final float NORMAL_3 = 0.09483299f;
  static final float NORMAL_4 = 0.14218500f;
  static final float NORMAL_5 = -0.0759995f;
  static final float NORMAL_6 = 0.22821721f;
  static final float NORMAL_7 = -0.1689519f;
  static final float NORMAL_8 = 0.038334254f;

  // gelu by tanh: x / (1 + exp(x (GELU_1 + GELU_3 x^2))), where 1/2 (1 + tanh u) = 1 / (1 + exp
  // -2u).
  static final float GELU_1 = -1.5957691f;
  static final float GELU_3 = -0.07135482f;

  // log(1 + f) = f - f^2/2 + f^3 p(f) for sqrt(1/2) <= 1 + f < sqrt 2, with a relative error of
  // 1e-8.
  // Source: Cephes, logf.
  static final float LOG_0 = 3.3333331174e-1f;
  static final float LOG_1 = -2.4999993993e-1f;
  static final float LOG_2 = 2.0000714765e-1f;
  static final float LOG_3 = -1.6668057665e-1f;
  static final float LOG_4 = 1.4249322787e-1f;
  static final float LOG_5 = -1.2420140846e-1f;
  static final float LOG_6 = 1.1676998740e-1f;
  static final float LOG_7 = -1.1514610310e-1f;
  static final float LOG_8 = 7.0376836292e-2f;

  /** Makes subnormal numbers normal. */
  static final float TWO_TO_24 = 0x1p24f;

  /** The bits of the square root of 1/2. */
  static final int SQRT_HALF_BITS = 0x3F3504F3;

  static final int MANTISSA = (1 << MANTISSA_BITS) - 1;

  private FloatMath() {}

  /** Returns exp of a number that is not above {@link #EXP_HIGH}. */
  static float expOfLow(float x) {
    float y = x < EXP_LOW ? EXP_LOW : x;
    float rounded = Math.fma(y, LOG2_E, ROUND);
    float n = rounded - ROUND;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, y));
    return expOfRest(r) * power(rounded);
  }

  /** Returns exp of a number near 0. */
  static float expOfRest(float r) {
    float square = r * r;
    float q = Math.fma(square, EXP_4, Math.fma(EXP_3, r, EXP_2));
    q = Math.fma(q, square, Math.fma(EXP_1, r, EXP_0));
    return Math.fma(q, square, r) + 1f;
  }

  /** Returns 2^n of n + {@link #ROUND}. */
  static float power(float rounded) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << MANTISSA_BITS);
  }
}
