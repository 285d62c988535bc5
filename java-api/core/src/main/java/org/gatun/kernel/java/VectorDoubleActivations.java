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

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.gatun.op.ActivationFunction;
import org.gatun.op.GradientFunction;

/** Activations and their gradients of many {@code double}s at a time. */
final class VectorDoubleActivations {
  private VectorDoubleActivations() {}

  static VectorExpression<DoubleVector, ?> of(ActivationFunction function) {
    return switch (function) {
      case CELU -> two((x, alpha) -> expm1(x.div(alpha)).mul(alpha).blend(x, isPositive(x)));
      case ELU -> two((x, alpha) -> expm1(x).mul(alpha).blend(x, isPositive(x)));
      case GELU_SIGMOID -> one(x -> x.div(exp(x.mul(all(-GELU_SLOPE))).add(1)));
      case GLU -> two((a, b) -> a.div(exp(b.neg()).add(1)));
      case HARDSHRINK -> two((x, lambda) -> x.blend(0, isWithin(x, lambda)));
      case HARDSIGMOID -> one(x -> hardtanh(x.add(3), all(0), all(6)).div(6));
      case HARDSIGMOID_SCALED -> three(VectorDoubleActivations::hardsigmoid);
      case HARDSWISH -> one(x -> hardtanh(x.add(3), all(0), all(6)).mul(x).div(6));
      case HARDTANH -> three(VectorDoubleActivations::hardtanh);
      case LEAKY_RELU, PRELU -> two((x, slope) -> x.mul(slope).blend(x, isPositive(x)));
      case LOGSIGMOID -> one(x -> softplus(x.neg()).neg());
      case MISH -> one(VectorDoubleActivations::mish);
      case RELU6 -> one(x -> hardtanh(x, all(0), all(6)));
      case SELU ->
          one(x -> expm1(x).mul(all(SELU_SLOPE)).blend(x.mul(all(SELU_SCALE)), isPositive(x)));
      case SOFTPLUS -> three(VectorDoubleActivations::softplus);
      case SOFTSHRINK -> two(VectorDoubleActivations::softshrink);
      case SOFTSIGN -> one(x -> x.div(x.abs().add(1)));
      case SWIGLU -> two((a, b) -> VectorDoubleMath.silu(a).mul(b));
      case SWISH -> two((x, beta) -> x.div(exp(x.mul(beta).neg()).add(1)));
      case TANHSHRINK -> one(x -> x.sub(VectorDoubleMath.tanh(x)));
      case THRESHOLD ->
          three((x, threshold, value) -> x.blend(value, x.compare(VectorOperators.LE, threshold)));
    };
  }

