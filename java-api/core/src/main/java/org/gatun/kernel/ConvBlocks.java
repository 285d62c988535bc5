package org.gatun.kernel;

/** How the work of a convolution is cut. */
final class ConvBlocks {
  /**
   * Elements of the columns that are made at a time: they are to stay in the second-level cache.
   */
  private static final long COLUMNS = 1 << 16;

  /** Fewer columns than this make a slow product. */
  private static final long FEWEST = 64;

  /** Multiplications that are worth a thread. */
  private static final double GRAIN = 1 << 17;

  private ConvBlocks() {}

  /**
   * Returns the positions to take at a time.
   *
   * @param rows the rows of the columns
   * @param others the tasks that there are for each block
   * @param threads the threads that are to have a task
   */
  static long positions(long positions, long rows, long others, int threads) {
    long cached = Math.max(FEWEST, COLUMNS / Math.max(1, rows));
    long shared = Math.ceilDiv(positions * Math.max(1, others), threads);
    return Math.clamp(Math.min(cached, shared), 1, Math.max(1, positions));
  }

  /** Returns how many tasks of this many multiplications are worth a thread. */
  static long grain(double multiplications) {
    return (long) Math.max(1, Math.ceil(GRAIN / Math.max(1, multiplications)));
  }
}
