package org.gatun.kernel.java;

import static org.gatun.kernel.java.DoubleExpression.four;
import static org.gatun.kernel.java.DoubleExpression.one;
import static org.gatun.kernel.java.DoubleExpression.three;
import static org.gatun.kernel.java.DoubleExpression.two;

import org.gatun.op.ActivationFunction;
import org.gatun.op.GradientFunction;

/** Activations and their gradients of one {@code double}. */
final class DoubleActivations {
  static final double GELU_SLOPE = 1.702;

  /** From here on {@code exp(x)} is so large that the mish is x; its square is finite. */
  static final double MISH_FAR = 40;

  static final double NORMAL_DENSITY = 1 / Math.sqrt(2 * Math.PI);

  static final double SELU_SLOPE = ActivationFunction.SELU_ALPHA * ActivationFunction.SELU_SCALE;

  private DoubleActivations() {}

  static DoubleExpression of(ActivationFunction function) {
    return switch (function) {
      case CELU -> two((x, alpha) -> x > 0 ? x : alpha * Math.expm1(x / alpha));
      case ELU -> two((x, alpha) -> x > 0 ? x : alpha * Math.expm1(x));
      case GELU_SIGMOID -> one(x -> x / (1 + Math.exp(-GELU_SLOPE * x)));
      case GLU -> two((a, b) -> a / (1 + Math.exp(-b)));
      case HARDSHRINK -> two((x, lambda) -> x >= -lambda && x <= lambda ? 0 : x);
      case HARDSIGMOID -> one(x -> hardtanh(x + 3, 0, 6) / 6);
      case HARDSIGMOID_SCALED -> three((x, alpha, beta) -> hardtanh(alpha * x + beta, 0, 1));
      case HARDSWISH -> one(x -> x * hardtanh(x + 3, 0, 6) / 6);
      case HARDTANH -> three(DoubleActivations::hardtanh);
      case LEAKY_RELU -> two((x, slope) -> x > 0 ? x : x * slope);
      case LOGSIGMOID -> one(x -> -DoubleLosses.softplus(-x));
      case MISH -> one(DoubleActivations::mish);
      case PRELU -> two((x, slope) -> x > 0 ? x : x * slope);
      case RELU6 -> one(x -> hardtanh(x, 0, 6));
      case SELU -> one(x -> x > 0 ? x * ActivationFunction.SELU_SCALE : SELU_SLOPE * Math.expm1(x));
      case SOFTPLUS ->
          three(
              (x, beta, threshold) ->
                  x * beta > threshold ? x : DoubleLosses.softplus(x * beta) / beta);
      case SOFTSHRINK ->
          two((x, lambda) -> x > lambda ? x - lambda : x < -lambda ? x + lambda : x * 0);
      case SOFTSIGN -> one(x -> x / (1 + Math.abs(x)));
      case SWIGLU -> two((a, b) -> DoubleMath.silu(a) * b);
      case SWISH -> two((x, beta) -> x / (1 + Math.exp(-beta * x)));
      case TANHSHRINK -> one(x -> x - Math.tanh(x));
      case THRESHOLD -> three((x, threshold, value) -> x <= threshold ? value : x);
    };
  }

