package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.foreign.MemorySegment;

/** Moves in plain Java. */
final class ScalarMoveLoops implements MoveLoops {
  static final MoveLoops INSTANCE = new ScalarMoveLoops();

  /** Rows up to this size are copied word by word: a bulk copy costs some nanoseconds to start. */
  private static final long SHORT_ROW = 64;

  /** Square tiles of this size: 16 elements of 4 bytes are a cache line. */
  private static final long TILE = 16;

  private ScalarMoveLoops() {}

  @Override
  public String implementation() {
    return "java:scalar";
  }

  @Override
  public void rows(long src, long srcRow, long dst, long dstRow, long rows, long byteCount) {
    if (byteCount > SHORT_ROW) {
      for (long row = 0; row < rows; row++) {
        MemorySegment.copy(ALL, src + row * srcRow, ALL, dst + row * dstRow, byteCount);
      }
      return;
    }
    for (long row = 0; row < rows; row++) {
      word(src + row * srcRow, dst + row * dstRow, byteCount);
    }
  }

  private static void word(long src, long dst, long byteCount) {
    long i = 0;
    for (; i + 8 <= byteCount; i += 8) {
      ALL.set(LONG, dst + i, ALL.get(LONG, src + i));
    }
    for (; i < byteCount; i++) {
      ALL.set(BYTE, dst + i, ALL.get(BYTE, src + i));
    }
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
    if (columns < TILE && rows > columns) {
      // The longer loop inside: starting one costs more than an element.
      block(width, src, srcColumn, srcRow, dst, dstColumn, dstRow, columns, rows);
      return;
    }
    // Tiles only where both sides are far apart in one direction: a single row has none.
    long tileColumns = rows == 1 ? columns : TILE;
    for (long row = 0; row < rows; row += TILE) {
      long m = Math.min(TILE, rows - row);
      for (long column = 0; column < columns; column += tileColumns) {
        long n = Math.min(tileColumns, columns - column);
        long from = src + row * srcRow + column * srcColumn;
        long to = dst + row * dstRow + column * dstColumn;
        for (long i = 0; i < m; i++) {
          switch (width) {
            case 1 -> bytes(from, srcColumn, to, dstColumn, n);
            case 2 -> shorts(from, srcColumn, to, dstColumn, n);
            case 4 -> ints(from, srcColumn, to, dstColumn, n);
            case 8 -> longs(from, srcColumn, to, dstColumn, n);
            default -> throw new AssertionError("no element has " + width + " bytes");
          }
          from += srcRow;
          to += dstRow;
        }
      }
    }
  }

  private static void bytes(long src, long srcStep, long dst, long dstStep, long n) {
    for (long i = 0; i < n; i++) {
      ALL.set(BYTE, dst + i * dstStep, ALL.get(BYTE, src + i * srcStep));
    }
  }

  private static void shorts(long src, long srcStep, long dst, long dstStep, long n) {
    for (long i = 0; i < n; i++) {
      ALL.set(SHORT, dst + i * dstStep, ALL.get(SHORT, src + i * srcStep));
    }
  }

  private static void ints(long src, long srcStep, long dst, long dstStep, long n) {
    for (long i = 0; i < n; i++) {
      ALL.set(INT, dst + i * dstStep, ALL.get(INT, src + i * srcStep));
    }
  }

  private static void longs(long src, long srcStep, long dst, long dstStep, long n) {
    for (long i = 0; i < n; i++) {
      ALL.set(LONG, dst + i * dstStep, ALL.get(LONG, src + i * srcStep));
    }
  }
}
