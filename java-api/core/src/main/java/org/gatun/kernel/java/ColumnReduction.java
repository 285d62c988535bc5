package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Plan;
import org.gatun.op.BinaryFunction;

/** Many results at a time: row after row of the elements that they are made of. */
record ColumnReduction(ReduceGeometry geometry) implements Plan {
  /** Columns whose sums stay in the first-level cache while the rows go by; a multiple of 64. */
  private static final long TILE = 1024;

  private static final long NARROW_TILE = 64;

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    Nest kept = geometry.kept();
    if (kept.size() == 0) {
      return;
    }
    long src = inputs[0].address();
    long dst = outputs[0].address();
    long means = geometry.withMean() ? outputs[1].address() : 0;
    long share = kept.size() / geometry.threads() / NARROW_TILE * NARROW_TILE;
    long tile = Math.clamp(share, NARROW_TILE, TILE);
    kept.run(
        geometry.context().workers(),
        geometry.threads(),
        geometry.grain(),
        1,
        tile,
        (at, _, columns) -> {
          long from = src + at[1];
          long to = dst + at[0];
          if (geometry.statistic().isOfLoops()
              && geometry.statistic().join() == Statistic.Join.MAX) {
            max(from, columns, to);
          } else if (isOneSum()) {
            sum(from, columns, to);
          } else {
            store(folds(from, (int) columns), to, geometry.withMean() ? means + at[2] : 0);
          }
        });
  }

  private void store(Folds folds, long dst, long means) {
    geometry.store(folds.results(), dst);
    if (geometry.withMean()) {
      geometry.store(folds.means(), means);
    }
  }

  /** Returns whether a result is a sum of one block, or a mean, with nothing to be joined. */
  private boolean isOneSum() {
    Statistic statistic = geometry.statistic();
    long rows = geometry.reduced().columns();
    return statistic.isOfLoops()
        && statistic.join() == Statistic.Join.SUM
        && geometry.result() == geometry.dtype()
        && rows == geometry.reduced().size()
        && rows <= Loops.BLOCK_ROWS;
  }

  /** Computes the sums where they belong; a quotient of floats is the double one, rounded. */
  private void sum(long src, long columns, long dst) {
    Nest reduced = geometry.reduced();
    Loops loops = geometry.loops();
    loops.sumRows(src, reduced.columnStride(0), reduced.columns(), columns, dst);
    if (geometry.statistic().ending() == Statistic.Ending.MEAN) {
      loops.binaryRight(BinaryFunction.DIV, dst, reduced.columns(), dst, columns);
    }
  }

  private void max(long src, long columns, long dst) {
    Nest reduced = geometry.reduced();
    MemorySegment.copy(ALL, src, ALL, dst, columns * geometry.width());
    reduced.run(
        geometry.context().workers(),
        1,
        1,
        1,
        reduced.columns(),
        (at, _, rows) ->
            geometry.loops().maxRows(src + at[0], reduced.columnStride(0), rows, columns, dst));
  }

  private Folds folds(long src, int columns) {
    Nest reduced = geometry.reduced();
    Folds folds = new Folds(geometry.statistic(), columns);
    try (RowBlock block = new RowBlock(geometry, columns)) {
      reduced.run(
          geometry.context().workers(),
          1,
          1,
          1,
          Loops.BLOCK_ROWS,
          (at, _, rows) -> {
            block.compute(src + at[0], reduced.columnStride(0), rows);
            block.joinTo(folds);
          });
    }
    return folds;
  }

  @Override
  public String implementation() {
    return geometry.implementation(false);
  }
}
