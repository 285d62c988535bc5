package org.gatun.examples;

import static org.gatun.examples.Chapter.holds;
import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.show;

import java.util.OptionalDouble;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.BatchNorm2d;
import org.gatun.nn.DeepNorm;
import org.gatun.nn.DeepNormFactors;
import org.gatun.nn.DyT;
import org.gatun.nn.GroupNorm;
import org.gatun.nn.InstanceNorm2d;
import org.gatun.nn.LayerNorm;
import org.gatun.nn.Linear;
import org.gatun.nn.NormOptions;
import org.gatun.nn.RmsNorm;
import org.gatun.nn.SwitchNorm;

/**
 * The eight normalizations, each by its layer and by hand: they differ in which elements share a
 * mean and a variance.
 */
public final class Normalizations {
  private static final double EPS = 1e-5;

  private Normalizations() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      Generator generator = new Generator(7);
      Tensor images = generator.randn(DType.F32, 4, 6, 3, 5).mul(2).add(3);
      Tensor words = generator.randn(DType.F32, 2, 7, 8);
      Tensor weight = generator.randn(DType.F32, 6);
      Tensor bias = generator.randn(DType.F32, 6);
      batch(images, weight, bias);
      instance(images);
      group(images, weight, bias);
      layer(words);
      switched(images, weight, bias);
      rootMeanSquare(words);
      deep(words);
      tanh(words);
    }
  }

  /** Returns the elements with mean 0 and variance 1 over some dimensions. */
  private static Tensor normal(Tensor x, int... axes) {
    Tensor mean = x.mean(axes, true);
    Tensor variance = x.var(axes, 0, true);
    return x.sub(mean).div(variance.add(EPS).sqrt());
  }

  /** Returns the elements with a weight and a bias for each channel of images. */
  private static Tensor weighted(Tensor x, Tensor weight, Tensor bias) {
    return x.mul(weight.view(1, -1, 1, 1)).add(bias.view(1, -1, 1, 1));
  }

  private static void batch(Tensor x, Tensor weight, Tensor bias) {
    section("batch_norm: each channel, over the batch and all positions");
    Tensor mean = Tensor.zeros(DType.F32, 6);
    Tensor variance = Tensor.ones(DType.F32, 6);
    try (BatchNorm2d norm =
        new BatchNorm2d(weight.copy(), bias.copy(), mean, variance, NormOptions.BATCH)) {
      Tensor byHand = weighted(normal(x, 0, 2, 3), weight, bias);
      same("training is normal(x, 0, 2, 3) * weight + bias", norm.forward(x), byHand);
      Tensor batchMean = x.mean(0, 2, 3);
      Tensor unbiased = x.var(0, 2, 3);
      show("running_mean", mean);
      same("a tenth of the batch's mean", mean, batchMean.mul(0.1));
      same("and of its variance, divided by n - 1", variance, unbiased.mul(0.1).add(0.9));
      norm.eval();
      Tensor fixed = x.sub(mean.view(1, 6, 1, 1)).div(variance.view(1, 6, 1, 1).add(EPS).sqrt());
      same(
          "evaluation takes the running statistics",
          norm.forward(x),
          weighted(fixed, weight, bias));
      holds("one batch was counted", norm.numBatchesTracked() == 1);
      norm.train();
      refused(
          "training on one value for each channel",
          () -> norm.forward(Tensor.ones(DType.F32, 1, 6, 1, 1)));
    }
    try (BatchNorm2d norm = new BatchNorm2d(6, NormOptions.BATCH.withCumulativeAverage())) {
      norm.forward(x).close();
      norm.forward(x.add(2)).close();
      same(
          "without a momentum the running mean is that of all batches",
          norm.buffers().get("running_mean"),
          x.mean(0, 2, 3).add(1));
    }
  }

  private static void instance(Tensor x) {
    section("instance_norm: each channel of each member, over its positions");
    try (InstanceNorm2d norm = new InstanceNorm2d(6)) {
      same("normal(x, 2, 3)", norm.forward(x), normal(x, 2, 3));
    }
  }

  private static void group(Tensor x, Tensor weight, Tensor bias) {
    section("group_norm: groups of channels of each member");
    try (GroupNorm norm = new GroupNorm(2, weight.copy(), bias.copy(), EPS)) {
      Tensor byHand = normal(x.view(4, 2, 3, 3, 5), 2, 3, 4).view(4, 6, 3, 5);
      same("2 groups of 3 channels", norm.forward(x), weighted(byHand, weight, bias));
    }
    try (GroupNorm each = new GroupNorm(6, null, null, EPS);
        GroupNorm all = new GroupNorm(1, null, null, EPS)) {
      same("a group for each channel is instance_norm", each.forward(x), normal(x, 2, 3));
      same("one group of all is layer_norm of images", all.forward(x), normal(x, 1, 2, 3));
    }
  }

  private static void layer(Tensor x) {
    section("layer_norm: the last dimensions");
    try (LayerNorm norm = new LayerNorm(8);
        LayerNorm two = new LayerNorm(7, 8)) {
      same("normal(x, -1)", norm.forward(x), normal(x, -1));
      same("normal(x, -2, -1)", two.forward(x), normal(x, -2, -1));
      refused("another last dimension", () -> norm.forward(Tensor.ones(DType.F32, 2, 7)));
    }
  }

  private static void switched(Tensor x, Tensor weight, Tensor bias) {
    section("switch_norm: a learned mixture of instance, layer and batch");
    Tensor forMeans = Tensor.of(new float[] {1, 0, -1});
    Tensor forVariances = Tensor.of(new float[] {0, 0.5f, 1});
    SwitchNorm.Mixture mixture = new SwitchNorm.Mixture(forMeans.copy(), forVariances.copy());
    Tensor runningMean = Tensor.zeros(DType.F32, 6);
    Tensor runningVar = Tensor.ones(DType.F32, 6);
    try (SwitchNorm norm =
        new SwitchNorm(
            weight.copy(), bias.copy(), runningMean, runningVar, mixture, NormOptions.BATCH)) {
      Tensor means =
          mixed(
              show("shares of the means", forMeans.softmax(0)),
              x.mean(new int[] {2, 3}, true),
              x.mean(new int[] {1, 2, 3}, true),
              x.mean(new int[] {0, 2, 3}, true));
      Tensor variances =
          mixed(
              forVariances.softmax(0),
              x.var(new int[] {2, 3}, 0, true),
              x.var(new int[] {1, 2, 3}, 0, true),
              x.var(new int[] {0, 2, 3}, 0, true));
      Tensor byHand = x.sub(means).div(variances.add(EPS).sqrt());
      same("training", norm.forward(x), weighted(byHand, weight, bias));
      same("the batch's statistics run along", runningMean, x.mean(0, 2, 3).mul(0.1));
      norm.eval();
      holds(
          "evaluation gives something else",
          norm.forward(x).get(0, 0, 0, 0) != byHand.get(0, 0, 0, 0));
    }
  }

  private static Tensor mixed(Tensor shares, Tensor instance, Tensor layer, Tensor batch) {
    return instance.mul(shares.get(0)).add(layer.mul(shares.get(1))).add(batch.mul(shares.get(2)));
  }

  private static void rootMeanSquare(Tensor x) {
    section("rms_norm: no mean is taken away");
    try (RmsNorm norm = new RmsNorm(new long[] {8}, null, OptionalDouble.of(EPS));
        RmsNorm exact = new RmsNorm(8)) {
      Tensor square = x.mul(x).mean(new int[] {-1}, true);
      same("x / sqrt(mean(x^2) + eps)", norm.forward(x), x.div(square.add(EPS).sqrt()));
      same("without eps it is the dtype's", exact.forward(x), x.div(square.sqrt()));
    }
  }

  private static void deep(Tensor x) {
    section("deep_norm: layer_norm of alpha * x + layer(x)");
    DeepNormFactors factors = DeepNormFactors.of(18);
    holds("18 layers have alpha = 36^(1/4)", Math.abs(factors.alpha() - Math.sqrt(6)) < 1e-12);
    Linear feedForward = new Linear(8, 8, 1);
    try (DeepNorm norm = new DeepNorm(feedForward, factors.alpha(), 8)) {
      Tensor sum = x.mul(factors.alpha()).add(feedForward.forward(x));
      same("normal(alpha * x + layer(x), -1)", norm.forward(x), normal(sum, -1));
    }
  }

  private static void tanh(Tensor x) {
    section("dyt: a tanh in place of statistics");
    try (DyT norm = new DyT(8, 0.7)) {
      same("tanh(alpha * x) * weight + bias", norm.forward(x), x.mul(0.7).tanh());
    }
  }
}
