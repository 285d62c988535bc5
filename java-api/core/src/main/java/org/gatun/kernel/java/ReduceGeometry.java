package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.kernel.KernelContext;

/**
 * What a reduction computes of which elements, and with what.
 *
 * @param loops loops over rows
 * @param terms loops over terms
 * @param statistic what is computed
 * @param kept the results: the first output, the input, and, where there is one, the mean
 * @param reduced the elements that make up a result
 * @param dtype the dtype of the elements
 * @param result that of the results
 * @param withMean whether the mean is a second output
 * @param context the threads and the memory
 * @param threads the number of threads
 */
record ReduceGeometry(
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
  /** The fewest elements that are worth a thread. */
  static final long GRAIN = 16 * 1024;

  /** Returns the bytes of an element. */
  int width() {
    return dtype.byteSize();
  }

  /** Returns whether results are made of means and squared deviations. */
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

  /** Computes what a row of elements side by side gives; see {@link Statistic#block}. */
  void block(long src, long count, double[] partial) {
    statistic.block(loops, terms, dtype, src, count, partial);
  }

  /** Returns the number of results that are worth a thread. */
  long grain() {
    return Math.max(1, GRAIN / Math.max(1, reduced.size()));
  }

  /** Returns the address of an output's element. */
  long at(int operand, long base, long[] at, long row, long column) {
    return base + at[operand] + row * kept.rowStride(operand) + column * kept.columnStride(operand);
  }

  /** Stores results that lie side by side. */
  void store(double[] results, long dst) {
    int step = result.byteSize();
    for (int j = 0; j < results.length; j++) {
      ElementRows.store(result, dst + (long) j * step, results[j]);
    }
  }

  /** Returns which code runs. */
  String implementation(boolean alongRows) {
    boolean arrays = statistic.term() == Term.POWER || (!statistic.isOfLoops() && !alongRows);
    return arrays || statistic.join() == Statistic.Join.PRODUCT
        ? "java:scalar"
        : loops.implementation();
  }
}
