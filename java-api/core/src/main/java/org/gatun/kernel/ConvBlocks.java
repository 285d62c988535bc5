package org.gatun.kernel;

/** How the work of a convolution is cut. */
final class ConvBlocks {
  /**
   * Elements of the columns that are made at a time: they are to stay in the second-level cache.
   */
  private static final long COLUMNS = 1 << 16;

  /** Fewer columns than this make a slow product. */
  private static final long FEWEST = 64;

  /**
   * The tasks to cut a convolution into, where its blocks stay wide enough. Not one for each
   * thread: the bits of a product may depend on its width, and are not to depend on the number of
   * threads.
   */
  static final long TASKS = 16;

  /** The narrowest that blocks become for the sake of more tasks. */
  private static final long NARROWEST = 32;

  /** Multiplications that are worth a thread. */
  private static final double GRAIN = 1 << 17;

  private ConvBlocks() {}

  /**
   * Returns the positions to take at a time.
   *
   * @param rows the rows of the columns
   * @param others the tasks that there are for each block
   */
  static long positions(long positions, long rows, long others) {
    long shared = Math.ceilDiv(positions * Math.max(1, others), TASKS);
    return Math.min(cached(positions, rows), Math.max(NARROWEST, shared));
  }

  /** Returns the positions to take at a time where they are not what threads share. */
  static long cached(long positions, long rows) {
    long cached = Math.max(FEWEST, COLUMNS / Math.max(1, rows));
    return Math.clamp(cached, 1, Math.max(1, positions));
  }

  /** Returns how many tasks of this many multiplications are worth a thread. */
  static long grain(double multiplications) {
    return (long) Math.max(1, Math.ceil(GRAIN / Math.max(1, multiplications)));
  }
}
