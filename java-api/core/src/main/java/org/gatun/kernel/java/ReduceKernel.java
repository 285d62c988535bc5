package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Variance;
import org.jspecify.annotations.Nullable;

/**
 * {@link Reduce} and {@link Variance} of f32 and f64, along any axes, where the innermost dimension
 * in memory is either reduced (vectors along it, one result each) or not (vectors across it, many
 * results at a time).
 */
public final class ReduceKernel implements Kernel {
  private static final long GRAIN = 16 * 1024;

  /** Columns whose sums stay in the first-level cache while the rows go by; a multiple of 64. */
  private static final long TILE = 1024;

  private static final long NARROW_TILE = 64;

  /** Makes the kernel. */
  public ReduceKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  private record Question(Statistic statistic, int[] axes, boolean keepDims, double correction) {}

  private static @Nullable Question question(PlanRequest request) {
    int rank = request.input(0).rank();
    return switch (request.op()) {
      case Reduce(var function, var axes, boolean keepDims) ->
          new Question(statistic(function), Split.axes(axes, rank), keepDims, 0);
      case Variance(var axes, double correction, boolean keepDims) ->
          new Question(Statistic.VARIANCE, Split.axes(axes, rank), keepDims, correction);
      default -> null;
    };
  }

  private static Statistic statistic(ReduceFunction function) {
    return switch (function) {
      case SUM -> Statistic.SUM;
      case MEAN -> Statistic.MEAN;
      case MAX -> Statistic.MAX;
    };
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Question question = question(request);
    DType dtype = request.input(0).dtype();
    if (question == null || (dtype != DType.F32 && dtype != DType.F64)) {
      return null;
    }
    Layout input = request.input(0);
    Layout output = Split.result(request.output(0), question.axes, question.keepDims);
    Nest kept = Nest.of(output, Split.across(input, question.axes));
    Nest reduced = Nest.of(Split.along(input, question.axes));
    Loops loops = Loops.of(request.context(), dtype);
    Geometry geometry =
        new Geometry(
            loops,
            question.statistic,
            question.correction,
            kept,
            reduced,
            dtype.byteSize(),
            request.context(),
            request.threads());
    boolean alongRows = reduced.columns() > 1 && reduced.columnStride(0) == dtype.byteSize();
    boolean acrossColumns =
        kept.columnStride(0) == dtype.byteSize() && kept.columnStride(1) == dtype.byteSize();
    if (!alongRows && acrossColumns && reduced.size() > 0) {
      return new AcrossColumns(geometry);
    }
    // A single element, and none, are a row whatever the stride.
    return alongRows || reduced.size() <= 1 ? new AlongRows(geometry) : null;
  }

  private record Geometry(
      Loops loops,
      Statistic statistic,
      double correction,
      Nest kept,
      Nest reduced,
      int width,
      KernelContext context,
      int threads) {
    /** Returns the number of blocks, of elements side by side, that make up a result. */
    long blocks() {
      long rows = reduced.columns() == 0 ? 0 : reduced.size() / reduced.columns();
      return rows * across();
    }

    private long across() {
      return (reduced.columns() + Loops.BLOCK - 1) / Loops.BLOCK;
    }

    /** Returns where a block begins, in bytes from the first element of its result. */
    long blockAt(long index) {
      return reduced.rowAt(index / across()) + index % across() * Loops.BLOCK * width;
    }

    /** Returns the number of elements of a block. */
    long blockSize(long index) {
      return Math.min(Loops.BLOCK, reduced.columns() - index % across() * Loops.BLOCK);
    }

    /** Returns the number of results that are worth a thread. */
    long grain() {
      return Math.max(1, GRAIN / Math.max(1, reduced.size()));
    }
  }

