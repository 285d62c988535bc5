package org.gatun.kernel.java;

import org.gatun.kernel.KernelContext;

/**
 * Loops that move blocks of elements of any dtype. Operands are given by the address of their first
 * element, strides are in bytes.
 */
interface MoveLoops {
  /** Returns the loops to run with. */
  static MoveLoops of(KernelContext context) {
    return context.vector() ? WarmingMoveLoops.INSTANCE : ScalarMoveLoops.INSTANCE;
  }

  /**
   * Returns what a plan that uses these loops reports, {@code java:vector} or {@code java:scalar}.
   */
  String implementation();

  /** Copies {@code rows} times {@code byteCount} bytes. */
  void rows(long src, long srcRow, long dst, long dstRow, long rows, long byteCount);

  /** Copies {@code rows * columns} elements of {@code width} bytes, 1, 2, 4 or 8. */
  void block(
      int width,
      long src,
      long srcRow,
      long srcColumn,
      long dst,
      long dstRow,
      long dstColumn,
      long rows,
      long columns);
}
