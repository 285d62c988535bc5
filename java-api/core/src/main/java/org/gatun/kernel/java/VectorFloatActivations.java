package org.gatun.kernel.java;

import static org.gatun.kernel.java.DoubleActivations.GELU_SLOPE;
import static org.gatun.kernel.java.DoubleActivations.MISH_FAR;
import static org.gatun.kernel.java.DoubleActivations.NORMAL_DENSITY;
import static org.gatun.kernel.java.DoubleActivations.SELU_SLOPE;
import static org.gatun.kernel.java.VectorExpression.four;
import static org.gatun.kernel.java.VectorExpression.one;
import static org.gatun.kernel.java.VectorExpression.three;
import static org.gatun.kernel.java.VectorExpression.two;
import static org.gatun.op.ActivationFunction.SELU_SCALE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.gatun.op.ActivationFunction;
import org.gatun.op.GradientFunction;
import org.jspecify.annotations.Nullable;

/** Activations and their gradients of many {@code float}s at a time. */
final class VectorFloatActivations {
  /** Below it {@code exp(x)} is a float, and above it the square of that of half of x. */
  private static final float HIGH = 88;

  private VectorFloatActivations() {}

  static VectorExpression<FloatVector, ?> of(ActivationFunction function) {
    return switch (function) {
      case CELU -> two((x, alpha) -> expm1OfQuotient(x, alpha).mul(alpha).blend(x, isPositive(x)));
      case ELU -> two((x, alpha) -> expm1(x).mul(alpha).blend(x, isPositive(x)));
      case GELU_SIGMOID ->
          one(x -> x.div(VectorFloatMath.expOfNumber(x.mul(all(-GELU_SLOPE))).add(1)));
      case GLU -> two((a, b) -> a.div(exp(b.neg()).add(1)));
      case HARDSHRINK -> two((x, lambda) -> x.blend(0, isWithin(x, lambda)));
      case HARDSIGMOID -> one(x -> hardtanh(x.add(3), all(0), all(6)).div(6));
      case HARDSIGMOID_SCALED -> three(VectorFloatActivations::hardsigmoid);
      case HARDSWISH -> one(x -> hardtanh(x.add(3), all(0), all(6)).mul(x).div(6));
      case HARDTANH -> three(VectorFloatActivations::hardtanh);
      case LEAKY_RELU, PRELU -> two((x, slope) -> x.mul(slope).blend(x, isPositive(x)));
      case LOGSIGMOID -> one(x -> softplus(x.neg()).neg());
      case MISH -> one(VectorFloatActivations::mish);
      case RELU6 -> one(x -> hardtanh(x, all(0), all(6)));
      case SELU ->
          one(x -> expm1(x).mul(all(SELU_SLOPE)).blend(x.mul(all(SELU_SCALE)), isPositive(x)));
      case SOFTPLUS -> three(VectorFloatActivations::softplus);
      case SOFTSHRINK -> two(VectorFloatActivations::softshrink);
      case SOFTSIGN -> one(x -> x.div(x.abs().add(1)));
      case SWIGLU -> two((a, b) -> VectorFloatMath.silu(a).mul(b));
      case SWISH -> two((x, beta) -> x.div(exp(x.mul(beta).neg()).add(1)));
      case TANHSHRINK -> one(x -> x.sub(VectorFloatMath.tanh(x)));
      case THRESHOLD ->
          three((x, threshold, value) -> x.blend(value, x.compare(VectorOperators.LE, threshold)));
    };
  }

