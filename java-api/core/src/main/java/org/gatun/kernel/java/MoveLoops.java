package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.KernelContext;

/** Loops that move blocks of elements of any dtype. Positions and strides are in bytes. */
interface MoveLoops {
  /** Returns the loops to run with. */
  static MoveLoops of(KernelContext context) {
    return context.vector() ? VectorProvider.moves() : ScalarMoveLoops.INSTANCE;
  }

  /**
   * Returns what a plan that uses these loops reports, {@code java:vector} or {@code java:scalar}.
   */
  String implementation();

  /** Copies {@code rows} times {@code byteCount} bytes. */
  void rows(
      MemorySegment src,
      long s,
      long srcRow,
      MemorySegment dst,
      long d,
      long dstRow,
      long rows,
      long byteCount);

  /** Copies {@code rows * columns} elements of {@code width} bytes, 1, 2, 4 or 8. */
  void block(
      int width,
      MemorySegment src,
      long s,
      long srcRow,
      long srcColumn,
      MemorySegment dst,
      long d,
      long dstRow,
      long dstColumn,
      long rows,
      long columns);
}