  static VectorExpression<DoubleVector, ?> of(GradientFunction function) {
    return switch (function) {
      case CELU -> three((g, x, alpha) -> g.blend(g.mul(exp(x.div(alpha))), isNotPositive(x)));
      case ELU -> three((g, x, alpha) -> g.blend(g.mul(alpha).mul(exp(x)), isNotPositive(x)));
      case GELU -> two((g, x) -> g.mul(geluSlope(x)));
      case GELU_SIGMOID -> two((g, x) -> g.mul(swishSlope(x.mul(all(GELU_SLOPE)))));
      case GELU_TANH -> two((g, x) -> g.mul(geluTanhSlope(x)));
      case GLU_GATE -> three((g, a, b) -> g.mul(a).mul(sigmoidSlope(b)));
      case HARDSHRINK, SOFTSHRINK -> three((g, x, lambda) -> g.blend(0, isWithin(x, lambda)));
      case HARDSIGMOID -> two(VectorDoubleActivations::hardsigmoidGradient);
      case HARDSWISH -> two(VectorDoubleActivations::hardswishGradient);
      case HARDTANH -> four(VectorDoubleActivations::hardtanhGradient);
      case LEAKY_RELU, PRELU -> three((g, x, slope) -> g.mul(slope).blend(g, isPositive(x)));
      case LOGSIGMOID -> two((g, x) -> g.div(exp(x).add(1)));
      case MISH -> two((g, x) -> g.mul(mishSlope(x)));
      case PRELU_WEIGHT -> two((g, x) -> g.mul(x).blend(0, isPositive(x)));
      case RELU -> two((g, x) -> g.blend(0, isNotPositive(x)));
      case RELU6 -> two((g, x) -> hardtanhGradient(g, x, all(0), all(6)));
      case SELU -> two(VectorDoubleActivations::seluGradient);
      case SIGMOID -> two((g, x) -> g.mul(sigmoidSlope(x)));
      case SILU -> two((g, x) -> g.mul(swishSlope(x)));
      case SOFTPLUS -> four(VectorDoubleActivations::softplusGradient);
      case SOFTSIGN -> two(VectorDoubleActivations::softsignGradient);
      case SWIGLU_GATE -> three((g, a, b) -> g.mul(b).mul(swishSlope(a)));
      case SWISH -> three((g, x, beta) -> g.mul(swishSlope(beta.mul(x))));
      case SWISH_BETA -> three((g, x, beta) -> g.mul(x).mul(x).mul(sigmoidSlope(beta.mul(x))));
      case TANH -> two((g, x) -> g.mul(4).mul(sigmoidSlope(x.add(x))));
      case TANHSHRINK -> two(VectorDoubleActivations::tanhshrinkGradient);
      case THRESHOLD ->
          three((g, x, threshold) -> g.blend(0, x.compare(VectorOperators.LE, threshold)));
    };
  }

  static DoubleVector all(double value) {
    return DoubleVector.broadcast(VectorDoubleMath.DOUBLES, value);
  }

  private static DoubleVector exp(DoubleVector x) {
    return VectorDoubleMath.exp(x);
  }

  private static DoubleVector expm1(DoubleVector x) {
    return VectorDoubleMath.expm1(x);
  }

  private static VectorMask<Double> isPositive(DoubleVector x) {
    return x.compare(VectorOperators.GT, 0);
  }

  private static VectorMask<Double> isNotPositive(DoubleVector x) {
    return x.compare(VectorOperators.LE, 0);
  }

  private static VectorMask<Double> isWithin(DoubleVector x, DoubleVector lambda) {
    return x.compare(VectorOperators.GE, lambda.neg()).and(x.compare(VectorOperators.LE, lambda));
  }

  private static DoubleVector hardsigmoid(DoubleVector x, DoubleVector alpha, DoubleVector beta) {
    return hardtanh(x.mul(alpha).add(beta), all(0), all(1));
  }

  private static DoubleVector hardtanh(DoubleVector x, DoubleVector low, DoubleVector high) {
    DoubleVector y = x.blend(low, x.compare(VectorOperators.LT, low));
    return y.blend(high, y.compare(VectorOperators.GT, high));
  }

  private static DoubleVector hardtanhGradient(
      DoubleVector g, DoubleVector x, DoubleVector low, DoubleVector high) {
    VectorMask<Double> flat =
        x.compare(VectorOperators.LE, low).or(x.compare(VectorOperators.GE, high));
    return g.blend(0, flat);
  }

  private static DoubleVector hardsigmoidGradient(DoubleVector g, DoubleVector x) {
    VectorMask<Double> steep =
        x.compare(VectorOperators.GT, -3).and(x.compare(VectorOperators.LT, 3));
    return all(0).blend(g.div(6), steep);
  }

  private static DoubleVector hardswishGradient(DoubleVector g, DoubleVector x) {
    DoubleVector between = g.mul(x.div(3).add(all(0.5)));
    DoubleVector y = g.blend(between, x.compare(VectorOperators.LT, 3));
    return y.blend(0, x.compare(VectorOperators.LE, -3));
  }

  private static DoubleVector seluGradient(DoubleVector g, DoubleVector x) {
    DoubleVector below = g.mul(all(SELU_SLOPE)).mul(exp(x));
    return g.mul(all(SELU_SCALE)).blend(below, isNotPositive(x));
  }

