package org.gatun.kernel.java;

/**
 * The loops that move blocks with the Vector API, in whose place those in plain Java run until the
 * first are compiled.
 */
final class WarmingMoveLoops implements MoveLoops {
  static final MoveLoops INSTANCE = new WarmingMoveLoops();

  private static final MoveLoops PLAIN = ArrayMoveLoops.INSTANCE;

  /** The bytes of a row of a slice, and its rows and columns where it is transposed. */
  private static final long ROW = 400;

  /** The fewest elements of a row that are taken in turn with those of others. */
  private static final long INTERLEAVED = 8;

  private static final long SIDE = 16;

  /** Squares of sixteen by sixteen and of eight by eight. */
  private static final long BOTH = 24;

  private static final long COLOURS = 3;

  private final WarmUp rows =
      new WarmUp(memory -> vector().rows(memory, ROW, last(memory), ROW, 4, ROW));
  private final WarmUp reversed =
      new WarmUp(memory -> slice(memory, 4, ROW, -4, SIDE * 4, 4, 4, SIDE));
  private final WarmUp colours =
      new WarmUp(memory -> slice(memory, 4, 4, ROW, COLOURS * 4, 4, 12 * SIDE, COLOURS));
  private final WarmUp planes =
      new WarmUp(memory -> slice(memory, 4, 4, COLOURS * 4, ROW, 4, COLOURS, 6 * SIDE));
  private final WarmUp interleaved =
      new WarmUp(
          memory -> {
            slice(memory, 4, 4, ROW, 2 * 4, 4, 4 * SIDE, 2);
            slice(memory, 4, 4, ROW, 4 * 4, 4, 4 * SIDE, 4);
          });
  private final WarmUp ints =
      new WarmUp(memory -> slice(memory, 4, 4, BOTH * 4, BOTH * 4, 4, BOTH, BOTH));
  private final WarmUp longs =
      new WarmUp(memory -> slice(memory, 8, 8, SIDE * 8, SIDE * 8, 8, SIDE, SIDE));

  private WarmingMoveLoops() {}

  /** Touches the class when something is first to be compiled. */
  private static MoveLoops vector() {
    return VectorProvider.moves();
  }

  private static long last(long memory) {
    return memory + 3 * WarmUp.OPERAND_BYTES;
  }

  private static void slice(
      long memory,
      int width,
      long srcRow,
      long srcColumn,
      long dstRow,
      long dstColumn,
      long rows,
      long columns) {
    long src = memory + WarmUp.OPERAND_BYTES;
    vector().block(width, src, srcRow, srcColumn, last(memory), dstRow, dstColumn, rows, columns);
  }

  @Override
  public String implementation() {
    return "java:vector";
  }

  @Override
  public void rows(long src, long srcRow, long dst, long dstRow, long rows, long byteCount) {
    MoveLoops loops = this.rows.isDone(rows * byteCount / Integer.BYTES) ? vector() : PLAIN;
    loops.rows(src, srcRow, dst, dstRow, rows, byteCount);
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
    WarmUp compiled = block(width, srcColumn, dstRow, rows, columns);
    MoveLoops loops = compiled.isDone(rows * columns) ? vector() : PLAIN;
    loops.block(width, src, srcRow, srcColumn, dst, dstRow, dstColumn, rows, columns);
  }

  /** Returns what has to be compiled for a block, if it is one that is moved in vectors. */
  private WarmUp block(int width, long srcColumn, long dstRow, long rows, long columns) {
    if (srcColumn < 0) {
      return reversed;
    }
    if (width == 4 && rows == COLOURS && srcColumn == COLOURS * width) {
      return planes;
    }
    if (interleaves(width, dstRow, rows, columns)) {
      return interleaved;
    }
    return width == 8 ? longs : columns == COLOURS ? colours : ints;
  }

  /**
   * Returns whether two or four rows are taken in turn, such as the groups of shuffled channels.
   */
  static boolean interleaves(int width, long dstRow, long rows, long columns) {
    return width == 4
        && (columns == 2 || columns == 4)
        && dstRow == columns * width
        && rows >= INTERLEAVED;
  }
}