  /** One result after the other, from elements that lie side by side. */
  private record AlongRows(Geometry geometry) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      Nest kept = geometry.kept;
      long src = inputs[0].address();
      long dst = outputs[0].address();
      boolean few = kept.size() < geometry.threads && geometry.reduced.size() >= 2 * GRAIN;
      kept.run(
          geometry.context.workers(),
          few ? 1 : geometry.threads,
          geometry.grain(),
          (at, rows, columns) -> {
            double[] partial = new double[3];
            for (long row = 0; row < rows; row++) {
              for (long column = 0; column < columns; column++) {
                long s = src + at[1] + row * kept.rowStride(1) + column * kept.columnStride(1);
                double result = few ? blocksInParallel(s) : blocks(s, partial);
                long d = dst + at[0] + row * kept.rowStride(0) + column * kept.columnStride(0);
                geometry.loops.set(d, result);
              }
            }
          });
    }

    private double blocks(long src, double[] partial) {
      long blocks = geometry.blocks();
      if (blocks == 1) {
        long count = geometry.reduced.columns();
        geometry.statistic.block(geometry.loops, src, count, partial);
        return geometry.statistic.result(count, partial[0], partial[2], geometry.correction);
      }
      Folds fold = new Folds(geometry.statistic, 1);
      for (long i = 0; i < blocks; i++) {
        block(src, i, partial);
        join(fold, geometry.blockSize(i), partial[0], partial[1], partial[2]);
      }
      return fold.results(geometry.correction)[0];
    }

    private void join(Folds fold, long count, double first, double shift, double squares) {
      if (geometry.statistic == Statistic.VARIANCE) {
        fold.join(count, new double[] {first}, new double[] {shift}, new double[] {squares});
      } else {
        fold.join(count, new double[] {first});
      }
    }

    /** The same blocks, by many threads; joined in the same order. */
    private double blocksInParallel(long src) {
      int blocks = Math.toIntExact(geometry.blocks());
      double[] partials = new double[Math.multiplyExact(3, blocks)];
      geometry
          .context
          .workers()
          .parallel(
              geometry.threads,
              blocks,
              Math.max(1, GRAIN / geometry.blockSize(0)),
              (from, to) -> {
                double[] partial = new double[3];
                for (long i = from; i < to; i++) {
                  block(src, i, partial);
                  System.arraycopy(partial, 0, partials, 3 * (int) i, 3);
                }
              });
      Folds fold = new Folds(geometry.statistic, 1);
      for (int i = 0; i < blocks; i++) {
        long count = geometry.blockSize(i);
        join(fold, count, partials[3 * i], partials[3 * i + 1], partials[3 * i + 2]);
      }
      return fold.results(geometry.correction)[0];
    }

    private void block(long src, long index, double[] partial) {
      geometry.statistic.block(
          geometry.loops, src + geometry.blockAt(index), geometry.blockSize(index), partial);
    }

    @Override
    public String implementation() {
      return geometry.loops.implementation();
    }
  }

  /** Many results at a time: row after row of the elements that they are made of. */
  private record AcrossColumns(Geometry geometry) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      Nest kept = geometry.kept;
      if (kept.size() == 0) {
        return;
      }
      long src = inputs[0].address();
      long dst = outputs[0].address();
      long share = kept.size() / geometry.threads / NARROW_TILE * NARROW_TILE;
      long tile = Math.clamp(share, NARROW_TILE, TILE);
      kept.run(
          geometry.context.workers(),
          geometry.threads,
          geometry.grain(),
          1,
          tile,
          (at, _, columns) -> {
            switch (geometry.statistic) {
              case MAX -> max(src + at[1], columns, dst + at[0]);
              case SUM, MEAN, VARIANCE -> sums(src + at[1], (int) columns, dst + at[0]);
            }
          });
    }

    private void max(long src, long columns, long dst) {
      Nest reduced = geometry.reduced;
      MemorySegment.copy(ALL, src, ALL, dst, columns * geometry.width);
      reduced.run(
          geometry.context.workers(),
          1,
          1,
          1,
          reduced.columns(),
          (at, _, rows) ->
              geometry.loops.maxRows(src + at[0], reduced.columnStride(0), rows, columns, dst));
    }

    private void sums(long src, int columns, long dst) {
      Nest reduced = geometry.reduced;
      Loops loops = geometry.loops;
      boolean variance = geometry.statistic == Statistic.VARIANCE;
      Folds folds = new Folds(geometry.statistic, columns);
      double[] first = new double[columns];
      double[] shift = variance ? new double[columns] : first;
      double[] squares = variance ? new double[columns] : first;
      long bytes = (long) columns * geometry.width;
      try (ScratchMemory.Block scratch = geometry.context.memory().allocate(3 * bytes)) {
        long sum = scratch.segment().address();
        long center = sum + bytes;
        long square = center + bytes;
        long stride = reduced.columnStride(0);
        reduced.run(
            geometry.context.workers(),
            1,
            1,
            1,
            Loops.BLOCK_ROWS,
            (at, _, rows) -> {
              long from = src + at[0];
              if (variance) {
                loops.sumRows(from, stride, rows, columns, center);
                loops.binaryRight(BinaryFunction.DIV, center, rows, center, columns);
                loops.deviationsOfRows(from, stride, rows, columns, center, sum, square);
                loops.get(center, first, columns);
                loops.get(sum, shift, columns);
                loops.get(square, squares, columns);
                shift(rows, shift, squares);
                folds.join(rows, first, shift, squares);
              } else {
                loops.sumRows(from, stride, rows, columns, sum);
                loops.get(sum, first, columns);
                folds.join(rows, first);
              }
            });
      }
      loops.set(dst, folds.results(geometry.correction), columns);
    }

    /** Turns the sums of the deviations from a center into how far from it the mean is. */
    private static void shift(double rows, double[] sums, double[] squares) {
      for (int j = 0; j < sums.length; j++) {
        sums[j] /= rows;
        squares[j] -= sums[j] * sums[j] * rows;
      }
    }

    @Override
    public String implementation() {
      return geometry.loops.implementation();
    }
  }
}