  /** Returns null for what is computed as doubles. */
  static @Nullable VectorExpression<FloatVector, ?> of(GradientFunction function) {
    return switch (function) {
      case CELU -> three((g, x, alpha) -> g.blend(g.mul(exp(x.div(alpha))), isNotPositive(x)));
      case ELU -> three((g, x, alpha) -> g.blend(g.mul(alpha).mul(exp(x)), isNotPositive(x)));
      case GELU -> two((g, x) -> g.mul(geluSlope(x)));
      case GELU_SIGMOID -> two((g, x) -> g.mul(swishSlope(x.mul(all(GELU_SLOPE)))));
      case GELU_TANH -> two((g, x) -> g.mul(geluTanhSlope(x)));
      case GLU_GATE -> three((g, a, b) -> g.mul(a).mul(sigmoidSlope(b)));
      case HARDSHRINK, SOFTSHRINK -> three((g, x, lambda) -> g.blend(0, isWithin(x, lambda)));
      case HARDSIGMOID -> two(VectorFloatActivations::hardsigmoidGradient);
      case HARDSWISH -> two(VectorFloatActivations::hardswishGradient);
      case HARDTANH -> four(VectorFloatActivations::hardtanhGradient);
      case LEAKY_RELU, PRELU -> three((g, x, slope) -> g.mul(slope).blend(g, isPositive(x)));
      case LOGSIGMOID -> two((g, x) -> g.div(exp(x).add(1)));
      case MISH -> two((g, x) -> g.mul(mishSlope(x)));
      case PRELU_WEIGHT -> two((g, x) -> g.mul(x).blend(0, isPositive(x)));
      case RELU -> two((g, x) -> g.blend(0, isNotPositive(x)));
      case RELU6 -> two((g, x) -> hardtanhGradient(g, x, all(0), all(6)));
      case SELU -> two(VectorFloatActivations::seluGradient);
      case SIGMOID -> two((g, x) -> g.mul(sigmoidSlope(x)));
      case SILU -> two((g, x) -> g.mul(swishSlope(x)));
      case SOFTPLUS -> four(VectorFloatActivations::softplusGradient);
      case SOFTSIGN -> two(VectorFloatActivations::softsignGradient);
      case SWIGLU_GATE -> three((g, a, b) -> g.mul(b).mul(swishSlope(a)));
      case SWISH -> three((g, x, beta) -> g.mul(swishSlope(beta.mul(x))));
      case SWISH_BETA -> three((g, x, beta) -> g.mul(x).mul(x).mul(sigmoidSlope(beta.mul(x))));
      case TANH -> two((g, x) -> g.mul(4).mul(sigmoidSlope(x.add(x))));
      // Its square would have twice the error of the tangent.
      case TANHSHRINK -> null;
      case THRESHOLD ->
          three((g, x, threshold) -> g.blend(0, x.compare(VectorOperators.LE, threshold)));
    };
  }

  static FloatVector all(double value) {
    return FloatVector.broadcast(VectorFloatMath.FLOATS, (float) value);
  }

  private static FloatVector exp(FloatVector x) {
    return VectorFloatMath.exp(x);
  }

  private static FloatVector expm1(FloatVector x) {
    return VectorFloatMath.expm1OfLow(x);
  }

