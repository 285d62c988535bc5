package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import org.gatun.Tensor;
import org.gatun.nn.Losses;
import org.gatun.op.LossReduction;
import org.jspecify.annotations.Nullable;

/** How far scores are from the classes that were to be found. */
final class LossFamily {
  /** No class and no target: nothing is ignored. */
  private static final long NONE = Long.MIN_VALUE;

  private LossFamily() {}

  static void register(Registry onnx) {
    onnx.add(
        "NegativeLogLikelihoodLoss",
        12,
        c -> Losses.nllLoss(c.tensor(0), c.tensor(1), c.optional(2), ignored(c), reduction(c)));
    onnx.addAll("SoftmaxCrossEntropyLoss", 12, LossFamily::softmaxCrossEntropy);
  }

  private static long ignored(Call call) {
    return call.integer("ignore_index", NONE);
  }

  private static LossReduction reduction(Call call) {
    return switch (call.text("reduction", "mean")) {
      case "mean" -> LossReduction.MEAN;
      case "sum" -> LossReduction.SUM;
      case "none" -> LossReduction.NONE;
      case String other ->
          throw call.failure("attribute reduction is '" + other + "', expected mean, sum or none");
    };
  }

  private static List<@Nullable Tensor> softmaxCrossEntropy(Call call) {
    Tensor x = call.tensor(0);
    Tensor target = call.tensor(1);
    Tensor weights = call.optional(2);
    if (!call.wants(1)) {
      return Arrays.asList(
          Losses.crossEntropy(x, target, weights, ignored(call), 0, reduction(call)), null);
    }
    Tensor logarithms = x.logSoftmax(1);
    return Arrays.asList(
        Losses.nllLoss(logarithms, target, weights, ignored(call), reduction(call)), logarithms);
  }
}
