package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Plan;

/**
 * Many results, each from one row of elements that lie side by side: several rows at a time.
 *
 * @param geometry what is reduced, by {@link #fits}
 * @param loops the loops over rows
 */
record RowsReduction(ReduceGeometry geometry, RowLoops loops) implements Plan {
  /** Returns whether rows are one block each, of which the loops over several have the result. */
  static boolean fits(ReduceGeometry geometry) {
    Statistic statistic = geometry.statistic();
    boolean known =
        switch (statistic.join()) {
          case SUM -> statistic.term() == Term.ITSELF;
          case MAX -> statistic.term() == Term.ITSELF || isLeast(statistic);
          case PRODUCT, MOMENTS -> false;
        };
    return known && geometry.blocks() == 1 && geometry.kept().size() > 1;
  }

  /** Returns whether it is the smallest element, which is the largest negated one, negated. */
  private static boolean isLeast(Statistic statistic) {
    return statistic.term() == Term.NEGATED && statistic.ending() == Statistic.Ending.NEGATED;
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    long src = inputs[0].address();
    long dst = outputs[0].address();
    geometry
        .kept()
        .run(
            geometry.context().workers(),
            geometry.threads(),
            geometry.grain(),
            (at, rows, columns) -> {
              double[] results = new double[RowLoops.MOST_ROWS];
              float[] scratch = new float[RowLoops.SCRATCH];
              for (long row = 0; row < rows; row++) {
                for (long column = 0; column < columns; column += RowLoops.MOST_ROWS) {
                  reduce(
                      geometry.at(1, src, at, row, column),
                      geometry.at(0, dst, at, row, column),
                      (int) Math.min(RowLoops.MOST_ROWS, columns - column),
                      results,
                      scratch);
                }
              }
            });
  }

  private void reduce(long src, long dst, int rows, double[] results, float[] scratch) {
    long stride = geometry.kept().columnStride(1);
    long step = geometry.kept().columnStride(0);
    long count = geometry.reduced().columns();
    Statistic statistic = geometry.statistic();
    if (statistic.join() == Statistic.Join.SUM) {
      loops.sums(src, stride, rows, count, results, scratch);
      for (int i = 0; i < rows; i++) {
        results[i] = statistic.result(count, results[i], 0);
      }
    } else if (isLeast(statistic)) {
      loops.minima(src, stride, rows, count, results, scratch);
    } else {
      loops.maxima(src, stride, rows, count, results, scratch);
    }
    for (int i = 0; i < rows; i++) {
      ElementRows.store(geometry.result(), dst + i * step, results[i]);
    }
  }

  @Override
  public String implementation() {
    return geometry.implementation(true);
  }
}