  static DoubleExpression of(GradientFunction function) {
    return switch (function) {
      case CELU -> three((g, x, alpha) -> x <= 0 ? g * Math.exp(x / alpha) : g);
      case ELU -> three((g, x, alpha) -> x <= 0 ? g * alpha * Math.exp(x) : g);
      case GELU -> two((g, x) -> g * geluSlope(x));
      case GELU_SIGMOID -> two((g, x) -> g * swishSlope(GELU_SLOPE * x));
      case GELU_TANH -> two((g, x) -> g * geluTanhSlope(x));
      case GLU_GATE -> three((g, a, b) -> g * a * sigmoidSlope(b));
      case HARDSHRINK, SOFTSHRINK -> three((g, x, lambda) -> x >= -lambda && x <= lambda ? 0 : g);
      case HARDSIGMOID -> two((g, x) -> x > -3 && x < 3 ? g / 6 : 0);
      case HARDSWISH -> two((g, x) -> x <= -3 ? 0 : x < 3 ? g * (x / 3 + 0.5) : g);
      case HARDTANH -> four((g, x, low, high) -> x <= low || x >= high ? 0 : g);
      case LEAKY_RELU -> three((g, x, slope) -> x > 0 ? g : g * slope);
      case LOGSIGMOID -> two((g, x) -> g / (1 + Math.exp(x)));
      case MISH -> two((g, x) -> g * mishSlope(x));
      case PRELU -> three((g, x, slope) -> x > 0 ? g : g * slope);
      case PRELU_WEIGHT -> two((g, x) -> x > 0 ? 0 : g * x);
      case RELU -> two((g, x) -> x <= 0 ? 0 : g);
      case RELU6 -> two((g, x) -> x <= 0 || x >= 6 ? 0 : g);
      case SELU ->
          two((g, x) -> x <= 0 ? g * SELU_SLOPE * Math.exp(x) : g * ActivationFunction.SELU_SCALE);
      case SIGMOID -> two((g, x) -> g * sigmoidSlope(x));
      case SILU -> two((g, x) -> g * swishSlope(x));
      case SOFTPLUS ->
          four(
              (g, x, beta, threshold) ->
                  x * beta > threshold ? g : g * DoubleMath.sigmoid(x * beta));
      case SOFTSIGN -> two((g, x) -> g / ((1 + Math.abs(x)) * (1 + Math.abs(x))));
      case SWIGLU_GATE -> three((g, a, b) -> g * b * swishSlope(a));
      case SWISH -> three((g, x, beta) -> g * swishSlope(beta * x));
      case SWISH_BETA -> three((g, x, beta) -> g * x * x * sigmoidSlope(beta * x));
      case TANH -> two((g, x) -> g * 4 * sigmoidSlope(2 * x));
      case TANHSHRINK -> two((g, x) -> g * Math.tanh(x) * Math.tanh(x));
      case THRESHOLD -> three((g, x, threshold) -> x <= threshold ? 0 : g);
    };
  }

  private static double hardtanh(double x, double low, double high) {
    double y = x < low ? low : x;
    return y > high ? high : y;
  }

  private static double mish(double x) {
    double e = Math.exp(x > MISH_FAR ? MISH_FAR : x);
    double n = e * (e + 2);
    return x * (n / (n + 2));
  }

  private static double mishSlope(double x) {
    double e = Math.exp(x > MISH_FAR ? MISH_FAR : x);
    double n = e * (e + 2);
    // sigmoid(x) (1 - tanh^2), of which the last part is 0 long before the first overflows.
    double slope = x > MISH_FAR ? 0 : 4 * e * (e + 1) / ((n + 2) * (n + 2));
    return n / (n + 2) + x * slope;
  }

  private static double sigmoidSlope(double x) {
    double e = Math.exp(-Math.abs(x));
    return e / ((1 + e) * (1 + e));
  }

  /** Returns the slope of {@code x sigmoid(u)} where u is a multiple of x. */
  private static double swishSlope(double u) {
    return DoubleMath.sigmoid(u) + u * sigmoidSlope(u);
  }

  private static double geluTanhSlope(double x) {
    double z = -x * Math.fma(x * x, DoubleMath.GELU_3, DoubleMath.GELU_1);
    double slope = -Math.fma(x * x, 3 * DoubleMath.GELU_3, DoubleMath.GELU_1);
    return DoubleMath.sigmoid(z) + x * sigmoidSlope(z) * slope;
  }

  private static double geluSlope(double x) {
    double size = Math.abs(x);
    double a = size > DoubleMath.NORMAL_FAR ? DoubleMath.NORMAL_FAR : size;
    double u = (a - DoubleMath.NORMAL_CENTER) / (a + DoubleMath.NORMAL_CENTER);
    double p = DoubleMath.NORMAL[DoubleMath.NORMAL.length - 1];
    for (int i = DoubleMath.NORMAL.length - 2; i >= 0; i--) {
      p = Math.fma(p, u, DoubleMath.NORMAL[i]);
    }
    double e = Math.exp(size * size * -0.5);
    double below = e * p / (a + DoubleMath.NORMAL_CENTER);
    return (x > 0 ? 1 - below : below) + x * e * NORMAL_DENSITY;
  }
}
