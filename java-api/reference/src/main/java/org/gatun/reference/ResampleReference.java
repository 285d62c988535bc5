package org.gatun.reference;

import java.util.List;
import org.gatun.Layout;
import org.gatun.op.Resample;

/** Resampling by weights: each element of the result as the sum over all combinations of taps. */
final class ResampleReference {
  private ResampleReference() {}

  static List<NdArray> evaluate(Resample op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray x = inputs.getFirst();
    NdArray y = NdArray.sums(outputs.getFirst().dtype(), outputs.getFirst().shape());
    int combinations = 1;
    for (Resample.Taps taps : op.dimensions()) {
      combinations *= taps.count();
    }
    for (int position = 0; position < y.size(); position++) {
      int[] index = y.index(position);
      double sum = 0;
      double absolute = 0;
      for (int combination = 0; combination < combinations; combination++) {
        int from = index[0] * x.dim(1) + index[1];
        double weight = 1;
        int rest = combination;
        for (int i = 0; i < op.dimensions().size(); i++) {
          Resample.Taps taps = op.dimensions().get(i);
          int tap = index[2 + i] * taps.count() + rest % taps.count();
          rest /= taps.count();
          from = from * x.dim(2 + i) + taps.indices().get(tap);
          weight *= taps.weights().get(tap);
        }
        double term = op.moves() ? x.values()[from] : weight * x.values()[from];
        sum += term;
        absolute += Math.abs(term);
      }
      y.store(position, sum, combinations, absolute);
    }
    return List.of(y);
  }
}
