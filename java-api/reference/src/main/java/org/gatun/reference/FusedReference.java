package org.gatun.reference;

import java.util.Arrays;
import java.util.List;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Fused;

/** An operator, then its steps one after the other. */
final class FusedReference {
  private FusedReference() {}

  static List<NdArray> evaluate(Fused op, List<NdArray> inputs) {
    int next = inputs.size() - op.extraInputs();
    NdArray result = Reference.evaluate(op.base(), inputs.subList(0, next)).getFirst();
    if (!result.dtype().isFloating()) {
      result = Elements.rounded(result);
    }
    // The rounding error is the operator's, and that of what is added: an activation passes it on,
    // at most a little enlarged.
    double[] own = result.scale();
    double[] scale = own == null ? new double[result.size()] : own.clone();
    for (Fused.Step step : op.steps()) {
      result =
          switch (step) {
            case Fused.Step.Add _ -> {
              NdArray added = inputs.get(next++);
              Arrays.setAll(scale, i -> scale[i] + Math.abs(added.values()[i]));
              yield Reference.evaluate(new Binary(BinaryFunction.ADD), List.of(result, added))
                  .getFirst();
            }
            case Fused.Step.Activate(var function) -> {
              NdArray activated = Reference.evaluate(function, List.of(result)).getFirst();
              restart(scale, activated.values());
              yield activated;
            }
          };
      if (!result.dtype().isFloating()) {
        result = Elements.rounded(result); // Each step may wrap around.
      }
    }
    return List.of(new NdArray(result.dtype(), result.shape(), result.values(), scale));
  }

  /** Where an activation made a number of an infinite sum, that number is what is rounded. */
  private static void restart(double[] scale, double[] values) {
    for (int i = 0; i < scale.length; i++) {
      if (!Double.isFinite(scale[i]) && Double.isFinite(values[i])) {
        scale[i] = Math.abs(values[i]);
      }
    }
  }
}
