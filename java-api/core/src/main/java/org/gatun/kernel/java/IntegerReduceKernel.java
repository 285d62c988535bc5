package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Ints;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.MinWithIndices;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@link Reduce}, {@link MaxWithIndices} and {@link MinWithIndices} of integers and booleans with
 * any strides, by way of arrays of longs.
 */
public final class IntegerReduceKernel implements Kernel {
  private static final long GRAIN = 16 * 1024;
  private static final int CHUNK = 512;

  /** Makes the kernel. */
  public IntegerReduceKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  /** What is made of the elements. */
  private enum Kind {
    SUM,
    PRODUCT,
    /** How many are not 0. */
    COUNT,
    /** Whether none is 0. */
    ALL,
    /** Whether one is not 0. */
    ANY,
    MAX,
    MIN
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (request.input(0).dtype().isFloating()) {
      return null;
    }
    return switch (request.op()) {
      case Reduce(var function, var axes, boolean keepDims) ->
          plan(request, axes, keepDims, kind(function));
      case MaxWithIndices(int axis, boolean keepDims) ->
          plan(request, Ints.of(axis), keepDims, Kind.MAX);
      case MinWithIndices(int axis, boolean keepDims) ->
          plan(request, Ints.of(axis), keepDims, Kind.MIN);
      default -> null;
    };
  }

  private static Kind kind(ReduceFunction function) {
    return switch (function) {
      case ALL -> Kind.ALL;
      case ANY -> Kind.ANY;
      case COUNT_NONZERO -> Kind.COUNT;
      case MAX -> Kind.MAX;
      case MIN -> Kind.MIN;
      case NAN_SUM, SUM -> Kind.SUM;
      case PROD -> Kind.PRODUCT;
      case LOG_SUM_EXP, MEAN -> throw new AssertionError(function + " takes no integers");
    };
  }

  private static Plan plan(PlanRequest request, Ints given, boolean keepDims, Kind kind) {
    Layout input = request.input(0);
    int[] axes = Split.axes(given, input.rank());
    Layout values = Split.result(request.output(0), axes, keepDims);
    Layout across = Split.across(input, axes);
    Nest reduced = Nest.of(Split.along(input, axes));
    if (request.outputs().size() == 2) {
      Layout indices = Split.result(request.output(1), axes, keepDims);
      return new IndexPlan(
          input.dtype(),
          kind == Kind.MAX,
          Nest.of(values, across, indices),
          reduced,
          request.context().workers(),
          request.threads());
    }
    return new ReducePlan(
        input.dtype(),
        request.output(0).dtype(),
        kind,
        Nest.of(values, across),
        reduced,
        request.context().workers(),
        request.threads());
  }

  /** Many results at a time, each from the elements of its own column. */
  private record ReducePlan(
      DType dtype, DType result, Kind kind, Nest kept, Nest reduced, Workers workers, int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      if (kept.size() == 0) {
        return;
      }
      long src = inputs[0].address();
      long dst = outputs[0].address();
      long grain = Math.max(1, GRAIN / Math.max(1, reduced.size()));
      boolean alongRows = kept.columns() < reduced.columns();
      if (alongRows) {
        kept.run(
            workers,
            threads,
            grain,
            (at, rows, columns) -> {
              long[] x = new long[CHUNK];
              for (long row = 0; row < rows; row++) {
                for (long column = 0; column < columns; column++) {
                  long s = src + at[1] + row * kept.rowStride(1) + column * kept.columnStride(1);
                  long d = dst + at[0] + row * kept.rowStride(0) + column * kept.columnStride(0);
                  ElementRows.store(result, d, along(s, x));
                }
              }
            });
      } else {
        kept.run(
            workers,
            threads,
            grain,
            1,
            CHUNK,
            (at, _, columns) -> across(src + at[1], (int) columns, dst + at[0]));
      }
    }

    private long along(long src, long[] x) {
      long joined = start();
      long length = reduced.columns();
      long runs = reduced.size() / length;
      for (long run = 0; run < runs; run++) {
        long from = src + reduced.rowAt(run);
        for (long i = 0; i < length; i += CHUNK) {
          int n = (int) Math.min(CHUNK, length - i);
          long step = reduced.columnStride(0);
          ElementRows.read(dtype, from + i * step, step, x, n);
          joined = join(joined, x, n);
        }
      }
      return end(joined);
    }

