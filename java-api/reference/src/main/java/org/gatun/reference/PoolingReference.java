package org.gatun.reference;

import java.util.List;
import java.util.stream.LongStream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AdaptiveMaxPool;
import org.gatun.op.AveragePool;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.LpPool;
import org.gatun.op.MaxPool;
import org.gatun.op.MaxUnpool;
import org.gatun.op.Pooling;

/** Pooling: each window gone through element by element. */
final class PoolingReference {
  private PoolingReference() {}

  /** The elements of one window along one dimension, and what they count for in a mean. */
  private record Span(long start, int elements, int step, long counted) {
    /** Returns those of its positions that lie in an input of this size. */
    int[] inside(int size) {
      long first = start < 0 ? Math.ceilDiv(-start, step) : 0;
      long end = Math.clamp(Math.ceilDiv(size - start, step), first, Math.max(first, elements));
      return LongStream.range(first, end).mapToInt(i -> (int) (start + i * step)).toArray();
    }
  }

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
      case AdaptiveMaxPool a -> {
        int dims = a.outputSize().size();
        yield max(x, y, dims, adaptive(x, y, dims)).subList(0, a.indices() ? 2 : 1);
      }
      case AveragePool a -> List.of(average(a, x, y));
      case GlobalAveragePool _ ->
          List.of(mean(x, y, x.rank() - 2, 0, adaptive(x, y, x.rank() - 2)));
      case GlobalMaxPool _ -> max(x, y, x.rank() - 2, adaptive(x, y, x.rank() - 2)).subList(0, 1);
      case LpPool l -> List.of(norm(l, x, y));
      case MaxPool m -> {
        int dims = m.kernel().size();
        Windows windows =
            (dim, window) -> {
              long start = (long) window * m.stride().get(dim) - m.padding().get(dim);
              return new Span(start, m.kernel().get(dim), m.dilation().get(dim), 0);
            };
        yield max(x, y, dims, windows).subList(0, m.indices() ? 2 : 1);
      }
      case MaxUnpool m -> List.of(unpool(m, x, inputs.get(1), y));
    };
  }

  private static NdArray average(AveragePool op, NdArray x, Layout y) {
    int dims = op.kernel().size();
    boolean both = op.padding().size() == dims;
    Windows windows =
        (dim, window) -> {
          int size = x.dim(dim - dims);
          int after = op.padding().get(both ? dim : dims + dim);
          long start = (long) window * op.stride().get(dim) - op.padding().get(dim);
          long end = Math.min(start + op.kernel().get(dim), (long) size + after);
          long inside = Math.min(end, size) - Math.max(start, 0);
          long counted = op.countIncludePad() ? end - start : inside;
          return new Span(start, op.kernel().get(dim), 1, counted);
        };
    return mean(x, y, dims, op.divisorOverride(), windows);
  }

  private static NdArray norm(LpPool op, NdArray x, Layout y) {
    int dims = op.kernel().size();
    Windows windows =
        (dim, window) -> {
          long start = (long) window * op.stride().get(dim);
          return new Span(start, op.kernel().get(dim), 1, 0);
        };
    double whole = 1;
    for (int dim = 0; dim < dims; dim++) {
      whole *= op.kernel().get(dim);
    }
    NdArray result = NdArray.sums(y.dtype(), y.shape());
    for (int position = 0; position < result.size(); position++) {
      int[] inside = elements(x, result.index(position), dims, windows);
      double sum = 0;
      double absolute = 0;
      for (int at : inside) {
        sum += Math.pow(x.values()[at], op.norm());
        absolute += Math.pow(Math.abs(x.values()[at]), op.norm());
      }
      double norm = Math.pow(sum / inside.length * whole, 1 / op.norm());
      // An error of the sum comes out as the p-th part of it, relative to the result.
      double relative = absolute / (Math.abs(sum) * Math.abs(op.norm()));
      result.store(position, norm, inside.length, sum == 0 ? 0 : Math.abs(norm) * relative);
    }
    return result;
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
      CompensatedSum sum = new CompensatedSum();
      int terms = 0;
      for (int at : elements(x, index, dims, windows)) {
        sum.add(x.values()[at]);
        terms++;
      }
      double by = divisor;
      if (divisor == 0) {
        by = 1;
        for (int dim = 0; dim < dims; dim++) {
          by *= windows.span(dim, index[index.length - dims + dim]).counted();
        }
      }
      result.store(position, sum.value() / by, terms, sum.absolute() / Math.abs(by));
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
      double max = lowest(x.dtype());
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

  private static double lowest(DType dtype) {
    return switch (dtype) {
      case F32, F64, F16, BF16 -> Double.NEGATIVE_INFINITY;
      case I8 -> Byte.MIN_VALUE;
      case U8, BOOL -> 0;
      case I16 -> Short.MIN_VALUE;
      case I32 -> Integer.MIN_VALUE;
      case I64 -> Long.MIN_VALUE;
    };
  }

  private static NdArray unpool(MaxUnpool op, NdArray x, NdArray indices, Layout y) {
    NdArray result = NdArray.zeros(y.dtype(), y.shape());
    int from = 1;
    int to = 1;
    for (int dim = 0; dim < op.outputSize().size(); dim++) {
      from *= x.dim(-1 - dim);
      to *= result.dim(-1 - dim);
    }
    for (double index : indices.values()) {
      if (!(index >= 0 && index < to)) {
        throw new IllegalArgumentException(
            op.name() + ": index " + (long) index + ", expected 0 or more and less than " + to);
      }
    }
    for (int i = 0; i < x.size(); i++) {
      result.values()[i / from * to + (int) indices.values()[i]] = x.values()[i];
    }
    return result;
  }

  /**
   * Returns the positions of the elements of a window that are in the input, in row-major order.
   */
  private static int[] elements(NdArray x, int[] index, int dims, Windows windows) {
    int[] positions = {0};
    for (int axis = 0; axis < index.length; axis++) {
      int dim = axis - index.length + dims;
      int[] inside =
          dim < 0 ? new int[] {index[axis]} : windows.span(dim, index[axis]).inside(x.dim(axis));
      int[] longer = new int[positions.length * inside.length];
      int count = 0;
      for (int outer : positions) {
        for (int at : inside) {
          longer[count++] = outer * x.dim(axis) + at;
        }
      }
      positions = longer;
    }
    return positions;
  }
}