  /** Returns {@code log(1 + exp(x))}. */
  static DoubleVector softplus(DoubleVector x) {
    DoubleVector above = x.blend(0, x.compare(VectorOperators.LT, 0));
    return above.add(exp(x.abs().neg()).lanewise(VectorOperators.LOG1P));
  }

  private static DoubleVector softplus(DoubleVector x, DoubleVector beta, DoubleVector threshold) {
    DoubleVector u = x.mul(beta);
    return softplus(u).div(beta).blend(x, u.compare(VectorOperators.GT, threshold));
  }

  private static DoubleVector softplusGradient(
      DoubleVector g, DoubleVector x, DoubleVector beta, DoubleVector threshold) {
    DoubleVector u = x.mul(beta);
    DoubleVector y = g.mul(VectorDoubleMath.sigmoid(u));
    return y.blend(g, u.compare(VectorOperators.GT, threshold));
  }

  private static DoubleVector softshrink(DoubleVector x, DoubleVector lambda) {
    DoubleVector y = x.mul(0).blend(x.sub(lambda), x.compare(VectorOperators.GT, lambda));
    return y.blend(x.add(lambda), x.compare(VectorOperators.LT, lambda.neg()));
  }

  private static DoubleVector softsignGradient(DoubleVector g, DoubleVector x) {
    DoubleVector size = x.abs().add(1);
    return g.div(size.mul(size));
  }

  private static DoubleVector tanhshrinkGradient(DoubleVector g, DoubleVector x) {
    DoubleVector t = VectorDoubleMath.tanh(x);
    return g.mul(t).mul(t);
  }

  private static DoubleVector mish(DoubleVector x) {
    DoubleVector e = exp(x.blend(all(MISH_FAR), x.compare(VectorOperators.GT, all(MISH_FAR))));
    DoubleVector n = e.mul(e.add(2));
    return x.mul(n.div(n.add(2)));
  }

  private static DoubleVector mishSlope(DoubleVector x) {
    VectorMask<Double> far = x.compare(VectorOperators.GT, all(MISH_FAR));
    DoubleVector e = exp(x.blend(all(MISH_FAR), far));
    DoubleVector n = e.mul(e.add(2));
    DoubleVector m = n.add(2);
    // One divisor after the other: their product overflows.
    DoubleVector slope = e.mul(4).div(m).mul(e.add(1).div(m)).blend(0, far);
    return n.div(m).add(x.mul(slope));
  }

  private static DoubleVector sigmoidSlope(DoubleVector x) {
    DoubleVector e = exp(x.abs().neg());
    DoubleVector d = e.add(1);
    return e.div(d.mul(d));
  }

  /** Returns the slope of {@code x sigmoid(u)} where u is a multiple of x. */
  private static DoubleVector swishSlope(DoubleVector u) {
    DoubleVector e = exp(u.abs().neg());
    DoubleVector r = all(1).div(e.add(1));
    DoubleVector below = e.mul(r);
    DoubleVector s = below.blend(r, isPositive(u));
    return u.mul(below.mul(r)).add(s);
  }

  private static DoubleVector geluTanhSlope(DoubleVector x) {
    DoubleVector square = x.mul(x);
    DoubleVector z = square.fma(all(-DoubleMath.GELU_3), all(-DoubleMath.GELU_1)).mul(x);
    DoubleVector slope = square.fma(all(-3 * DoubleMath.GELU_3), all(-DoubleMath.GELU_1));
    DoubleVector e = exp(z.abs().neg());
    DoubleVector r = all(1).div(e.add(1));
    DoubleVector below = e.mul(r);
    DoubleVector s = below.blend(r, isPositive(z));
    return x.mul(below.mul(r)).mul(slope).add(s);
  }

  private static DoubleVector geluSlope(DoubleVector x) {
    DoubleVector e = VectorDoubleMath.exp(x.mul(x).mul(all(-0.5)));
    DoubleVector below = VectorDoubleMath.normalTail(x.abs()).mul(e);
    DoubleVector above = below.blend(all(1).sub(below), isPositive(x));
    return x.mul(e).mul(all(NORMAL_DENSITY)).add(above);
  }
}
