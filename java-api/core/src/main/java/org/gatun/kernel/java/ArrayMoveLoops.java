package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.INT;

import java.lang.foreign.MemorySegment;

/**
 * Moves in plain Java, in which blocks of 4 bytes an element go through arrays: for as long as
 * vector loops are not compiled. Until then an element that is read from memory and written to it
 * takes 500 ns, and one that goes through an array 2.
 */
final class ArrayMoveLoops implements MoveLoops {
  static final MoveLoops INSTANCE = new ArrayMoveLoops();

  private static final MoveLoops SCALAR = ScalarMoveLoops.INSTANCE;
  private static final int BYTES = Integer.BYTES;

  /** Elements that go through the arrays at a time, so that these stay in the cache. */
  private static final long MOST_ELEMENTS = 1 << 13;

  /** Elements of a line from which on copying it costs no more than they. */
  private static final long LINE = 8;

  private ArrayMoveLoops() {}

  @Override
  public String implementation() {
    return SCALAR.implementation();
  }

  @Override
  public void rows(long src, long srcRow, long dst, long dstRow, long rows, long byteCount) {
    SCALAR.rows(src, srcRow, dst, dstRow, rows, byteCount);
  }

  @Override
  public void block(
      int width,
      long src,
      long srcRow,
      long srcColumn,
      long dst,
      long dstRow,
      long dstColumn,
      long rows,
      long columns) {
    if (srcColumn != BYTES && srcRow == BYTES) {
      block(width, src, srcColumn, srcRow, dst, dstColumn, dstRow, columns, rows);
      return;
    }
    boolean turns = dstRow == BYTES;
    boolean lines =
        width == BYTES
            && srcColumn == BYTES
            && (turns || dstColumn == BYTES)
            && isWorthCopying(columns, srcRow)
            && (turns ? isWorthCopying(rows, dstColumn) : isWorthCopying(columns, dstRow));
    if (!lines) {
      SCALAR.block(width, src, srcRow, srcColumn, dst, dstRow, dstColumn, rows, columns);
      return;
    }
    // A line of the result is a column of the block where it turns: those are kept whole.
    long most = Math.max(1, MOST_ELEMENTS / Math.max(1, turns ? rows : columns));
    long step = Math.min(most, turns ? columns : rows);
    int[] in = new int[(int) ((turns ? rows : columns) * step)];
    int[] out = turns ? new int[in.length] : in;
    for (long done = 0; done < (turns ? columns : rows); done += step) {
      if (turns) {
        int n = (int) Math.min(step, columns - done);
        read(src + done * BYTES, srcRow, in, (int) rows, n);
        turn(in, out, (int) rows, n);
        write(out, dst + done * dstColumn, dstColumn, n, (int) rows);
      } else {
        int n = (int) Math.min(step, rows - done);
        read(src + done * srcRow, srcRow, in, n, (int) columns);
        write(in, dst + done * dstRow, dstRow, n, (int) columns);
      }
    }
  }

  /** Returns whether lines are long, or lie one behind the other. */
  private static boolean isWorthCopying(long length, long stride) {
    return length <= MOST_ELEMENTS && (length >= LINE || stride == length * BYTES);
  }

  private static void read(long src, long stride, int[] to, int lines, int length) {
    if (stride == (long) length * BYTES) {
      MemorySegment.copy(ALL, INT, src, to, 0, lines * length);
      return;
    }
    for (int i = 0; i < lines; i++) {
      MemorySegment.copy(ALL, INT, src + i * stride, to, i * length, length);
    }
  }

  private static void turn(int[] from, int[] to, int rows, int columns) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0, i = row * columns; column < columns; column++, i++) {
        to[column * rows + row] = from[i];
      }
    }
  }

  private static void write(int[] from, long dst, long stride, int lines, int length) {
    if (stride == (long) length * BYTES) {
      MemorySegment.copy(from, 0, ALL, INT, dst, lines * length);
      return;
    }
    for (int i = 0; i < lines; i++) {
      MemorySegment.copy(from, i * length, ALL, INT, dst + i * stride, length);
    }
  }
}
