package org.gatun.reference;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AveragePool;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.MaxPool;
import org.gatun.op.Pooling;

/** Pooling: each window gone through element by element. */
final class PoolingReference {
  private PoolingReference() {}

  /** The elements of one window along one dimension, and what they count for in a mean. */
  private record Span(int start, int elements, int step, int counted) {}

  /** Where a window lies along a spatial dimension. */
  @FunctionalInterface
  private interface Windows {
    Span span(int dimension, int window);
  }

  static List<NdArray> evaluate(Pooling op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray x = inputs.getFirst();
    Layout y = outputs.getFirst();
    return switch (op) {
      case AdaptiveAveragePool a -> {
        int dims = a.outputSize().size();
        yield List.of(mean(x, y, dims, 0, adaptive(x, y, dims)));
      }
      case AveragePool a -> List.of(average(a, x, y));
      case GlobalAveragePool _ ->
          List.of(mean(x, y, x.rank() - 2, 0, adaptive(x, y, x.rank() - 2)));
      case GlobalMaxPool _ -> max(x, y, x.rank() - 2, adaptive(x, y, x.rank() - 2)).subList(0, 1);
      case MaxPool m -> {
        int dims = m.kernel().size();
        Windows windows =
            (dim, window) -> {
              int start = window * m.stride().get(dim) - m.padding().get(dim);
              return new Span(start, m.kernel().get(dim), m.dilation().get(dim), 0);
            };
        yield max(x, y, dims, windows).subList(0, m.indices() ? 2 : 1);
      }
    };
  }

  private static NdArray average(AveragePool op, NdArray x, Layout y) {
    int dims = op.kernel().size();
    boolean both = op.padding().size() == dims;
    Windows windows =
        (dim, window) -> {
          int size = x.dim(dim - dims);
          int after = op.padding().get(both ? dim : dims + dim);
          int start = window * op.stride().get(dim) - op.padding().get(dim);
          int end = Math.min(start + op.kernel().get(dim), size + after);
          int inside = Math.min(end, size) - Math.max(start, 0);
          int counted = op.countIncludePad() ? end - start : inside;
          return new Span(start, op.kernel().get(dim), 1, counted);
        };
    return mean(x, y, dims, op.divisorOverride(), windows);
  }

  private static Windows adaptive(NdArray x, Layout y, int dims) {
    return (dim, window) -> {
      double size = x.dim(dim - dims);
      double windows = y.dim(dim - dims);
      int start = (int) Math.floor(window * size / windows);
      int end = (int) Math.ceil((window + 1) * size / windows);
      return new Span(start, end - start, 1, end - start);
    };
  }

  private static NdArray mean(NdArray x, Layout y, int dims, int divisor, Windows windows) {
    NdArray result = NdArray.sums(y.dtype(), y.shape());
    for (int position = 0; position < result.size(); position++) {
      int[] index = result.index(position);
      double sum = 0;
      double absolute = 0;
      int terms = 0;
      for (int at : elements(x, index, dims, windows)) {
        sum += x.values()[at];
        absolute += Math.abs(x.values()[at]);
        terms++;
      }
      double by = divisor;
      if (divisor == 0) {
        by = 1;
        for (int dim = 0; dim < dims; dim++) {
          by *= windows.span(dim, index[index.length - dims + dim]).counted();
        }
      }
      result.store(position, sum / by, terms, absolute / Math.abs(by));
    }
    return result;
  }

  private static List<NdArray> max(NdArray x, Layout y, int dims, Windows windows) {
    NdArray result = NdArray.zeros(y.dtype(), y.shape());
    NdArray indices = NdArray.zeros(DType.I64, y.shape());
    int plane = 1;
    for (int dim = 0; dim < dims; dim++) {
      plane *= x.dim(dim - dims);
    }
    for (int position = 0; position < result.size(); position++) {
      double max = Double.NEGATIVE_INFINITY;
      int found = -1;
      for (int at : elements(x, result.index(position), dims, windows)) {
        double value = x.values()[at];
        if (found < 0 || value > max || Double.isNaN(value)) {
          max = value;
          found = at % plane;
        }
      }
      result.values()[position] = max;
      indices.values()[position] = found;
    }
    return List.of(result, indices);
  }

  /**
   * Returns the positions of the elements of a window that are in the input, in row-major order.
   */
  private static int[] elements(NdArray x, int[] index, int dims, Windows windows) {
    int[] positions = {0};
    for (int axis = 0; axis < index.length; axis++) {
      int dim = axis - index.length + dims;
      Span span = dim < 0 ? new Span(index[axis], 1, 1, 1) : windows.span(dim, index[axis]);
      int[] longer = new int[positions.length * span.elements()];
      int count = 0;
      for (int outer : positions) {
        for (int i = 0; i < span.elements(); i++) {
          int at = span.start() + i * span.step();
          if (at >= 0 && at < x.dim(axis)) {
            longer[count++] = outer * x.dim(axis) + at;
          }
        }
      }
      positions = java.util.Arrays.copyOf(longer, count);
    }
    return positions;
  }
}
