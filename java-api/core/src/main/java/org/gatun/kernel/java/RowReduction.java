package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Plan;

/** One result after the other, from elements that lie side by side. */
record RowReduction(ReduceGeometry geometry) implements Plan {
  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    Nest kept = geometry.kept();
    long src = inputs[0].address();
    long dst = outputs[0].address();
    long means = geometry.withMean() ? outputs[1].address() : 0;
    boolean few =
        kept.size() < geometry.threads() && geometry.reduced().size() >= 2 * ReduceGeometry.GRAIN;
    kept.run(
        geometry.context().workers(),
        few ? 1 : geometry.threads(),
        geometry.grain(),
        (at, rows, columns) -> {
          double[] partial = new double[3];
          for (long row = 0; row < rows; row++) {
            for (long column = 0; column < columns; column++) {
              long s = geometry.at(1, src, at, row, column);
              double result = few ? blocksInParallel(s, partial) : blocks(s, partial);
              ElementRows.store(geometry.result(), geometry.at(0, dst, at, row, column), result);
              if (geometry.withMean()) {
                ElementRows.store(
                    geometry.result(), geometry.at(2, means, at, row, column), partial[0]);
              }
            }
          }
        });
  }

  /** Returns a result; its mean is left in {@code partial[0]} where it has one. */
  private double blocks(long src, double[] partial) {
    long blocks = geometry.blocks();
    if (blocks == 1) {
      long count = geometry.reduced().columns();
      geometry.block(src, count, partial);
      double result = geometry.statistic().result(count, partial[0], partial[2]);
      partial[0] = Folds.mean(partial[0] + partial[1], partial[0]);
      return result;
    }
    Folds fold = new Folds(geometry.statistic(), 1);
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
        .context()
        .workers()
        .parallel(
            geometry.threads(),
            blocks,
            Math.max(1, ReduceGeometry.GRAIN / geometry.blockSize(0)),
            (from, to) -> {
              double[] partial = new double[3];
              for (long i = from; i < to; i++) {
                block(src, i, partial);
                System.arraycopy(partial, 0, partials, 3 * (int) i, 3);
              }
            });
    Folds fold = new Folds(geometry.statistic(), 1);
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
