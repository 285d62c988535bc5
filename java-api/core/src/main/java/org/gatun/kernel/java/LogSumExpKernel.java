package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.jspecify.annotations.Nullable;

/**
 * The logarithm of a sum of exponentials, of f32 and f64: the largest element first, then what the
 * others are less than that. Along any axes, where the innermost dimension in memory is either
 * reduced or not.
 */
public final class LogSumExpKernel implements Kernel {
  private static final long GRAIN = 4 * 1024;
  private static final long TILE = 1024;

  /** Makes the kernel. */
  public LogSumExpKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Layout input = request.input(0);
    DType dtype = input.dtype();
    if (!(request.op() instanceof Reduce(var function, var given, boolean keepDims))
        || function != ReduceFunction.LOG_SUM_EXP
        || (dtype != DType.F32 && dtype != DType.F64)) {
      return null;
    }
    int[] axes = Split.axes(given, input.rank());
    int width = dtype.byteSize();
    Nest kept = Nest.of(Split.result(request.output(0), axes, keepDims), Split.across(input, axes));
    Nest reduced = Nest.of(Split.along(input, axes));
    Geometry geometry =
        new Geometry(
            Loops.of(request.context(), dtype),
            kept,
            reduced,
            width,
            request.context(),
            request.threads());
    if (reduced.size() == 0) {
      return new OfNothing(geometry);
    }
    if (reduced.columns() == 1 || reduced.columnStride(0) == width) {
      return new AlongRows(geometry);
    }
    boolean acrossColumns = kept.columnStride(0) == width && kept.columnStride(1) == width;
    return acrossColumns ? new AcrossColumns(geometry) : null;
  }

  private record Geometry(
      Loops loops, Nest kept, Nest reduced, int width, KernelContext context, int threads) {
    long grain() {
      return Math.max(1, GRAIN / Math.max(1, reduced.size()));
    }
  }

  /** An infinite maximum is the result, and NaN minus itself is NaN. */
  private static double shift(double max) {
    return Double.isInfinite(max) ? 0 : max;
  }

  private record OfNothing(Geometry geometry) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      Nest kept = geometry.kept;
      long dst = outputs[0].address();
      kept.run(
          geometry.context.workers(),
          1,
          1,
          (at, rows, columns) -> {
            for (long row = 0; row < rows; row++) {
              for (long column = 0; column < columns; column++) {
                geometry.loops.set(
                    dst + at[0] + row * kept.rowStride(0) + column * kept.columnStride(0),
                    Double.NEGATIVE_INFINITY);
              }
            }
          });
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }

  private record AlongRows(Geometry geometry) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      Nest kept = geometry.kept;
      long src = inputs[0].address();
      long dst = outputs[0].address();
      kept.run(
          geometry.context.workers(),
          geometry.threads,
          geometry.grain(),
          (at, rows, columns) -> {
            long bytes = Math.min(Loops.BLOCK, geometry.reduced.columns()) * geometry.width;
            try (ScratchMemory.Block scratch = geometry.context.memory().borrow(bytes)) {
              for (long row = 0; row < rows; row++) {
                for (long column = 0; column < columns; column++) {
                  long s = src + at[1] + row * kept.rowStride(1) + column * kept.columnStride(1);
                  long d = dst + at[0] + row * kept.rowStride(0) + column * kept.columnStride(0);
                  geometry.loops.set(d, logSumExp(s, scratch.segment().address()));
                }
              }
            }
          });
    }

    private double logSumExp(long src, long scratch) {
      Nest reduced = geometry.reduced;
      Loops loops = geometry.loops;
      long length = reduced.columns();
      long runs = reduced.size() / length;
      double max = Double.NEGATIVE_INFINITY;
      for (long run = 0; run < runs; run++) {
        max = Math.max(max, loops.max(src + reduced.rowAt(run), length));
      }
      double shift = shift(max);
      double sum = 0;
      for (long run = 0; run < runs; run++) {
        long from = src + reduced.rowAt(run);
        for (long i = 0; i < length; i += Loops.BLOCK) {
          long count = Math.min(Loops.BLOCK, length - i);
          loops.exp(from + i * geometry.width, shift, scratch, count);
          sum += loops.sum(scratch, count);
        }
      }
      return Double.isInfinite(max) ? max : shift + Math.log(sum);
    }

    @Override
    public String implementation() {
      return geometry.loops.implementation();
    }
  }

  private record AcrossColumns(Geometry geometry) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      if (geometry.kept.size() == 0) {
        return;
      }
      geometry.kept.run(
          geometry.context.workers(),
          geometry.threads,
          geometry.grain(),
          1,
          TILE,
          (at, _, columns) ->
              tile(inputs[0].address() + at[1], (int) columns, outputs[0].address() + at[0]));
    }

    private void tile(long src, int columns, long dst) {
      Loops loops = geometry.loops;
      long bytes = (long) columns * geometry.width;
      double[] max = new double[columns];
      Folds sums = new Folds(Statistic.of(ReduceFunction.SUM), columns);
      double[] row = new double[columns];
      try (ScratchMemory.Block scratch = geometry.context.memory().borrow(2 * bytes)) {
        long shifts = scratch.segment().address();
        long exponentials = shifts + bytes;
        MemorySegment.copy(Elements.ALL, src, Elements.ALL, shifts, bytes);
        rows(from -> loops.maxRows(src + from, 0, 1, columns, shifts));
        loops.get(shifts, max, columns);
        for (int j = 0; j < columns; j++) {
          row[j] = shift(max[j]);
        }
        loops.set(shifts, row, columns);
        rows(
            from -> {
              loops.expByColumn(src + from, shifts, exponentials, columns);
              loops.get(exponentials, row, columns);
              sums.join(1, row);
            });
      }
      double[] results = sums.results();
      for (int j = 0; j < columns; j++) {
        results[j] = Double.isInfinite(max[j]) ? max[j] : max[j] + Math.log(results[j]);
      }
      loops.set(dst, results, columns);
    }

    @FunctionalInterface
    private interface Row {
      void visit(long at);
    }

    private void rows(Row row) {
      Nest reduced = geometry.reduced;
      reduced.run(
          geometry.context.workers(),
          1,
          1,
          1,
          reduced.columns(),
          (at, _, rows) -> {
            for (long i = 0; i < rows; i++) {
              row.visit(at[0] + i * reduced.columnStride(0));
            }
          });
    }

    @Override
    public String implementation() {
      return geometry.loops.implementation();
    }
  }
}