    private long start() {
      return switch (kind) {
        case SUM, COUNT, ANY, ALL -> 0;
        case PRODUCT -> 1;
        case MAX -> Long.MIN_VALUE;
        case MIN -> Long.MAX_VALUE;
      };
    }

    private long end(long joined) {
      return switch (kind) {
        case SUM, COUNT, PRODUCT, MAX, MIN -> joined;
        case ANY -> joined != 0 ? 1 : 0;
        case ALL -> joined == reduced.size() ? 1 : 0;
      };
    }

    private long join(long before, long[] x, int count) {
      long joined = before;
      switch (kind) {
        case SUM -> {
          for (int i = 0; i < count; i++) {
            joined += x[i];
          }
        }
        case PRODUCT -> {
          for (int i = 0; i < count; i++) {
            joined *= x[i];
          }
        }
        case COUNT, ANY, ALL -> {
          for (int i = 0; i < count; i++) {
            joined += x[i] == 0 ? 0 : 1;
          }
        }
        case MAX -> {
          for (int i = 0; i < count; i++) {
            joined = Math.max(joined, x[i]);
          }
        }
        case MIN -> {
          for (int i = 0; i < count; i++) {
            joined = Math.min(joined, x[i]);
          }
        }
      }
      return joined;
    }

    private void across(long src, int columns, long dst) {
      long[] joined = new long[columns];
      long[] x = new long[columns];
      Arrays.fill(joined, start());
      if (reduced.size() > 0) {
        reduced.run(
            workers,
            1,
            1,
            1,
            reduced.columns(),
            (at, _, rows) -> {
              for (long row = 0; row < rows; row++) {
                long from = src + at[0] + row * reduced.columnStride(0);
                ElementRows.read(dtype, from, kept.columnStride(1), x, columns);
                join(joined, x);
              }
            });
      }
      for (int j = 0; j < columns; j++) {
        ElementRows.store(result, dst + j * kept.columnStride(0), end(joined[j]));
      }
    }

    private void join(long[] joined, long[] x) {
      int count = joined.length;
      switch (kind) {
        case SUM -> {
          for (int i = 0; i < count; i++) {
            joined[i] += x[i];
          }
        }
        case PRODUCT -> {
          for (int i = 0; i < count; i++) {
            joined[i] *= x[i];
          }
        }
        case COUNT, ANY, ALL -> {
          for (int i = 0; i < count; i++) {
            joined[i] += x[i] == 0 ? 0 : 1;
          }
        }
        case MAX -> {
          for (int i = 0; i < count; i++) {
            joined[i] = Math.max(joined[i], x[i]);
          }
        }
        case MIN -> {
          for (int i = 0; i < count; i++) {
            joined[i] = Math.min(joined[i], x[i]);
          }
        }
      }
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }

  /** The first of the largest or smallest elements along an axis. */
  private record IndexPlan(
      DType dtype, boolean largest, Nest kept, Nest reduced, Workers workers, int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long src = inputs[0].address();
      kept.run(
          workers,
          threads,
          Math.max(1, GRAIN / reduced.size()),
          (at, rows, columns) -> {
            long[] x = new long[CHUNK];
            long[] best = new long[2];
            for (long row = 0; row < rows; row++) {
              for (long column = 0; column < columns; column++) {
                long s = src + at[1] + row * kept.rowStride(1) + column * kept.columnStride(1);
                find(s, x, best);
                ElementRows.store(dtype, address(outputs, 0, 0, at, row, column), best[0]);
                ALL.set(LONG, address(outputs, 1, 2, at, row, column), best[1]);
              }
            }
          });
    }

    private long address(
        MemorySegment[] outputs, int output, int operand, long[] at, long row, long column) {
      return outputs[output].address()
          + at[operand]
          + row * kept.rowStride(operand)
          + column * kept.columnStride(operand);
    }

    private void find(long src, long[] x, long[] best) {
      long length = reduced.columns();
      long step = reduced.columnStride(0);
      best[1] = -1;
      for (long i = 0; i < length; i += CHUNK) {
        int n = (int) Math.min(CHUNK, length - i);
        ElementRows.read(dtype, src + i * step, step, x, n);
        for (int j = 0; j < n; j++) {
          if (best[1] < 0 || (largest ? x[j] > best[0] : x[j] < best[0])) {
            best[0] = x[j];
            best[1] = i + j;
          }
        }
      }
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }
}
