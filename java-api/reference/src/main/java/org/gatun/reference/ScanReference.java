package org.gatun.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.Scan;

/** Each element and those before it, line by line. */
final class ScanReference {
  private ScanReference() {}

  static List<NdArray> evaluate(Scan op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray input = inputs.getFirst();
    Lines lines = new Lines(input, op.axis());
    NdArray result = NdArray.sums(outputs.getFirst().dtype(), input.shape());
    NdArray indices = NdArray.zeros(DType.I64, input.shape());
    for (int line = 0; line < lines.count(); line++) {
      switch (op.function()) {
        case CUMSUM -> sums(lines, line, result);
        case CUMPROD -> products(lines, line, result);
        case CUMMAX -> extrema(lines, line, 1, result, indices);
        case CUMMIN -> extrema(lines, line, -1, result, indices);
        case LOGCUMSUMEXP -> logSums(lines, line, result);
      }
    }
    List<NdArray> results = new ArrayList<>(List.of(result));
    if (op.function().hasIndices()) {
      results.add(indices);
    }
    return results;
  }

  /** What rounding takes is kept beside the sum, so that this is more exact than any kernel. */
  private static void sums(Lines lines, int line, NdArray result) {
    double[] x = lines.get(line);
    double sum = 0;
    double lost = 0;
    double absolute = 0;
    for (int i = 0; i < x.length; i++) {
      double next = sum + x[i];
      if (Double.isFinite(next)) {
        lost += Math.abs(sum) >= Math.abs(x[i]) ? sum - next + x[i] : x[i] - next + sum;
      } else {
        lost = 0;
      }
      sum = next;
      absolute += Math.abs(x[i]);
      result.store(lines.at(line, i), sum + lost, i + 1, absolute);
    }
  }

  private static void products(Lines lines, int line, NdArray result) {
    double[] x = lines.get(line);
    double product = 1;
    for (int i = 0; i < x.length; i++) {
      product *= x[i];
      // Equal factors are all rounded the same way; and without a factor it is another number.
      long factors = i + 1L;
      result.store(lines.at(line, i), product, factors * factors, Math.abs(product));
    }
  }

  private static void extrema(Lines lines, int line, int sign, NdArray result, NdArray indices) {
    double[] x = lines.get(line);
    int best = 0;
    for (int i = 0; i < x.length; i++) {
      boolean beyond = sign * x[i] >= sign * x[best] && !Double.isNaN(x[best]);
      if (beyond || Double.isNaN(x[i])) {
        best = i;
      }
      result.values()[lines.at(line, i)] = x[best];
      indices.values()[lines.at(line, i)] = best;
    }
  }

  private static void logSums(Lines lines, int line, NdArray result) {
    double[] x = lines.get(line);
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < x.length; i++) {
      max = Math.max(max, x[i]);
      double largest = max;
      double sum =
          ReductionReference.sum(
              Arrays.stream(x, 0, i + 1).map(y -> Math.exp(y - largest)).boxed().toList());
      double value = Double.isInfinite(max) ? max : max + Math.log(sum);
      result.store(lines.at(line, i), value, i + 1, 1);
    }
  }
}
