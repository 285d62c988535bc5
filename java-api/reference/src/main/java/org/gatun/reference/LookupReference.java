package org.gatun.reference;

import java.util.List;
import org.gatun.Layout;
import org.gatun.op.BagMode;
import org.gatun.op.EmbeddingBag;
import org.gatun.op.Lookup;
import org.gatun.op.Renorm;
import org.jspecify.annotations.Nullable;

/** Rows of tables that are looked up: bags of them, and their norms. */
final class LookupReference {
  private LookupReference() {}

  static List<NdArray> evaluate(Lookup op, List<NdArray> inputs, List<Layout> outputs) {
    return List.of(
        switch (op) {
          case EmbeddingBag bag -> bags(bag, inputs, outputs.getFirst());
          case Renorm(double p, double limit) -> renorm(p, limit, inputs.getFirst());
        });
  }

  private static NdArray bags(EmbeddingBag op, List<NdArray> inputs, Layout output) {
    NdArray table = inputs.get(0);
    NdArray indices = inputs.get(1);
    NdArray weights = op.weights() ? inputs.getLast() : null;
    NdArray result = NdArray.sums(output.dtype(), output.shape());
    int bags = result.dim(0);
    int[] bounds = new int[bags + 1];
    for (int bag = 0; bag <= bags; bag++) {
      bounds[bag] = op.offsets() ? offset(inputs.get(2), bag, indices.size()) : bag;
      if (!op.offsets()) {
        bounds[bag] *= indices.dim(1);
      }
    }
    for (int i = 0; i < indices.size(); i++) {
      if (indices.values()[i] < 0 || indices.values()[i] >= table.dim(0)) {
        throw new IllegalArgumentException(
            "embedding_bag: index "
                + (long) indices.values()[i]
                + " at position "
                + i
                + ", expected 0 or more and less than "
                + table.dim(0)
                + ", the rows of the table");
      }
    }
    for (int bag = 0; bag < bags; bag++) {
      for (int column = 0; column < table.dim(1); column++) {
        combine(op, table, indices, weights, bounds[bag], bounds[bag + 1], column, result, bag);
      }
    }
    return result;
  }

  private static int offset(NdArray offsets, int bag, int count) {
    if (bag == offsets.size()) {
      return count;
    }
    double offset = offsets.values()[bag];
    double before = bag == 0 ? 0 : offsets.values()[bag - 1];
    if (bag == 0 ? offset != 0 : offset < before || offset > count) {
      throw new IllegalArgumentException(
          "embedding_bag: offset "
              + (long) offset
              + " at position "
              + bag
              + (bag == 0 ? ", expected 0" : ", expected " + (long) before + " to " + count));
    }
    return (int) offset;
  }

  private static void combine(
      EmbeddingBag op,
      NdArray table,
      NdArray indices,
      @Nullable NdArray weights,
      int from,
      int to,
      int column,
      NdArray result,
      int bag) {
    double sum = 0;
    double absolute = 0;
    int taken = 0;
    for (int i = from; i < to; i++) {
      int row = (int) indices.values()[i];
      if (row == op.padding()) {
        continue;
      }
      double x = table.get(row, column) * (weights == null ? 1 : weights.values()[i]);
      if (op.mode() == BagMode.MAX) {
        sum = taken == 0 || x > sum ? x : sum;
      } else {
        sum += x;
        absolute += Math.abs(x);
      }
      taken++;
    }
    double divisor = op.mode() == BagMode.MEAN ? Math.max(1, taken) : 1;
    result.store(bag * table.dim(1) + column, sum / divisor, taken + 1, absolute / divisor);
  }

  private static NdArray renorm(double p, double limit, NdArray x) {
    NdArray y = NdArray.zeros(x.dtype(), x.shape());
    for (int row = 0; row < x.dim(0); row++) {
      double norm = 0;
      for (int column = 0; column < x.dim(1); column++) {
        double size = Math.abs(x.get(row, column));
        norm = Double.isInfinite(p) ? Math.max(norm, size) : norm + Math.pow(size, p);
      }
      norm = Double.isInfinite(p) ? norm : Math.pow(norm, 1 / p);
      for (int column = 0; column < x.dim(1); column++) {
        double factor = norm > limit ? limit / (norm + 1e-7) : 1;
        y.values()[y.at(row, column)] = x.get(row, column) * factor;
      }
    }
    return y;
  }
}
