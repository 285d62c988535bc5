package org.gatun.reference;

import org.gatun.op.ActivationFunction;
import org.gatun.op.GradientFunction;

/** Activations of the elements at one index, and their gradients. */
final class ActivationReference {
  private static final double QUICK = 1.702;

  private ActivationReference() {}

  /**
   * Returns the result.
   *
   * @param o the operands
   * @param n the numbers
   */
  static double apply(ActivationFunction function, double[] o, double[] n) {
    double x = o[0];
    return switch (function) {
      case CELU -> x > 0 ? x : n[0] * Math.expm1(x / n[0]);
      case ELU -> x > 0 ? x : n[0] * Math.expm1(x);
      case GELU_SIGMOID -> x / (1 + Math.exp(-QUICK * x));
      case GLU -> x / (1 + Math.exp(-o[1]));
      case HARDSHRINK -> Math.abs(x) <= n[0] ? 0 : x;
      case HARDSIGMOID -> clamp(x + 3, 0, 6) / 6;
      case HARDSIGMOID_SCALED -> clamp(n[0] * x + n[1], 0, 1);
      case HARDSWISH -> x * clamp(x + 3, 0, 6) / 6;
      case HARDTANH -> clamp(x, n[0], n[1]);
      case LEAKY_RELU -> x > 0 ? x : n[0] * x;
      case LOGSIGMOID -> -softplus(-x);
      case MISH -> x * Math.tanh(softplus(x));
      case PRELU -> x > 0 ? x : o[1] * x;
      case RELU6 -> clamp(x, 0, 6);
      case SELU ->
          ActivationFunction.SELU_SCALE
              * (x > 0 ? x : ActivationFunction.SELU_ALPHA * Math.expm1(x));
      case SOFTPLUS -> x * n[0] > n[1] ? x : softplus(x * n[0]) / n[0];
      case SOFTSHRINK -> Math.abs(x) <= n[0] ? 0 : x - Math.copySign(n[0], x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case SWIGLU -> x / (1 + Math.exp(-x)) * o[1];
      case SWISH -> x / (1 + Math.exp(-o[1] * x));
      case TANHSHRINK -> x - Math.tanh(x);
      case THRESHOLD -> x <= n[0] ? n[1] : x;
    };
  }

  /**
   * Returns the gradient.
   *
   * @param o the cotangent and the operands
   * @param n the numbers
   */
  static double apply(GradientFunction function, double[] o, double[] n) {
    double g = o[0];
    double x = o[1];
    return switch (function) {
      case CELU -> x <= 0 ? g * Math.exp(x / n[0]) : g;
      case ELU -> x <= 0 ? g * n[0] * Math.exp(x) : g;
      case GELU ->
          g
              * (0.5 * ErrorFunction.complement(-x / Math.sqrt(2))
                  + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI));
      case GELU_SIGMOID -> g * (sigmoid(QUICK * x) + QUICK * x * sigmoidSlope(QUICK * x));
      case GELU_TANH -> {
        double z = Math.sqrt(8 / Math.PI) * (x + 0.044715 * x * x * x);
        double slope = Math.sqrt(8 / Math.PI) * (1 + 3 * 0.044715 * x * x);
        yield g * (sigmoid(z) + x * sigmoidSlope(z) * slope);
      }
      case GLU_GATE -> g * x * sigmoidSlope(o[2]);
      case HARDSHRINK, SOFTSHRINK -> Math.abs(x) <= n[0] ? 0 : g;
      case HARDSIGMOID -> Math.abs(x) < 3 ? g / 6 : 0;
      case HARDSWISH -> x <= -3 ? 0 : x < 3 ? g * (x / 3 + 0.5) : g;
      case HARDTANH -> x <= n[0] || x >= n[1] ? 0 : g;
      case LEAKY_RELU -> x > 0 ? g : n[0] * g;
      case LOGSIGMOID -> g * sigmoid(-x);
      case MISH -> {
        double y = softplus(x);
        yield g * (Math.tanh(y) + x * (sigmoid(x) / Math.pow(Math.cosh(y), 2)));
      }
      case PRELU -> x > 0 ? g : o[2] * g;
      case PRELU_WEIGHT -> x > 0 ? 0 : g * x;
      case RELU -> x <= 0 ? 0 : g;
      case RELU6 -> x <= 0 || x >= 6 ? 0 : g;
      case SELU ->
          g
              * ActivationFunction.SELU_SCALE
              * (x <= 0 ? ActivationFunction.SELU_ALPHA * Math.exp(x) : 1);
      case SIGMOID -> g * sigmoidSlope(x);
      case SILU -> g * (sigmoid(x) + x * sigmoidSlope(x));
      case SOFTPLUS -> x * n[0] > n[1] ? g : g * sigmoid(x * n[0]);
      case SOFTSIGN -> g / Math.pow(1 + Math.abs(x), 2);
      case SWIGLU_GATE -> g * o[2] * (sigmoid(x) + x * sigmoidSlope(x));
      case SWISH -> g * (sigmoid(o[2] * x) + o[2] * x * sigmoidSlope(o[2] * x));
      case SWISH_BETA -> g * x * x * sigmoidSlope(o[2] * x);
      case TANH -> g / Math.pow(Math.cosh(x), 2);
      case TANHSHRINK -> g * Math.pow(Math.tanh(x), 2);
      case THRESHOLD -> x <= n[0] ? 0 : g;
    };
  }

  private static double clamp(double x, double low, double high) {
    return Math.min(Math.max(x, low), high);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** {@code s(x) s(-x)}, which does not cancel. */
  private static double sigmoidSlope(double x) {
    return sigmoid(x) * sigmoid(-x);
  }

  /** {@code log(1 + exp(x))}. */
  private static double softplus(double x) {
    return Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);
  }
}