  /**
   * The exponential minus one of a quotient. Of high ones, which there are where the divisor is
   * negative, what rounding takes from the quotient is as many units as that is high.
   */
  private static FloatVector expm1OfQuotient(FloatVector x, FloatVector divisor) {
    FloatVector quotient = x.div(divisor);
    FloatVector y = expm1OfAny(quotient);
    FloatVector lost = quotient.neg().fma(divisor, x).div(divisor);
    VectorMask<Float> high =
        quotient
            .compare(VectorOperators.GT, 1)
            .and(y.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
    return y.blend(lost.fma(y.add(1), y), high);
  }

  /** The exponential minus one of high numbers too, which is the square of that of their half. */
  private static FloatVector expm1OfAny(FloatVector x) {
    VectorMask<Float> high = x.compare(VectorOperators.GT, HIGH);
    FloatVector half = x.mul(0.5f);
    FloatVector low = half.blend(HIGH, half.compare(VectorOperators.GT, HIGH));
    FloatVector y = expm1(x.blend(low, high));
    FloatVector root = y.add(1);
    return y.blend(root.mul(root), high);
  }

  private static VectorMask<Float> isPositive(FloatVector x) {
    return x.compare(VectorOperators.GT, 0);
  }

  private static VectorMask<Float> isNotPositive(FloatVector x) {
    return x.compare(VectorOperators.LE, 0);
  }

  private static VectorMask<Float> isWithin(FloatVector x, FloatVector lambda) {
    return x.compare(VectorOperators.GE, lambda.neg()).and(x.compare(VectorOperators.LE, lambda));
  }

  private static FloatVector hardsigmoid(FloatVector x, FloatVector alpha, FloatVector beta) {
    return hardtanh(x.mul(alpha).add(beta), all(0), all(1));
  }

  private static FloatVector hardtanh(FloatVector x, FloatVector low, FloatVector high) {
    FloatVector y = x.blend(low, x.compare(VectorOperators.LT, low));
    return y.blend(high, y.compare(VectorOperators.GT, high));
  }

  private static FloatVector hardtanhGradient(
      FloatVector g, FloatVector x, FloatVector low, FloatVector high) {
    VectorMask<Float> flat =
        x.compare(VectorOperators.LE, low).or(x.compare(VectorOperators.GE, high));
    return g.blend(0, flat);
  }

  private static FloatVector hardsigmoidGradient(FloatVector g, FloatVector x) {
    VectorMask<Float> steep =
        x.compare(VectorOperators.GT, -3).and(x.compare(VectorOperators.LT, 3));
    return all(0).blend(g.div(6), steep);
  }

  private static FloatVector hardswishGradient(FloatVector g, FloatVector x) {
    FloatVector between = g.mul(x.div(3).add(all(0.5)));
    FloatVector y = g.blend(between, x.compare(VectorOperators.LT, 3));
    return y.blend(0, x.compare(VectorOperators.LE, -3));
  }

  private static FloatVector seluGradient(FloatVector g, FloatVector x) {
    FloatVector below = g.mul(all(SELU_SLOPE)).mul(exp(x));
    return g.mul(all(SELU_SCALE)).blend(below, isNotPositive(x));
  }

  /** Returns {@code log(1 + exp(x))}. */
  static FloatVector softplus(FloatVector x) {
    FloatVector above = x.blend(0, x.compare(VectorOperators.LT, 0));
    return above.add(VectorFloatMath.log1p(exp(x.abs().neg())));
  }

  private static FloatVector softplus(FloatVector x, FloatVector beta, FloatVector threshold) {
    FloatVector u = x.mul(beta);
    return softplus(u).div(beta).blend(x, u.compare(VectorOperators.GT, threshold));
  }

  private static FloatVector softplusGradient(
      FloatVector g, FloatVector x, FloatVector beta, FloatVector threshold) {
    FloatVector u = x.mul(beta);
    FloatVector y = g.mul(VectorFloatMath.sigmoid(u));
    return y.blend(g, u.compare(VectorOperators.GT, threshold));
  }

  private static FloatVector softshrink(FloatVector x, FloatVector lambda) {
    FloatVector y = x.mul(0).blend(x.sub(lambda), x.compare(VectorOperators.GT, lambda));
    return y.blend(x.add(lambda), x.compare(VectorOperators.LT, lambda.neg()));
  }

  private static FloatVector softsignGradient(FloatVector g, FloatVector x) {
    FloatVector size = x.abs().add(1);
    return g.div(size.mul(size));
  }

  private static FloatVector mish(FloatVector x) {
    FloatVector e = exp(x.blend(all(MISH_FAR), x.compare(VectorOperators.GT, all(MISH_FAR))));
    FloatVector n = e.mul(e.add(2));
    return x.mul(n.div(n.add(2)));
  }

  private static FloatVector mishSlope(FloatVector x) {
    VectorMask<Float> far = x.compare(VectorOperators.GT, all(MISH_FAR));
    FloatVector e = exp(x.blend(all(MISH_FAR), far));
    FloatVector n = e.mul(e.add(2));
    FloatVector m = n.add(2);
    // One divisor after the other: their product overflows.
    FloatVector slope = e.mul(4).div(m).mul(e.add(1).div(m)).blend(0, far);
    return n.div(m).add(x.mul(slope));
  }

  private static FloatVector sigmoidSlope(FloatVector x) {
    FloatVector e = exp(x.abs().neg());
    FloatVector d = e.add(1);
    return e.div(d.mul(d));
  }

  /** Returns the slope of {@code x sigmoid(u)} where u is a multiple of x. */
  private static FloatVector swishSlope(FloatVector u) {
    FloatVector e = exp(u.abs().neg());
    FloatVector r = all(1).div(e.add(1));
    FloatVector below = e.mul(r);
    FloatVector s = below.blend(r, isPositive(u));
    return u.mul(below.mul(r)).add(s);
  }

  private static FloatVector geluTanhSlope(FloatVector x) {
    FloatVector square = x.mul(x);
    FloatVector z = square.fma(all(-DoubleMath.GELU_3), all(-DoubleMath.GELU_1)).mul(x);
    FloatVector slope = square.fma(all(-3 * DoubleMath.GELU_3), all(-DoubleMath.GELU_1));
    FloatVector e = exp(z.abs().neg());
    FloatVector r = all(1).div(e.add(1));
    FloatVector below = e.mul(r);
    FloatVector s = below.blend(r, isPositive(z));
    return x.mul(below.mul(r)).mul(slope).add(s);
  }

  private static FloatVector geluSlope(FloatVector x) {
    FloatVector e = VectorFloatMath.expOfLow(x.mul(x).mul(all(-0.5)));
    FloatVector below = VectorFloatMath.normalTail(x.abs()).mul(e);
    FloatVector above = below.blend(all(1).sub(below), isPositive(x));
    return x.mul(e).mul(all(NORMAL_DENSITY)).add(above);
  }
}
