package org.gatun.kernel.java;

import org.gatun.Layout;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Spares;
import org.gatun.kernel.Workers;

/** A copy from one layout to another of the same shape and dtype, made ready. */
final class StridedCopy {
  private static final long GRAIN_BYTES = 128 * 1024;
  private static final long BLOCK_ROWS = 64;

  /** Rows of fewer bytes are copied in less time than it takes to start on a block of few. */
  private static final long SHORT_ROW = 256;

  private static final long FEW_ROWS = 8;
  private static final long BLOCK_COLUMNS = 64;

  private final MoveLoops loops;
  private final Workers workers;
  private final int threads;
  private final Nest nest;
  private final int width;
  private final boolean sideBySide;
  private final Spares<Copying> spares = new Spares<>(Copying::new);

  private StridedCopy(
      MoveLoops loops, Workers workers, int threads, Nest nest, int width, boolean sideBySide) {
    this.loops = loops;
    this.workers = workers;
    this.threads = threads;
    this.nest = nest;
    this.width = width;
    this.sideBySide = sideBySide;
  }

  /** Returns the copy, which runs with the threads of the request. */
  static StridedCopy of(PlanRequest request, Layout from, Layout to) {
    Nest nest = Nest.of(to, from);
    int width = to.dtype().byteSize();
    boolean sideBySide = nest.columnStride(0) == width && nest.columnStride(1) == width;
    if (!sideBySide) {
      nest = nest.withRows(closest(nest));
    } else if (nest.rows() < FEW_ROWS && nest.columns() * width < SHORT_ROW) {
      nest = nest.withRows(longest(nest));
    }
    return new StridedCopy(
        MoveLoops.of(request.context()),
        request.context().workers(),
        request.threads(),
        nest,
        width,
        sideBySide);
  }

  /**
   * Returns the longest loop around the innermost one: where rows are short, such as those of a
   * tensor that is repeated, starting on a block costs more than its copy.
   */
  private static int longest(Nest nest) {
    int longest = nest.depth() - 2;
    for (int loop = 0; loop < nest.depth() - 1; loop++) {
      longest = nest.size(loop) > nest.size(longest) ? loop : longest;
    }
    return longest;
  }

  /**
   * Returns the loop along which the source lies side by side: with the innermost one, along which
   * the destination does, it makes tiles that use whole cache lines of both.
   */
  private static int closest(Nest nest) {
    int closest = nest.depth() - 2;
    for (int loop = 0; loop < nest.depth() - 1; loop++) {
      long stride = nest.stride(1, loop);
      boolean closer = nest.stride(1, closest) == 0 || stride < nest.stride(1, closest);
      if (nest.size(loop) > 1 && stride > 0 && closer) {
        closest = loop;
      }
    }
    return closest;
  }

  /** Returns which code runs. */
  String implementation() {
    return loops.implementation();
  }

  /** Copies from the address of the first element to that of the first element there. */
  void run(long src, long dst) {
    Copying copying = spares.take();
    copying.src = src;
    copying.dst = dst;
    long grain = GRAIN_BYTES / width;
    if (sideBySide) {
      nest.run(workers, threads, grain, copying);
    } else if (nest.size() > 0) {
      // Of few columns a block has more rows, since it costs some nanoseconds to start on one.
      long across = Math.clamp(nest.columns(), 1, BLOCK_COLUMNS);
      nest.run(
          workers,
          threads,
          grain,
          BLOCK_ROWS * BLOCK_COLUMNS / across,
          nest.rows() == 1 ? grain : BLOCK_COLUMNS,
          copying);
    }
    spares.giveBack(copying);
  }

  /** A copy from somewhere to somewhere. */
  private final class Copying implements Nest.Block {
    private long src;
    private long dst;

    @Override
    public void run(long[] at, long rows, long columns) {
      if (sideBySide) {
        loops.rows(
            src + at[1], nest.rowStride(1), dst + at[0], nest.rowStride(0), rows, columns * width);
      } else {
        loops.block(
            width,
            src + at[1],
            nest.rowStride(1),
            nest.columnStride(1),
            dst + at[0],
            nest.rowStride(0),
            nest.columnStride(0),
            rows,
            columns);
      }
    }
  }
}
