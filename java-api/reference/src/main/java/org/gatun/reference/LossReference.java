package org.gatun.reference;

import java.util.List;
import org.gatun.Layout;
import org.gatun.op.CrossEntropy;
import org.gatun.op.ElementLoss;
import org.gatun.op.Loss;
import org.gatun.op.LossGradient;
import org.gatun.op.LossReduction;
import org.gatun.op.NllLoss;

/** Losses, one by one and then reduced, and their gradients. */
final class LossReference {
  private LossReference() {}

  static List<NdArray> evaluate(Loss op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray result = NdArray.sums(outputs.getFirst().dtype(), outputs.getFirst().shape());
    Losses losses =
        switch (op) {
          case CrossEntropy loss -> ClassLossReference.losses(loss, inputs);
          case ElementLoss loss -> ElementLossReference.losses(loss, inputs);
          case NllLoss loss -> ClassLossReference.losses(loss, inputs);
        };
    losses.reduce(op.reduction(), result);
    return List.of(result);
  }

  static List<NdArray> evaluate(LossGradient op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray result = NdArray.sums(outputs.getFirst().dtype(), outputs.getFirst().shape());
    NdArray cotangent = inputs.getFirst();
    List<NdArray> of = inputs.subList(1, inputs.size());
    switch (op.loss()) {
      case CrossEntropy loss ->
          ClassLossReference.gradient(loss, op.ofTarget(), cotangent, of, result);
      case ElementLoss loss ->
          ElementLossReference.gradient(loss, op.ofTarget(), cotangent, of, result);
      case NllLoss loss -> ClassLossReference.gradient(loss, cotangent, of, result);
    }
    return List.of(result);
  }

  /**
   * The single losses.
   *
   * @param values the losses
   * @param absolute for each the sum of the absolute values that it is made of
   * @param terms how many these are
   * @param weights what their mean is divided by
   * @param batch what their mean over the batch is divided by
   */
  record Losses(double[] values, double[] absolute, int terms, double weights, int batch) {
    private void reduce(LossReduction reduction, NdArray result) {
      if (reduction == LossReduction.NONE) {
        for (int i = 0; i < values.length; i++) {
          result.store(i, values[i], terms, absolute[i]);
        }
        return;
      }
      CompensatedSum sum = new CompensatedSum();
      CompensatedSum size = new CompensatedSum();
      for (int i = 0; i < values.length; i++) {
        sum.add(values[i]);
        size.add(absolute[i]);
      }
      double divisor = divisor(reduction, weights, batch);
      result.store(0, sum.value() / divisor, terms, size.value() / Math.abs(divisor));
    }
  }

  /** Returns what the sum of the losses is divided by. */
  static double divisor(LossReduction reduction, double weights, int batch) {
    return switch (reduction) {
      case NONE, SUM -> 1;
      case MEAN -> weights;
      case BATCH_MEAN -> batch;
    };
  }
}
