package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.Activations;
import org.gatun.nn.Functional;
import org.gatun.nn.Gradients;
import org.gatun.nn.Losses;
import org.gatun.op.LossReduction;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Gradients against differences of the functions at points close by, in f64. */
class GradientsTest {
  private static final double STEP = 1e-5;

  /** The difference is exact to the square of the step and to the rounding error over the step. */
  private static final double TOLERANCE = 1e-8;

  /**
   * A function and its gradient.
   *
   * @param gradient of the cotangent and x
   */
  private record Differentiable(
      String name, UnaryOperator<Tensor> function, BinaryOperator<Tensor> gradient, Tensor x) {}

  @TestFactory
  Stream<DynamicTest> gradientsAreDifferences() {
    return all().stream()
        .map(f -> DynamicTest.dynamicTest(f.name, () -> Engines.NATIVE.with(() -> check(f))));
  }

  private static Tensor uniform(long seed, double low, double high, long... shape) {
    long size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    Random random = new Random(seed);
    return Tensor.of(random.doubles(size).map(u -> low + (high - low) * u).toArray(), shape);
  }

  /** Numbers on both sides of 0, none of them near a kink. */
  private static Tensor points() {
    return Tensor.of(
        new double[] {
          -9.3, -3.7, -2.9, -1.3, -0.6, -0.3, -0.07, 0.04, 0.2, 0.7, 1.4, 2.8, 3.3, 6.2
        },
        7,
        2);
  }

  private static Differentiable of(
      String name, UnaryOperator<Tensor> function, BinaryOperator<Tensor> gradient) {
    return new Differentiable(name, function, gradient, points());
  }

  private static List<Differentiable> all() {
    List<Differentiable> all = new ArrayList<>();
    activations(all);
    gates(all);
    probabilities(all);
    losses(all);
    return all;
  }

  private static void activations(List<Differentiable> all) {
    all.add(of("celu", x -> Activations.celu(x, 1.5), (g, x) -> Gradients.celu(g, x, 1.5)));
    all.add(of("elu", x -> Activations.elu(x, 0.7), (g, x) -> Gradients.elu(g, x, 0.7)));
    all.add(of("gelu", Functional::gelu, Gradients::gelu));
    all.add(of("gelu sigmoid", Activations::geluSigmoid, Gradients::geluSigmoid));
    all.add(of("gelu tanh", Functional::geluTanh, Gradients::geluTanh));
    all.add(
        of(
            "hardshrink",
            x -> Activations.hardshrink(x, 0.5),
            (g, x) -> Gradients.hardshrink(g, x, 0.5)));
    all.add(of("hardsigmoid", Activations::hardsigmoid, Gradients::hardsigmoid));
    all.add(of("hardswish", Activations::hardswish, Gradients::hardswish));
    all.add(
        of(
            "hardtanh",
            x -> Activations.hardtanh(x, -2, 1),
            (g, x) -> Gradients.hardtanh(g, x, -2, 1)));
    all.add(
        of(
            "leaky relu",
            x -> Activations.leakyRelu(x, 0.1),
            (g, x) -> Gradients.leakyRelu(g, x, 0.1)));
    all.add(of("logsigmoid", Activations::logSigmoid, Gradients::logSigmoid));
    all.add(of("mish", Activations::mish, Gradients::mish));
    all.add(of("relu", Functional::relu, Gradients::relu));
    all.add(of("relu6", Activations::relu6, Gradients::relu6));
    all.add(of("selu", Activations::selu, Gradients::selu));
    all.add(of("sigmoid", Functional::sigmoid, Gradients::sigmoid));
    all.add(of("silu", Functional::silu, Gradients::silu));
    all.add(
        of(
            "softplus",
            x -> Activations.softplus(x, 2, 8),
            (g, x) -> Gradients.softplus(g, x, 2, 8)));
    all.add(
        of(
            "softshrink",
            x -> Activations.softshrink(x, 0.5),
            (g, x) -> Gradients.softshrink(g, x, 0.5)));
    all.add(of("softsign", Activations::softsign, Gradients::softsign));
    all.add(of("tanh", Functional::tanh, Gradients::tanh));
    all.add(of("tanhshrink", Activations::tanhshrink, Gradients::tanhshrink));
    all.add(
        of(
            "threshold",
            x -> Activations.threshold(x, 0.1, 5),
            (g, x) -> Gradients.threshold(g, x, 0.1)));
  }

  private static void gates(List<Differentiable> all) {
    all.add(of("crelu", x -> Activations.crelu(x, -1), (g, x) -> Gradients.crelu(g, x, -1)));
    all.add(of("glu", x -> Activations.glu(x, 1), (g, x) -> Gradients.glu(g, x, 1)));
    all.add(of("swiglu", x -> Activations.swiglu(x, 1), (g, x) -> Gradients.swiglu(g, x, 1)));
    Tensor weight = Tensor.of(new double[] {0.3, -0.2});
    all.add(
        of("prelu", x -> Activations.prelu(x, weight), (g, x) -> Gradients.prelu(g, x, weight)));
    all.add(
        new Differentiable(
            "prelu in its weights",
            w -> Activations.prelu(points(), w),
            (g, w) -> Gradients.preluWeight(g, points(), w),
            weight));
    all.add(
        new Differentiable(
            "prelu in its weight",
            w -> Activations.prelu(points(), w),
            (g, w) -> Gradients.preluWeight(g, points(), w),
            Tensor.of(new double[] {0.3})));
    Tensor slopes = uniform(5, 0.1, 0.4, 7, 2);
    all.add(
        of("rrelu", x -> Activations.rrelu(x, slopes), (g, x) -> Gradients.rrelu(g, x, slopes)));
    Tensor beta = Tensor.of(new double[] {1.3});
    all.add(of("swish", x -> Activations.swish(x, beta), (g, x) -> Gradients.swish(g, x, beta)));
    all.add(
        new Differentiable(
            "swish in beta",
            b -> Activations.swish(points(), b),
            (g, b) -> Gradients.swishBeta(g, points(), b),
            beta));
  }

