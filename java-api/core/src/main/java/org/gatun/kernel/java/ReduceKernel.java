package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Ints;
import org.gatun.op.Norm;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Variance;
import org.jspecify.annotations.Nullable;

/**
 * {@link Reduce} but for the logarithm of a sum of exponentials, {@link Norm} and {@link Variance}
 * of f32 and f64, along any axes, where the innermost dimension in memory is either reduced
 * (vectors along it, one result each) or not (vectors across it, many results at a time).
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

  private record Question(Statistic statistic, Ints axes, boolean keepDims) {}

  private static @Nullable Question question(PlanRequest request) {
    return switch (request.op()) {
      case Reduce(var function, var axes, boolean keepDims)
          when function != ReduceFunction.LOG_SUM_EXP ->
          new Question(Statistic.of(function), axes, keepDims);
      case Norm norm -> new Question(Statistic.of(norm), norm.axes(), norm.keepDims());
      case Variance variance ->
          new Question(Statistic.of(variance), variance.axes(), variance.keepDims());
      default -> null;
    };
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Question question = question(request);
    Layout input = request.input(0);
    DType dtype = input.dtype();
    if (question == null || (dtype != DType.F32 && dtype != DType.F64)) {
      return null;
    }
    int[] axes = Split.axes(question.axes, input.rank());
    List<Layout> operands = new ArrayList<>();
    for (Layout output : request.outputs()) {
      operands.add(Split.result(output, axes, question.keepDims));
    }
    operands.add(1, Split.across(input, axes));
    Nest kept = Nest.of(operands.toArray(Layout[]::new));
    Nest reduced = Nest.of(Split.along(input, axes));
    Geometry geometry =
        new Geometry(
            Loops.of(request.context(), dtype),
            TermLoops.of(request.context(), dtype),
            question.statistic,
            kept,
            reduced,
            dtype,
            request.output(0).dtype(),
            request.outputs().size() == 2,
            request.context(),
            request.threads());
    boolean alongRows = reduced.columns() > 1 && reduced.columnStride(0) == dtype.byteSize();
    boolean acrossColumns = kept.columnStride(1) == dtype.byteSize();
    for (int i = 0; i < request.outputs().size(); i++) {
      int width = request.output(i).dtype().byteSize();
      acrossColumns &= kept.columnStride(i == 0 ? 0 : 2) == width;
    }
    if (!alongRows && acrossColumns && reduced.size() > 0) {
      return new AcrossColumns(geometry);
    }
    // A single element, and none, are a row whatever the stride.
    return alongRows || reduced.size() <= 1 ? new AlongRows(geometry) : null;
  }

  private record Geometry(
      Loops loops,
      TermLoops terms,
      Statistic statistic,
      Nest kept,
      Nest reduced,
      DType dtype,
      DType result,
      boolean withMean,
      KernelContext context,
      int threads) {
    int width() {
      return dtype.byteSize();
    }

    boolean moments() {
      return statistic.join() == Statistic.Join.MOMENTS;
    }

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
      return reduced.rowAt(index / across()) + index % across() * Loops.BLOCK * width();
    }

    /** Returns the number of elements of a block. */
    long blockSize(long index) {
      return Math.min(Loops.BLOCK, reduced.columns() - index % across() * Loops.BLOCK);
    }

    void block(long src, long count, double[] partial) {
      statistic.block(loops, terms, dtype, src, count, partial);
    }

    /** Returns the number of results that are worth a thread. */
    long grain() {
      return Math.max(1, GRAIN / Math.max(1, reduced.size()));
    }

    /** Returns the address of an output's element. */
    long at(int operand, long base, long[] at, long row, long column) {
      return base
          + at[operand]
          + row * kept.rowStride(operand)
          + column * kept.columnStride(operand);
    }

    String implementation(boolean alongRows) {
      boolean arrays = statistic.term() == Term.POWER || (!statistic.isOfLoops() && !alongRows);
      return arrays || statistic.join() == Statistic.Join.PRODUCT
          ? "java:scalar"
          : loops.implementation();
    }
  }

  /** One result after the other, from elements that lie side by side. */
  private record AlongRows(Geometry geometry) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      Nest kept = geometry.kept;
      long src = inputs[0].address();
      long dst = outputs[0].address();
      long means = geometry.withMean ? outputs[1].address() : 0;
      boolean few = kept.size() < geometry.threads && geometry.reduced.size() >= 2 * GRAIN;
      kept.run(
          geometry.context.workers(),
          few ? 1 : geometry.threads,
          geometry.grain(),
          (at, rows, columns) -> {
            double[] partial = new double[3];
            for (long row = 0; row < rows; row++) {
              for (long column = 0; column < columns; column++) {
                long s = geometry.at(1, src, at, row, column);
                double result = few ? blocksInParallel(s, partial) : blocks(s, partial);
                ElementRows.store(geometry.result, geometry.at(0, dst, at, row, column), result);
                if (geometry.withMean) {
                  ElementRows.store(
                      geometry.result, geometry.at(2, means, at, row, column), partial[0]);
                }
              }
            }
          });
    }

    /** Returns a result; its mean is left in {@code partial[0]} where it has one. */
    private double blocks(long src, double[] partial) {
      long blocks = geometry.blocks();
      if (blocks == 1) {
        long count = geometry.reduced.columns();
        geometry.block(src, count, partial);
        double result = geometry.statistic.result(count, partial[0], partial[2]);
        partial[0] = Folds.mean(partial[0] + partial[1], partial[0]);
        return result;
      }
      Folds fold = new Folds(geometry.statistic, 1);
      for (long i = 0; i < blocks; i++) {
        block(src, i, partial);
        join(fold, geometry.blockSize(i), partial[0], partial[1], partial[2]);
      }
      partial[0] = fold.means()[0];
      return fold.results()[0];
    }

    private void join(Folds fold, long count, double first, double shift, double squares) {
      if (geometry.moments()) {
        fold.join(count, new double[] {first}, new double[] {shift}, new double[] {squares});
      } else {
        fold.join(count, new double[] {first});
      }
    }

    /** The same blocks, by many threads; joined in the same order. */
    private double blocksInParallel(long src, double[] mean) {
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
      mean[0] = fold.means()[0];
      return fold.results()[0];
    }

    private void block(long src, long index, double[] partial) {
      geometry.block(src + geometry.blockAt(index), geometry.blockSize(index), partial);
    }

    @Override
    public String implementation() {
      return geometry.implementation(true);
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
      long means = geometry.withMean ? outputs[1].address() : 0;
      long share = kept.size() / geometry.threads / NARROW_TILE * NARROW_TILE;
      long tile = Math.clamp(share, NARROW_TILE, TILE);
      kept.run(
          geometry.context.workers(),
          geometry.threads,
          geometry.grain(),
          1,
          tile,
          (at, _, columns) -> {
            long from = src + at[1];
            long to = dst + at[0];
            if (!geometry.statistic.isOfLoops()) {
              store(terms(from, (int) columns), to, 0);
            } else if (geometry.statistic.join() == Statistic.Join.MAX) {
              max(from, columns, to);
            } else {
              store(sums(from, (int) columns), to, geometry.withMean ? means + at[2] : 0);
            }
          });
    }

    private void store(Folds folds, long dst, long means) {
      double[] results = folds.results();
      int width = geometry.result.byteSize();
      for (int j = 0; j < results.length; j++) {
        ElementRows.store(geometry.result, dst + (long) j * width, results[j]);
      }
      if (geometry.withMean) {
        geometry.loops.set(means, folds.means(), results.length);
      }
    }

    private void max(long src, long columns, long dst) {
      Nest reduced = geometry.reduced;
      MemorySegment.copy(ALL, src, ALL, dst, columns * geometry.width());
      reduced.run(
          geometry.context.workers(),
          1,
          1,
          1,
          reduced.columns(),
          (at, _, rows) ->
              geometry.loops.maxRows(src + at[0], reduced.columnStride(0), rows, columns, dst));
    }

    private Folds terms(long src, int columns) {
      Nest reduced = geometry.reduced;
      Statistic statistic = geometry.statistic;
      Folds folds = new Folds(statistic, columns);
      double[] joined = new double[columns];
      double[] x = new double[columns];
      float[] buffer = new float[columns];
      long stride = reduced.columnStride(0);
      reduced.run(
          geometry.context.workers(),
          1,
          1,
          1,
          Loops.BLOCK_ROWS,
          (at, _, rows) -> {
            statistic.start(joined);
            for (long row = 0; row < rows; row++) {
              long from = src + at[0] + row * stride;
              ElementRows.read(geometry.dtype, from, geometry.width(), x, columns, buffer);
              statistic.row(x, joined, columns);
            }
            folds.join(rows, joined);
          });
      return folds;
    }

    private Folds sums(long src, int columns) {
      Nest reduced = geometry.reduced;
      Loops loops = geometry.loops;
      boolean variance = geometry.moments();
      Folds folds = new Folds(geometry.statistic, columns);
      double[] first = new double[columns];
      double[] shift = variance ? new double[columns] : first;
      double[] squares = variance ? new double[columns] : first;
      long bytes = (long) columns * geometry.width();
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
      return folds;
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
      return geometry.implementation(false);
    }
  }
}
