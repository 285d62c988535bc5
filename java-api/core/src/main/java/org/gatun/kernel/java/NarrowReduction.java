package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Plan;

/**
 * Few results from long rows of elements that lie side by side: several rows count as one, whose
 * columns are joined in the end. Rows are split in pieces of fixed size, which are joined in their
 * order: the number of threads changes no bit.
 */
record NarrowReduction(ReduceGeometry geometry) implements Plan {
  /** Columns that several rows make together. */
  private static final long WIDE = 512;

  /** The most elements of a vector. */
  private static final long LANES = 16;

  private static final long FEWEST_ROWS = 256;

  /** Returns whether rows lie side by side, and are narrow and many. */
  static boolean fits(ReduceGeometry geometry) {
    Nest kept = geometry.kept();
    Nest reduced = geometry.reduced();
    return kept.columns() == kept.size()
        && kept.size() <= WIDE / 4
        && kept.size() > 0
        && reduced.columns() == reduced.size()
        && reduced.columns() >= FEWEST_ROWS
        && reduced.columnStride(0) == kept.size() * geometry.width();
  }

  /**
   * Returns how many rows count as one: a number that vectors divide, so that they have no tail.
   */
  private static long together(int results) {
    long together = WIDE / results;
    return together >= LANES ? together / LANES * LANES : together;
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    int results = (int) geometry.kept().size();
    long together = together(results);
    int columns = (int) together * results;
    long rows = geometry.reduced().size() / together;
    long src = inputs[0].address();
    int pieces = Math.toIntExact((rows + Loops.BLOCK_ROWS - 1) / Loops.BLOCK_ROWS);
    Folds[] parts = new Folds[pieces];
    geometry
        .context()
        .workers()
        .parallel(
            geometry.threads(),
            pieces,
            1,
            (from, to) -> {
              try (RowBlock block = new RowBlock(geometry, columns)) {
                for (long i = from; i < to; i++) {
                  parts[(int) i] = piece(block, src, columns, rows, i);
                }
              }
            });
    Folds folds = new Folds(geometry.statistic(), results);
    for (Folds part : parts) {
      folds.join(part);
    }
    long rest = geometry.reduced().size() - rows * together;
    if (rest > 0) {
      rest(folds, src + rows * columns * geometry.width(), rest);
    }
    geometry.store(folds.results(), outputs[0].address());
    if (geometry.withMean()) {
      geometry.store(folds.means(), outputs[1].address());
    }
  }

  private Folds piece(RowBlock block, long src, int columns, long rows, long index) {
    int results = (int) geometry.kept().size();
    long row = index * Loops.BLOCK_ROWS;
    long stride = (long) columns * geometry.width();
    Folds folds = new Folds(geometry.statistic(), results);
    block.compute(src + row * stride, stride, Math.min(Loops.BLOCK_ROWS, rows - row));
    block.joinTo(folds, results);
    return folds;
  }

  /** Joins the last rows, which are too few to make another wide one. */
  private void rest(Folds folds, long src, long rows) {
    int results = (int) geometry.kept().size();
    long stride = (long) results * geometry.width();
    try (RowBlock block = new RowBlock(geometry, results)) {
      for (long row = 0; row < rows; row += Loops.BLOCK_ROWS) {
        block.compute(src + row * stride, stride, Math.min(Loops.BLOCK_ROWS, rows - row));
        block.joinTo(folds);
      }
    }
  }

  @Override
  public String implementation() {
    return geometry.implementation(false);
  }
}