  private static void probabilities(List<Differentiable> all) {
    for (int axis = 0; axis < 2; axis++) {
      int along = axis;
      all.add(
          of(
              "softmax " + axis,
              x -> x.softmax(along),
              (g, x) -> Gradients.softmax(g, x.softmax(along), along)));
      all.add(
          of(
              "log softmax " + axis,
              x -> x.logSoftmax(along),
              (g, x) -> Gradients.logSoftmax(g, x.logSoftmax(along), along)));
      all.add(
          of(
              "softmin " + axis,
              x -> Functional.softmin(x, along),
              (g, x) -> Gradients.softmin(g, Functional.softmin(x, along), along)));
    }
  }

  private static void losses(List<Differentiable> all) {
    Tensor target = uniform(7, 0.05, 0.95, 7, 2);
    Tensor classes = Tensor.of(new long[] {0, 1, 1, 0, 1, 0, 1});
    Tensor weight = Tensor.of(new double[] {0.5, 2});
    Tensor row = uniform(8, -1, 1, 2);
    for (LossReduction r : LossReduction.values()) {
      all.add(
          new Differentiable(
              "mse of a row for all " + r,
              x -> Losses.mseLoss(x, target, r),
              (g, x) -> Gradients.mseLoss(g, x, target, r),
              row));
      all.add(
          of(
              "mse " + r,
              x -> Losses.mseLoss(x, target, r),
              (g, x) -> Gradients.mseLoss(g, x, target, r)));
      all.add(
          of(
              "l1 " + r,
              x -> Losses.l1Loss(x, target, r),
              (g, x) -> Gradients.l1Loss(g, x, target, r)));
      all.add(
          of(
              "smooth l1 " + r,
              x -> Losses.smoothL1Loss(x, target, 0.8, r),
              (g, x) -> Gradients.smoothL1Loss(g, x, target, 0.8, r)));
      all.add(
          of(
              "huber " + r,
              x -> Losses.huberLoss(x, target, 1.2, r),
              (g, x) -> Gradients.huberLoss(g, x, target, 1.2, r)));
      all.add(
          of(
              "kl div " + r,
              x -> Losses.klDiv(x, target, false, r),
              (g, x) -> Gradients.klDiv(g, x, target, false, r)));
      all.add(
          of(
              "kl div of logarithms " + r,
              x -> Losses.klDiv(x, target, true, r),
              (g, x) -> Gradients.klDiv(g, x, target, true, r)));
      all.add(
          of(
              "bce with logits " + r,
              x -> Losses.binaryCrossEntropyWithLogits(x, target, weight, weight, r),
              (g, x) -> Gradients.binaryCrossEntropyWithLogits(g, x, target, weight, weight, r)));
      all.add(
          new Differentiable(
              "bce " + r,
              x -> Losses.binaryCrossEntropy(x, target, weight, r),
              (g, x) -> Gradients.binaryCrossEntropy(g, x, target, weight, r),
              uniform(9, 0.1, 0.9, 7, 2)));
      all.add(
          of(
              "cross entropy " + r,
              x -> Losses.crossEntropy(x, classes, weight, Losses.NO_CLASS, 0.1, r),
              (g, x) -> Gradients.crossEntropy(g, x, classes, weight, Losses.NO_CLASS, 0.1, r)));
      all.add(
          of(
              "cross entropy of probabilities " + r,
              x -> Losses.crossEntropy(x, target, weight, Losses.NO_CLASS, 0.1, r),
              (g, x) -> Gradients.crossEntropy(g, x, target, weight, Losses.NO_CLASS, 0.1, r)));
      all.add(
          of(
              "nll " + r,
              x -> Losses.nllLoss(x, classes, weight, 0, r),
              (g, x) -> Gradients.nllLoss(g, x, classes, weight, 0, r)));
    }
  }

  private static boolean check(Differentiable f) {
    try (Scope scope = Scope.open()) {
      double[] x = f.x.toDoubleArray();
      Tensor result = f.function.apply(f.x);
      Tensor cotangent = uniform(3, -1, 1, result.shape().dims());
      Tensor gradient = f.gradient.apply(cotangent, f.x);
      assertEquals(f.x.shape(), gradient.shape());
      assertEquals(DType.F64, gradient.dtype());
      double[] actual = gradient.toDoubleArray();
      for (int i = 0; i < x.length; i++) {
        double above = weighted(f, x, i, STEP, cotangent);
        double below = weighted(f, x, i, -STEP, cotangent);
        double expected = (above - below) / (2 * STEP);
        double allowed = TOLERANCE * Math.max(1, Math.abs(expected));
        assertEquals(expected, actual[i], allowed, f.name + " at " + x[i]);
      }
    }
    return true;
  }

  /** The sum of the results near x, each times an element of the cotangent. */
  private static double weighted(
      Differentiable f, double[] x, int at, double step, Tensor cotangent) {
    double[] moved = x.clone();
    moved[at] += step;
    double[] results = f.function.apply(Tensor.of(moved, f.x.shape().dims())).toDoubleArray();
    double[] weights = cotangent.toDoubleArray();
    double sum = 0;
    for (int i = 0; i < results.length; i++) {
      sum += weights[i] * results[i];
    }
    return sum;
  }
}
