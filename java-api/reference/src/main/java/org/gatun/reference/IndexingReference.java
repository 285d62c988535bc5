package org.gatun.reference;

import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.Combination;
import org.gatun.op.Gather;
import org.gatun.op.GatherElements;
import org.gatun.op.Indexing;
import org.gatun.op.Ints;
import org.gatun.op.MaskedSelect;
import org.gatun.op.NonZero;
import org.gatun.op.Scatter;
import org.gatun.op.ScatterElements;

/** Elements that other inputs say: for each element of a result or a source its index. */
final class IndexingReference {
  private IndexingReference() {}

  static List<NdArray> evaluate(Indexing op, List<NdArray> inputs, List<Layout> outputs) {
    Layout output = outputs.getFirst();
    NdArray x = inputs.getFirst();
    return List.of(
        switch (op) {
          case Gather gather -> gather(gather, x, inputs.subList(1, inputs.size()), output);
          case GatherElements gather -> gatherElements(gather, x, inputs.get(1), output);
          case MaskedSelect select -> select(select, x, inputs.get(1), output);
          case NonZero nonZero -> nonZero(nonZero, x, output);
          case Scatter scatter ->
              scatter(scatter, x, inputs.get(1), inputs.subList(2, inputs.size()));
          case ScatterElements scatter -> scatterElements(scatter, x, inputs.get(1), inputs.get(2));
        });
  }

  private static NdArray gather(Gather op, NdArray x, List<NdArray> indices, Layout output) {
    NdArray result = NdArray.zeros(x.dtype(), output.shape());
    check(op.name(), op.axes(), op.fromEnd(), x, indices);
    for (int i = 0; i < result.size(); i++) {
      result.values()[i] = x.get(source(result.index(i), op.axes(), op.fromEnd(), x, indices));
    }
    return result;
  }

  private static void check(
      String name, Ints axes, boolean fromEnd, NdArray x, List<NdArray> indices) {
    for (int k = 0; k < axes.size(); k++) {
      for (double index : indices.get(k).values()) {
        resolve(name, index, x.dim(axes.get(k)), fromEnd);
      }
    }
  }

  private static int resolve(String name, double index, int size, boolean fromEnd) {
    double resolved = fromEnd && index < 0 ? index + size : index;
    if (resolved < 0 || resolved >= size) {
      throw new IllegalArgumentException(
          name + ": index " + (long) index + " out of range for an axis of size " + size);
    }
    return (int) resolved;
  }

  /** The index in x of an element of what {@link Gather} gives. */
  private static int[] source(
      int[] index, Ints axes, boolean fromEnd, NdArray x, List<NdArray> indices) {
    int picked = indices.getFirst().rank();
    int first = axes.get(0);
    boolean together = axes.get(axes.size() - 1) - first == axes.size() - 1;
    int start = together ? first : 0;
    int[] which = Arrays.copyOfRange(index, start, start + picked);
    int[] own = new int[x.rank()];
    int k = 0;
    int rest = 0;
    for (int axis = 0; axis < own.length; axis++) {
      if (k < axes.size() && axes.get(k) == axis) {
        own[axis] = resolve("index", indices.get(k).get(which), x.dim(axis), fromEnd);
        k++;
      } else {
        rest += rest == start ? picked : 0;
        own[axis] = index[rest++];
      }
    }
    return own;
  }

  private static NdArray scatter(Scatter op, NdArray x, NdArray source, List<NdArray> indices) {
    check(op.name(), op.axes(), op.fromEnd(), x, indices);
    Sums sums = new Sums(x, op.combination());
    for (int i = 0; i < source.size(); i++) {
      int[] to = source(source.index(i), op.axes(), op.fromEnd(), x, indices);
      sums.combine(x.at(to), source.values()[i]);
    }
    return sums.result();
  }

  private static NdArray gatherElements(
      GatherElements op, NdArray x, NdArray indices, Layout output) {
    NdArray result = NdArray.zeros(x.dtype(), output.shape());
    for (int i = 0; i < result.size(); i++) {
      result.values()[i] = x.get(element(op.name(), op.axis(), op.fromEnd(), x, indices, i));
    }
    return result;
  }

  private static int[] element(
      String name, int axis, boolean fromEnd, NdArray x, NdArray indices, int position) {
    int[] own = indices.index(position);
    if (own.length == 0) {
      resolve(name, indices.values()[position], 1, fromEnd);
      return own;
    }
    int at = axis < 0 ? axis + own.length : axis;
    own[at] = resolve(name, indices.values()[position], x.dim(at), fromEnd);
    return own;
  }

  private static NdArray scatterElements(
      ScatterElements op, NdArray x, NdArray source, NdArray indices) {
    Sums sums = new Sums(x, op.combination());
    for (int i = 0; i < indices.size(); i++) {
      double value = source.get(indices.index(i));
      int[] to = element(op.name(), op.axis(), op.fromEnd(), x, indices, i);
      sums.combine(x.at(to), value);
    }
    return sums.result();
  }

  /** A copy of an array that others are combined into, with what its rounding errors depend on. */
  private static final class Sums {
    private final Combination combination;
    private final boolean bool;
    private final NdArray result;
    private final double[] absolute;
    private final long[] terms;

    Sums(NdArray x, Combination combination) {
      this.combination = combination;
      this.bool = x.dtype() == DType.BOOL;
      this.result = NdArray.sums(x.dtype(), x.shape());
      this.absolute = Arrays.stream(x.values()).map(Math::abs).toArray();
      this.terms = new long[x.size()];
      System.arraycopy(x.values(), 0, result.values(), 0, x.size());
    }

    void combine(int at, double value) {
      double[] values = result.values();
      switch (combination) {
        case REPLACE -> values[at] = value;
        case ADD -> values[at] = bool ? Math.max(values[at], value) : values[at] + value;
        case MULTIPLY -> values[at] *= value;
        case MAX -> values[at] = Math.max(values[at], value);
        case MIN -> values[at] = Math.min(values[at], value);
      }
      terms[at]++;
      absolute[at] =
          combination == Combination.ADD ? absolute[at] + Math.abs(value) : Math.abs(values[at]);
    }

    NdArray result() {
      for (int i = 0; i < terms.length; i++) {
        boolean rounded = combination == Combination.ADD || combination == Combination.MULTIPLY;
        result.store(i, result.values()[i], rounded ? terms[i] : 0, absolute[i]);
      }
      return result;
    }
  }

  private static NdArray select(MaskedSelect op, NdArray x, NdArray mask, Layout output) {
    NdArray result = NdArray.zeros(x.dtype(), output.shape());
    int next = 0;
    for (int i : trueAt(op.name(), mask, result.size())) {
      result.values()[next++] = x.values()[i];
    }
    return result;
  }

  private static NdArray nonZero(NonZero op, NdArray mask, Layout output) {
    NdArray result = NdArray.zeros(output.dtype(), output.shape());
    int next = 0;
    for (int i : trueAt(op.name(), mask, Math.toIntExact(op.count()))) {
      for (int index : mask.index(i)) {
        result.values()[next++] = index;
      }
    }
    return result;
  }

  private static int[] trueAt(String name, NdArray mask, int expected) {
    int[] positions =
        java.util.stream.IntStream.range(0, mask.size())
            .filter(i -> mask.values()[i] != 0)
            .toArray();
    if (positions.length != expected) {
      throw new IllegalArgumentException(
          name + ": " + positions.length + " elements of the mask are true, expected " + expected);
    }
    return positions;
  }
}
