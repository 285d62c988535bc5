package org.gatun.kernel.java;

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
  public void rows(
      MemorySegment src,
      long s,
      long srcRow,
      MemorySegment dst,
      long d,
      long dstRow,
      long rows,
      long byteCount) {
    if (byteCount > SHORT_ROW) {
      for (long row = 0; row < rows; row++) {
        MemorySegment.copy(src, s + row * srcRow, dst, d + row * dstRow, byteCount);
      }
      return;
    }
    for (long row = 0; row < rows; row++) {
      word(src, s + row * srcRow, dst, d + row * dstRow, byteCount);
    }
  }

  private static void word(MemorySegment src, long s, MemorySegment dst, long d, long byteCount) {
    long i = 0;
    for (; i + 8 <= byteCount; i += 8) {
      dst.set(LONG, d + i, src.get(LONG, s + i));
    }
    for (; i < byteCount; i++) {
      dst.set(BYTE, d + i, src.get(BYTE, s + i));
    }
  }

  @Override
  public void block(
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
      long columns) {
    // Tiles only where both sides are far apart in one direction: a single row has none.
    long tileColumns = rows == 1 ? columns : TILE;
    for (long row = 0; row < rows; row += TILE) {
      long m = Math.min(TILE, rows - row);
      for (long column = 0; column < columns; column += tileColumns) {
        long n = Math.min(tileColumns, columns - column);
        long from = s + row * srcRow + column * srcColumn;
        long to = d + row * dstRow + column * dstColumn;
        for (long i = 0; i < m; i++) {
          switch (width) {
            case 1 -> bytes(src, from, srcColumn, dst, to, dstColumn, n);
            case 2 -> shorts(src, from, srcColumn, dst, to, dstColumn, n);
            case 4 -> ints(src, from, srcColumn, dst, to, dstColumn, n);
            case 8 -> longs(src, from, srcColumn, dst, to, dstColumn, n);
            default -> throw new AssertionError("no element has " + width + " bytes");
          }
          from += srcRow;
          to += dstRow;
        }
      }
    }
  }

  private static void bytes(
      MemorySegment src, long s, long srcStep, MemorySegment dst, long d, long dstStep, long n) {
    for (long i = 0; i < n; i++) {
      dst.set(BYTE, d + i * dstStep, src.get(BYTE, s + i * srcStep));
    }
  }

  private static void shorts(
      MemorySegment src, long s, long srcStep, MemorySegment dst, long d, long dstStep, long n) {
    for (long i = 0; i < n; i++) {
      dst.set(SHORT, d + i * dstStep, src.get(SHORT, s + i * srcStep));
    }
  }

  private static void ints(
      MemorySegment src, long s, long srcStep, MemorySegment dst, long d, long dstStep, long n) {
    for (long i = 0; i < n; i++) {
      dst.set(INT, d + i * dstStep, src.get(INT, s + i * srcStep));
    }
  }

  private static void longs(
      MemorySegment src, long s, long srcStep, MemorySegment dst, long d, long dstStep, long n) {
    for (long i = 0; i < n; i++) {
      dst.set(LONG, d + i * dstStep, src.get(LONG, s + i * srcStep));
    }
  }
}
