package org.gatun.kernel.java;

import static org.gatun.kernel.java.VectorExpression.four;
import static org.gatun.kernel.java.VectorExpression.one;
import static org.gatun.kernel.java.VectorExpression.three;
import static org.gatun.kernel.java.VectorExpression.two;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.gatun.op.ActivationFunction;
import org.gatun.op.GradientFunction;
import org.jspecify.annotations.Nullable;

/**
 * Activations and their gradients of many {@code double}s at a time; null where they need a
 * function that {@link LibraryFunctions} tells of, and floats have an expression of their own.
 */
final class VectorDoubleActivations {
  private VectorDoubleActivations() {}

  static @Nullable VectorExpression<DoubleVector, ?> of(ActivationFunction function) {
    return switch (function) {
      case HARDSHRINK -> two((x, lambda) -> x.blend(0, isWithin(x, lambda)));
      case HARDSIGMOID -> one(x -> hardtanh(x.add(3), all(0), all(6)).div(6));
      case HARDSIGMOID_SCALED -> three(VectorDoubleActivations::hardsigmoid);
      case HARDSWISH -> one(x -> hardtanh(x.add(3), all(0), all(6)).mul(x).div(6));
      case HARDTANH -> three(VectorDoubleActivations::hardtanh);
      case LEAKY_RELU, PRELU -> two((x, slope) -> x.mul(slope).blend(x, isPositive(x)));
      case RELU6 -> one(x -> hardtanh(x, all(0), all(6)));
      case SOFTSHRINK -> two(VectorDoubleActivations::softshrink);
      case SOFTSIGN -> one(x -> x.div(x.abs().add(1)));
      case THRESHOLD ->
          three((x, threshold, value) -> x.blend(value, x.compare(VectorOperators.LE, threshold)));
      case CELU,
          ELU,
          GELU_SIGMOID,
          GLU,
          LOGSIGMOID,
          MISH,
          SELU,
          SOFTPLUS,
          SWIGLU,
          SWISH,
          TANHSHRINK ->
          null;
    };
  }

  static @Nullable VectorExpression<DoubleVector, ?> of(GradientFunction function) {
    return switch (function) {
      case HARDSHRINK, SOFTSHRINK -> three((g, x, lambda) -> g.blend(0, isWithin(x, lambda)));
      case HARDSIGMOID -> two(VectorDoubleActivations::hardsigmoidGradient);
      case HARDSWISH -> two(VectorDoubleActivations::hardswishGradient);
      case HARDTANH -> four(VectorDoubleActivations::hardtanhGradient);
      case LEAKY_RELU, PRELU -> three((g, x, slope) -> g.mul(slope).blend(g, isPositive(x)));
      case PRELU_WEIGHT -> two((g, x) -> g.mul(x).blend(0, isPositive(x)));
      case RELU -> two((g, x) -> g.blend(0, isNotPositive(x)));
      case RELU6 -> two((g, x) -> hardtanhGradient(g, x, all(0), all(6)));
      case SOFTSIGN -> two(VectorDoubleActivations::softsignGradient);
      case TANHSHRINK -> two(VectorDoubleActivations::tanhshrinkGradient);
      case THRESHOLD ->
          three((g, x, threshold) -> g.blend(0, x.compare(VectorOperators.LE, threshold)));
      case CELU,
          ELU,
          GELU,
          GELU_SIGMOID,
          GELU_TANH,
          GLU_GATE,
          LOGSIGMOID,
          MISH,
          SELU,
          SIGMOID,
          SILU,
          SOFTPLUS,
          SWIGLU_GATE,
          SWISH,
          SWISH_BETA,
          TANH ->
          null;
    };
  }

  static DoubleVector all(double value) {
    return DoubleVector.broadcast(VectorDoubleMath.DOUBLES, value);
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

  private static DoubleVector softshrink(DoubleVector x, DoubleVector lambda) {
    DoubleVector y = x.mul(0).blend(x.sub(lambda), x.compare(VectorOperators.GT, lambda));
    return y.blend(x.add(lambda), x.compare(VectorOperators.LT, lambda.neg()));
  }

  private static DoubleVector softsignGradient(DoubleVector g, DoubleVector x) {
    DoubleVector size = x.abs().add(1);
    return g.div(size.mul(size));
  }

  private static DoubleVector tanhshrinkGradient(DoubleVector g, DoubleVector x) {
    DoubleVector t = x.lanewise(VectorOperators.TANH);
    return g.mul(t).mul(t);
  }
}
