package org.gatun.testkit.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.nn.Gradients;
import org.gatun.op.CrossEntropy;
import org.gatun.op.ElementLoss;
import org.gatun.op.Loss;
import org.gatun.op.LossFunction;
import org.gatun.op.LossReduction;
import org.gatun.op.NllLoss;
import org.jspecify.annotations.Nullable;

/** PyTorch's losses. */
final class TorchLoss {
  /** A loss with the tensors that it takes after x and the target. */
  private record Call(Loss loss, @Nullable Tensor weight, @Nullable Tensor positiveWeight) {
    Tensor[] inputs(TorchArguments a) {
      List<Tensor> inputs = new ArrayList<>(List.of(a.input(), a.tensor(1, "target")));
      if (weight != null) {
        inputs.add(weight);
      }
      if (positiveWeight != null) {
        inputs.add(positiveWeight);
      }
      return inputs.toArray(Tensor[]::new);
    }
  }

  private static final Map<String, Function<TorchArguments, Call>> LOSSES =
      Map.of(
          "nn.functional.binary_cross_entropy",
          TorchLoss::binaryCrossEntropy,
          "nn.functional.binary_cross_entropy_with_logits",
          TorchLoss::withLogits,
          "nn.functional.cross_entropy",
          TorchLoss::crossEntropy,
          "nn.functional.huber_loss",
          a -> element(LossFunction.HUBER_LOSS, a.number(3, "delta", 1), reduction(a, 2)),
          "nn.functional.kl_div",
          TorchLoss::klDiv,
          "nn.functional.l1_loss",
          a -> element(LossFunction.L1_LOSS, 0, reduction(a, 4)),
          "nn.functional.mse_loss",
          a -> element(LossFunction.MSE_LOSS, 0, reduction(a, 4)),
          "nn.functional.nll_loss",
          TorchLoss::nll,
          "nn.functional.smooth_l1_loss",
          a -> element(LossFunction.SMOOTH_L1_LOSS, a.number(5, "beta", 1), reduction(a, 4)));

  private TorchLoss() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return LOSSES.entrySet().stream()
        .map(
            entry ->
                TorchOperators.one(
                    entry.getKey(),
                    a -> {
                      Call call = entry.getValue().apply(a);
                      return TorchOperators.run(call.loss, call.inputs(a));
                    }));
  }

  /** Returns the gradients by PyTorch's names of the operators. */
  static Stream<Map.Entry<String, TorchGradients.Call>> gradients() {
    return LOSSES.entrySet().stream()
        .map(
            entry ->
                TorchGradients.all(
                    entry.getKey(), (g, a) -> gradients(entry.getValue().apply(a), g, a)));
  }

  private static List<Tensor> gradients(Call call, Tensor cotangent, TorchArguments a) {
    List<Tensor> gradients = new ArrayList<>();
    gradients.add(Gradients.loss(call.loss, cotangent, call.inputs(a)));
    if (a.tensor(1, "target").dtype().isFloating()) {
      gradients.add(Gradients.lossTarget(call.loss, cotangent, call.inputs(a)));
    }
    return gradients;
  }

  private static Call binaryCrossEntropy(TorchArguments a) {
    Tensor weight = a.optionalTensor(2, "weight");
    return new Call(
        new ElementLoss(
            LossFunction.BINARY_CROSS_ENTROPY, 0, weight != null, false, reduction(a, 5)),
        weight,
        null);
  }

  private static Call withLogits(TorchArguments a) {
    Tensor weight = a.optionalTensor(2, "weight");
    LossReduction reduction = reduction(a, 5);
    Tensor positive = a.optionalTensor(6, "pos_weight");
    return new Call(
        new ElementLoss(
            LossFunction.BINARY_CROSS_ENTROPY_WITH_LOGITS,
            0,
            weight != null,
            positive != null,
            reduction),
        weight,
        positive);
  }

  private static Call crossEntropy(TorchArguments a) {
    Tensor weight = a.optionalTensor(2, "weight");
    return new Call(
        new CrossEntropy(
            weight != null,
            a.whole(4, "ignore_index", -100),
            a.number(7, "label_smoothing", 0),
            reduction(a, 6)),
        weight,
        null);
  }

  private static Call nll(TorchArguments a) {
    Tensor weight = a.optionalTensor(2, "weight");
    return new Call(
        new NllLoss(weight != null, a.whole(4, "ignore_index", -100), reduction(a, 6)),
        weight,
        null);
  }

  private static Call klDiv(TorchArguments a) {
    boolean logs = a.flag(5, "log_target", false);
    LossFunction function = logs ? LossFunction.KL_DIV_LOG_TARGET : LossFunction.KL_DIV;
    return element(function, 0, reduction(a, 4));
  }

  private static Call element(LossFunction function, double parameter, LossReduction reduction) {
    return new Call(new ElementLoss(function, parameter, false, false, reduction), null, null);
  }

  /** PyTorch's old {@code size_average} and {@code reduce} say nothing where they are not given. */
  private static LossReduction reduction(TorchArguments a, int position) {
    String name = a.text(position, "reduction", "mean").toUpperCase(Locale.ROOT);
    return name.equals("BATCHMEAN") ? LossReduction.BATCH_MEAN : LossReduction.valueOf(name);
  }
}
