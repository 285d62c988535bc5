package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.BinaryFunction;

/** What {@link Folds} take of the columns of a block of rows, at most {@link Loops#BLOCK_ROWS}. */
final class RowBlock implements AutoCloseable {
  private final ReduceGeometry geometry;
  private final int columns;

  /** Sums, largest terms, products or the means as numbers of the dtype. */
  private final double[] first;

  /** What the means are more than that. */
  private final double[] shifts;

  /** The sums of the squared deviations from the means. */
  private final double[] squares;

  private final double[] x;
  private final float[] buffer;
  private final ScratchMemory.Block scratch;
  private long rows;

  RowBlock(ReduceGeometry geometry, int columns) {
    boolean moments = geometry.moments();
    boolean terms = !geometry.statistic().isOfLoops();
    this.geometry = geometry;
    this.columns = columns;
    this.first = new double[columns];
    this.shifts = new double[moments ? columns : 0];
    this.squares = new double[moments ? columns : 0];
    this.x = new double[terms ? columns : 0];
    this.buffer = new float[x.length];
    this.scratch = geometry.context().memory().borrow(terms ? 0 : 3L * columns * geometry.width());
  }

  /** Computes the block whose first element is at an address. */
  void compute(long src, long stride, long count) {
    this.rows = count;
    Statistic statistic = geometry.statistic();
    if (!statistic.isOfLoops()) {
      terms(src, stride);
      return;
    }
    long result = scratch.segment().address();
    switch (statistic.join()) {
      case SUM -> geometry.loops().sumRows(src, stride, count, columns, result);
      case MAX -> {
        MemorySegment.copy(ALL, src, ALL, result, (long) columns * geometry.width());
        geometry.loops().maxRows(src, stride, count, columns, result);
      }
      case MOMENTS -> {
        moments(src, stride);
        return;
      }
      case PRODUCT -> throw new AssertionError("products are of terms");
    }
    geometry.loops().get(result, first, columns);
  }

  private void terms(long src, long stride) {
    geometry.statistic().start(first);
    for (long row = 0; row < rows; row++) {
      ElementRows.read(geometry.dtype(), src + row * stride, geometry.width(), x, columns, buffer);
      geometry.statistic().row(x, first, columns);
    }
  }

  private void moments(long src, long stride) {
    Loops loops = geometry.loops();
    long bytes = (long) columns * geometry.width();
    long sum = scratch.segment().address();
    long center = sum + bytes;
    long square = center + bytes;
    loops.sumRows(src, stride, rows, columns, center);
    loops.binaryRight(BinaryFunction.DIV, center, rows, center, columns);
    loops.deviationsOfRows(src, stride, rows, columns, center, sum, square);
    loops.get(center, first, columns);
    loops.get(sum, shifts, columns);
    loops.get(square, squares, columns);
    // The sums of the deviations from a center tell how far from it the means are.
    for (int j = 0; j < columns; j++) {
      shifts[j] /= rows;
      squares[j] -= shifts[j] * shifts[j] * rows;
    }
  }

  /** Joins the columns with those before. */
  void joinTo(Folds folds) {
    if (geometry.moments()) {
      folds.join(rows, first, shifts, squares);
    } else {
      folds.join(rows, first);
    }
  }

  /** Joins the columns, in groups of as many as there are results, with those before. */
  void joinTo(Folds folds, int results) {
    for (int from = 0; from < columns; from += results) {
      int to = from + results;
      if (geometry.moments()) {
        folds.join(
            rows,
            Arrays.copyOfRange(first, from, to),
            Arrays.copyOfRange(shifts, from, to),
            Arrays.copyOfRange(squares, from, to));
      } else {
        folds.join(rows, Arrays.copyOfRange(first, from, to));
      }
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
