package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Moves with the Vector API: short rows, and transpositions of elements of 2, 4 and 8 bytes. */
final class VectorMoveLoops implements MoveLoops {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_128;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;

  /** Longer rows are left to the bulk copy, which costs some nanoseconds to start. */
  private static final long SHORT_ROW = 1024;

  /** The side of a square that is transposed in registers. */
  private static final long SIDE = 8;

  /** Squares of 4-byte elements that make up a cache line. */
  private static final long TILE = 2 * SIDE;

  private static final boolean SQUARES = VectorSquare.fits();

  /** Lanes of two vectors in turn, those of their lower halves and those of their upper ones. */
  private static final ShortVector SHORT_LOW =
      ShortVector.fromArray(SHORTS, new short[] {0, 8, 1, 9, 2, 10, 3, 11}, 0);

  private static final ShortVector SHORT_HIGH =
      ShortVector.fromArray(SHORTS, new short[] {4, 12, 5, 13, 6, 14, 7, 15}, 0);
  private static final IntVector INT_LOW =
      IntVector.fromArray(INTS, new int[] {0, 8, 1, 9, 2, 10, 3, 11}, 0);

  private static final IntVector INT_HIGH =
      IntVector.fromArray(INTS, new int[] {4, 12, 5, 13, 6, 14, 7, 15}, 0);
  private static final LongVector LONG_LOW =
      LongVector.fromArray(LONGS, new long[] {0, 8, 1, 9, 2, 10, 3, 11}, 0);
  private static final LongVector LONG_HIGH =
      LongVector.fromArray(LONGS, new long[] {4, 12, 5, 13, 6, 14, 7, 15}, 0);

  // Of three vectors in turn: where the lanes of each result are in the first two, and in the
  // third.
  private static final IntVector PAIR_0 =
      IntVector.fromArray(INTS, new int[] {0, 8, 0, 1, 9, 0, 2, 10}, 0);
  private static final IntVector PAIR_1 =
      IntVector.fromArray(INTS, new int[] {0, 3, 11, 0, 4, 12, 0, 5}, 0);
  private static final IntVector PAIR_2 =
      IntVector.fromArray(INTS, new int[] {13, 0, 6, 14, 0, 7, 15, 0}, 0);
  private static final VectorShuffle<Integer> OTHER_0 =
      VectorShuffle.fromValues(INTS, 0, 0, 0, 0, 0, 1, 0, 0);
  private static final VectorShuffle<Integer> OTHER_1 =
      VectorShuffle.fromValues(INTS, 2, 0, 0, 3, 0, 0, 4, 0);
  private static final VectorShuffle<Integer> OTHER_2 =
      VectorShuffle.fromValues(INTS, 0, 5, 0, 0, 6, 0, 0, 7);
  private static final VectorMask<Integer> IS_OTHER_0 = VectorMask.fromLong(INTS, 0b00100100);
  private static final VectorMask<Integer> IS_OTHER_1 = VectorMask.fromLong(INTS, 0b01001001);
  private static final VectorMask<Integer> IS_OTHER_2 = VectorMask.fromLong(INTS, 0b10010010);

  // Every third lane of three vectors: those of the first two, and the last ones, of the third.
  private static final IntVector RED =
      IntVector.fromArray(INTS, new int[] {0, 3, 6, 9, 12, 15, 0, 0}, 0);
  private static final IntVector GREEN =
      IntVector.fromArray(INTS, new int[] {1, 4, 7, 10, 13, 0, 0, 0}, 0);
  private static final IntVector BLUE =
      IntVector.fromArray(INTS, new int[] {2, 5, 8, 11, 14, 0, 0, 0}, 0);
  private static final VectorShuffle<Integer> LAST_RED =
      VectorShuffle.fromValues(INTS, 0, 0, 0, 0, 0, 0, 2, 5);
  private static final VectorShuffle<Integer> LAST_GREEN =
      VectorShuffle.fromValues(INTS, 0, 0, 0, 0, 0, 0, 3, 6);
  private static final VectorShuffle<Integer> LAST_BLUE =
      VectorShuffle.fromValues(INTS, 0, 0, 0, 0, 0, 1, 4, 7);
  private static final VectorMask<Integer> IS_LAST_RED = VectorMask.fromLong(INTS, 0b11000000);
  private static final VectorMask<Integer> IS_LAST_OTHER = VectorMask.fromLong(INTS, 0b11100000);

  /** Columns of an image: red, green and blue. */
  private static final long COLOURS = 3;

  private static final VectorShuffle<Byte>[] REVERSED = reversed();

  private static final MoveLoops SCALAR = ScalarMoveLoops.INSTANCE;

  VectorMoveLoops() {}

  @Override
  public String implementation() {
    return "java:vector";
  }

  @Override
  public void rows(long src, long srcRow, long dst, long dstRow, long rows, long byteCount) {
    if (byteCount < BYTES.length() || byteCount > SHORT_ROW) {
      SCALAR.rows(src, srcRow, dst, dstRow, rows, byteCount);
      return;
    }
    for (long row = 0; row < rows; row++) {
      row(src + row * srcRow, dst + row * dstRow, byteCount);
    }
  }

  /** The last vector overlaps the one before it. */
  private static void row(long src, long dst, long byteCount) {
    long last = byteCount - BYTES.length();
    for (long i = 0; i < last; i += BYTES.length()) {
      ByteVector.fromMemorySegment(BYTES, ALL, src + i, ORDER)
          .intoMemorySegment(ALL, dst + i, ORDER);
    }
    ByteVector.fromMemorySegment(BYTES, ALL, src + last, ORDER)
        .intoMemorySegment(ALL, dst + last, ORDER);
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
    if (srcColumn == -width && dstColumn == width && columns * width >= BYTES.length()) {
      for (long row = 0; row < rows; row++) {
        reverse(width, src + row * srcRow, dst + row * dstRow, columns);
      }
      return;
    }
    boolean crossed = srcRow == width && dstColumn == width;
    if (crossed && width == 4 && columns == COLOURS && dstRow == COLOURS * width) {
      long full = rows - rows % SIDE;
      for (long row = 0; row < full; row += SIDE) {
        colours(src + row * width, srcColumn, dst + row * dstRow);
      }
      SCALAR.block(
          width,
          src + full * width,
          srcRow,
          srcColumn,
          dst + full * dstRow,
          dstRow,
          dstColumn,
          rows - full,
          columns);
      return;
    }
    if (crossed && width == 4 && rows == COLOURS && srcColumn == COLOURS * width) {
      long full = columns - columns % SIDE;
      for (long column = 0; column < full; column += SIDE) {
        planes(src + column * srcColumn, dst + column * width, dstRow);
      }
      SCALAR.block(
          width,
          src + full * srcColumn,
          srcRow,
          srcColumn,
          dst + full * width,
          dstRow,
          dstColumn,
          rows,
          columns - full);
      return;
    }
    if (crossed && WarmingMoveLoops.interleaves(width, dstRow, rows, columns)) {
      for (long row = 0; row < rows; row += SIDE) {
        long from = Math.min(row, rows - SIDE); // The last ones overlap those before them.
        if (columns == 2) {
          pairs(src + from * width, srcColumn, dst + from * dstRow);
        } else {
          fours(src + from * width, srcColumn, dst + from * dstRow);
        }
      }
      return;
    }
    if (!crossed || width < 2 || rows < SIDE || columns < SIDE) {
      SCALAR.block(width, src, srcRow, srcColumn, dst, dstRow, dstColumn, rows, columns);
      return;
    }
    long fullRows = rows - rows % SIDE;
    long fullColumns = columns - columns % SIDE;
    for (long row = 0; row < fullRows; row += TILE) {
      for (long column = 0; column < fullColumns; column += TILE) {
        tile(
            width,
            src + row * width + column * srcColumn,
            srcColumn,
            dst + row * dstRow + column * width,
            dstRow,
            Math.min(TILE, fullRows - row),
            Math.min(TILE, fullColumns - column));
      }
    }
    if (fullColumns < columns) {
      SCALAR.block(
          width,
          src + fullColumns * srcColumn,
          srcRow,
          srcColumn,
          dst + fullColumns * width,
          dstRow,
          width,
          fullRows,
          columns - fullColumns);
    }
    if (fullRows < rows) {
      SCALAR.block(
          width,
          src + fullRows * width,
          srcRow,
          srcColumn,
          dst + fullRows * dstRow,
          dstRow,
          width,
          rows - fullRows,
          columns);
    }
  }

  /** Takes eight elements of two rows in turn. */
  private static void pairs(long src, long srcColumn, long dst) {
    IntVector r0 = IntVector.fromMemorySegment(INTS, ALL, src, ORDER);
    IntVector r1 = IntVector.fromMemorySegment(INTS, ALL, src + srcColumn, ORDER);
    INT_LOW.selectFrom(r0, r1).intoMemorySegment(ALL, dst, ORDER);
    INT_HIGH.selectFrom(r0, r1).intoMemorySegment(ALL, dst + INTS.vectorByteSize(), ORDER);
  }

  /** Takes eight elements of four rows in turn. */
  private static void fours(long src, long srcColumn, long dst) {
    IntVector r0 = IntVector.fromMemorySegment(INTS, ALL, src, ORDER);
    IntVector r1 = IntVector.fromMemorySegment(INTS, ALL, src + srcColumn, ORDER);
    IntVector r2 = IntVector.fromMemorySegment(INTS, ALL, src + 2 * srcColumn, ORDER);
    IntVector r3 = IntVector.fromMemorySegment(INTS, ALL, src + 3 * srcColumn, ORDER);
    IntVector even = INT_LOW.selectFrom(r0, r2);
    IntVector odd = INT_LOW.selectFrom(r1, r3);
    long step = INTS.vectorByteSize();
    INT_LOW.selectFrom(even, odd).intoMemorySegment(ALL, dst, ORDER);
    INT_HIGH.selectFrom(even, odd).intoMemorySegment(ALL, dst + step, ORDER);
    even = INT_HIGH.selectFrom(r0, r2);
    odd = INT_HIGH.selectFrom(r1, r3);
    INT_LOW.selectFrom(even, odd).intoMemorySegment(ALL, dst + 2 * step, ORDER);
    INT_HIGH.selectFrom(even, odd).intoMemorySegment(ALL, dst + 3 * step, ORDER);
  }

  /** Puts eight elements of each of three rows side by side, as images of three colours lie. */
  private static void colours(long src, long srcColumn, long dst) {
    IntVector r0 = IntVector.fromMemorySegment(INTS, ALL, src, ORDER);
    IntVector r1 = IntVector.fromMemorySegment(INTS, ALL, src + srcColumn, ORDER);
    IntVector r2 = IntVector.fromMemorySegment(INTS, ALL, src + 2 * srcColumn, ORDER);
    IntVector t0 = PAIR_0.selectFrom(r0, r1).blend(r2.rearrange(OTHER_0), IS_OTHER_0);
    IntVector t1 = PAIR_1.selectFrom(r0, r1).blend(r2.rearrange(OTHER_1), IS_OTHER_1);
    IntVector t2 = PAIR_2.selectFrom(r0, r1).blend(r2.rearrange(OTHER_2), IS_OTHER_2);
    t0.intoMemorySegment(ALL, dst, ORDER);
    t1.intoMemorySegment(ALL, dst + INTS.vectorByteSize(), ORDER);
    t2.intoMemorySegment(ALL, dst + 2 * INTS.vectorByteSize(), ORDER);
  }

  /** Puts eight pixels of three colours into three rows, the other way round. */
  private static void planes(long src, long dst, long dstRow) {
    IntVector r0 = IntVector.fromMemorySegment(INTS, ALL, src, ORDER);
    IntVector r1 = IntVector.fromMemorySegment(INTS, ALL, src + INTS.vectorByteSize(), ORDER);
    IntVector r2 = IntVector.fromMemorySegment(INTS, ALL, src + 2 * INTS.vectorByteSize(), ORDER);
    IntVector t0 = RED.selectFrom(r0, r1).blend(r2.rearrange(LAST_RED), IS_LAST_RED);
    IntVector t1 = GREEN.selectFrom(r0, r1).blend(r2.rearrange(LAST_GREEN), IS_LAST_OTHER);
    IntVector t2 = BLUE.selectFrom(r0, r1).blend(r2.rearrange(LAST_BLUE), IS_LAST_OTHER);
    t0.intoMemorySegment(ALL, dst, ORDER);
    t1.intoMemorySegment(ALL, dst + dstRow, ORDER);
    t2.intoMemorySegment(ALL, dst + 2 * dstRow, ORDER);
  }

  /** Copies a row backwards; the last vector overlaps the one before it. */
  private static void reverse(int width, long src, long dst, long columns) {
    VectorShuffle<Byte> order = REVERSED[Integer.numberOfTrailingZeros(width)];
    long last = columns * width - BYTES.length();
    long end = src + width - BYTES.length();
    for (long i = 0; i < last; i += BYTES.length()) {
      ByteVector.fromMemorySegment(BYTES, ALL, end - i, ORDER)
          .rearrange(order)
          .intoMemorySegment(ALL, dst + i, ORDER);
    }
    ByteVector.fromMemorySegment(BYTES, ALL, end - last, ORDER)
        .rearrange(order)
        .intoMemorySegment(ALL, dst + last, ORDER);
  }

  /** The bytes of a vector with the elements, of 1, 2, 4 and 8 bytes, in reverse order. */
  @SuppressWarnings({"rawtypes", "unchecked"})
  private static VectorShuffle<Byte>[] reversed() {
    VectorShuffle[] orders = new VectorShuffle[4];
    for (int i = 0; i < orders.length; i++) {
      int width = 1 << i;
      orders[i] = VectorShuffle.fromOp(BYTES, at -> BYTES.length() - width - at + 2 * (at % width));
    }
    return orders;
  }

  private static void tile(
      int width, long src, long srcColumn, long dst, long dstRow, long rows, long columns) {
    if (SQUARES && width == 4 && rows == VectorSquare.SIDE && columns == VectorSquare.SIDE) {
      VectorSquare.transpose(src, srcColumn, dst, dstRow);
      return;
    }
    for (long column = 0; column < columns; column += SIDE) {
      for (long row = 0; row < rows; row += SIDE) {
        long from = src + row * width + column * srcColumn;
        long to = dst + row * dstRow + column * width;
        if (width == 2) {
          shorts(from, srcColumn, to, dstRow);
        } else if (width == 4) {
          ints(from, srcColumn, to, dstRow);
        } else {
          longs(from, srcColumn, to, dstRow);
        }
      }
    }
  }

  /** Transposes a square of eight by eight elements: three times an interleaving of its halves. */
  private static void shorts(long src, long srcColumn, long dst, long dstRow) {
    ShortVector r0 = ShortVector.fromMemorySegment(SHORTS, ALL, src, ORDER);
    ShortVector r1 = ShortVector.fromMemorySegment(SHORTS, ALL, src + 1 * srcColumn, ORDER);
    ShortVector r2 = ShortVector.fromMemorySegment(SHORTS, ALL, src + 2 * srcColumn, ORDER);
    ShortVector r3 = ShortVector.fromMemorySegment(SHORTS, ALL, src + 3 * srcColumn, ORDER);
    ShortVector r4 = ShortVector.fromMemorySegment(SHORTS, ALL, src + 4 * srcColumn, ORDER);
    ShortVector r5 = ShortVector.fromMemorySegment(SHORTS, ALL, src + 5 * srcColumn, ORDER);
    ShortVector r6 = ShortVector.fromMemorySegment(SHORTS, ALL, src + 6 * srcColumn, ORDER);
    ShortVector r7 = ShortVector.fromMemorySegment(SHORTS, ALL, src + 7 * srcColumn, ORDER);
    ShortVector a0 = SHORT_LOW.selectFrom(r0, r4);
    ShortVector a1 = SHORT_HIGH.selectFrom(r0, r4);
    ShortVector a2 = SHORT_LOW.selectFrom(r1, r5);
    ShortVector a3 = SHORT_HIGH.selectFrom(r1, r5);
    ShortVector a4 = SHORT_LOW.selectFrom(r2, r6);
    ShortVector a5 = SHORT_HIGH.selectFrom(r2, r6);
    ShortVector a6 = SHORT_LOW.selectFrom(r3, r7);
    ShortVector a7 = SHORT_HIGH.selectFrom(r3, r7);
    ShortVector b0 = SHORT_LOW.selectFrom(a0, a4);
    ShortVector b1 = SHORT_HIGH.selectFrom(a0, a4);
    ShortVector b2 = SHORT_LOW.selectFrom(a1, a5);
    ShortVector b3 = SHORT_HIGH.selectFrom(a1, a5);
    ShortVector b4 = SHORT_LOW.selectFrom(a2, a6);
    ShortVector b5 = SHORT_HIGH.selectFrom(a2, a6);
    ShortVector b6 = SHORT_LOW.selectFrom(a3, a7);
    ShortVector b7 = SHORT_HIGH.selectFrom(a3, a7);
    ShortVector t0 = SHORT_LOW.selectFrom(b0, b4);
    ShortVector t1 = SHORT_HIGH.selectFrom(b0, b4);
    ShortVector t2 = SHORT_LOW.selectFrom(b1, b5);
    ShortVector t3 = SHORT_HIGH.selectFrom(b1, b5);
    ShortVector t4 = SHORT_LOW.selectFrom(b2, b6);
    ShortVector t5 = SHORT_HIGH.selectFrom(b2, b6);
    ShortVector t6 = SHORT_LOW.selectFrom(b3, b7);
    ShortVector t7 = SHORT_HIGH.selectFrom(b3, b7);
    t0.intoMemorySegment(ALL, dst, ORDER);
    t1.intoMemorySegment(ALL, dst + 1 * dstRow, ORDER);
    t2.intoMemorySegment(ALL, dst + 2 * dstRow, ORDER);
    t3.intoMemorySegment(ALL, dst + 3 * dstRow, ORDER);
    t4.intoMemorySegment(ALL, dst + 4 * dstRow, ORDER);
    t5.intoMemorySegment(ALL, dst + 5 * dstRow, ORDER);
    t6.intoMemorySegment(ALL, dst + 6 * dstRow, ORDER);
    t7.intoMemorySegment(ALL, dst + 7 * dstRow, ORDER);
  }

  /** Transposes a square of eight by eight elements: three times an interleaving of its halves. */
  private static void ints(long src, long srcColumn, long dst, long dstRow) {
    IntVector r0 = IntVector.fromMemorySegment(INTS, ALL, src, ORDER);
    IntVector r1 = IntVector.fromMemorySegment(INTS, ALL, src + 1 * srcColumn, ORDER);
    IntVector r2 = IntVector.fromMemorySegment(INTS, ALL, src + 2 * srcColumn, ORDER);
    IntVector r3 = IntVector.fromMemorySegment(INTS, ALL, src + 3 * srcColumn, ORDER);
    IntVector r4 = IntVector.fromMemorySegment(INTS, ALL, src + 4 * srcColumn, ORDER);
    IntVector r5 = IntVector.fromMemorySegment(INTS, ALL, src + 5 * srcColumn, ORDER);
    IntVector r6 = IntVector.fromMemorySegment(INTS, ALL, src + 6 * srcColumn, ORDER);
    IntVector r7 = IntVector.fromMemorySegment(INTS, ALL, src + 7 * srcColumn, ORDER);
    IntVector a0 = INT_LOW.selectFrom(r0, r4);
    IntVector a1 = INT_HIGH.selectFrom(r0, r4);
    IntVector a2 = INT_LOW.selectFrom(r1, r5);
    IntVector a3 = INT_HIGH.selectFrom(r1, r5);
    IntVector a4 = INT_LOW.selectFrom(r2, r6);
    IntVector a5 = INT_HIGH.selectFrom(r2, r6);
    IntVector a6 = INT_LOW.selectFrom(r3, r7);
    IntVector a7 = INT_HIGH.selectFrom(r3, r7);
    IntVector b0 = INT_LOW.selectFrom(a0, a4);
    IntVector b1 = INT_HIGH.selectFrom(a0, a4);
    IntVector b2 = INT_LOW.selectFrom(a1, a5);
    IntVector b3 = INT_HIGH.selectFrom(a1, a5);
    IntVector b4 = INT_LOW.selectFrom(a2, a6);
    IntVector b5 = INT_HIGH.selectFrom(a2, a6);
    IntVector b6 = INT_LOW.selectFrom(a3, a7);
    IntVector b7 = INT_HIGH.selectFrom(a3, a7);
    IntVector t0 = INT_LOW.selectFrom(b0, b4);
    IntVector t1 = INT_HIGH.selectFrom(b0, b4);
    IntVector t2 = INT_LOW.selectFrom(b1, b5);
    IntVector t3 = INT_HIGH.selectFrom(b1, b5);
    IntVector t4 = INT_LOW.selectFrom(b2, b6);
    IntVector t5 = INT_HIGH.selectFrom(b2, b6);
    IntVector t6 = INT_LOW.selectFrom(b3, b7);
    IntVector t7 = INT_HIGH.selectFrom(b3, b7);
    t0.intoMemorySegment(ALL, dst, ORDER);
    t1.intoMemorySegment(ALL, dst + 1 * dstRow, ORDER);
    t2.intoMemorySegment(ALL, dst + 2 * dstRow, ORDER);
    t3.intoMemorySegment(ALL, dst + 3 * dstRow, ORDER);
    t4.intoMemorySegment(ALL, dst + 4 * dstRow, ORDER);
    t5.intoMemorySegment(ALL, dst + 5 * dstRow, ORDER);
    t6.intoMemorySegment(ALL, dst + 6 * dstRow, ORDER);
    t7.intoMemorySegment(ALL, dst + 7 * dstRow, ORDER);
  }

  /** Transposes a square of eight by eight elements: three times an interleaving of its halves. */
  private static void longs(long src, long srcColumn, long dst, long dstRow) {
    LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, src, ORDER);
    LongVector r1 = LongVector.fromMemorySegment(LONGS, ALL, src + 1 * srcColumn, ORDER);
    LongVector r2 = LongVector.fromMemorySegment(LONGS, ALL, src + 2 * srcColumn, ORDER);
    LongVector r3 = LongVector.fromMemorySegment(LONGS, ALL, src + 3 * srcColumn, ORDER);
    LongVector r4 = LongVector.fromMemorySegment(LONGS, ALL, src + 4 * srcColumn, ORDER);
    LongVector r5 = LongVector.fromMemorySegment(LONGS, ALL, src + 5 * srcColumn, ORDER);
    LongVector r6 = LongVector.fromMemorySegment(LONGS, ALL, src + 6 * srcColumn, ORDER);
    LongVector r7 = LongVector.fromMemorySegment(LONGS, ALL, src + 7 * srcColumn, ORDER);
    LongVector a0 = LONG_LOW.selectFrom(r0, r4);
    LongVector a1 = LONG_HIGH.selectFrom(r0, r4);
    LongVector a2 = LONG_LOW.selectFrom(r1, r5);
    LongVector a3 = LONG_HIGH.selectFrom(r1, r5);
    LongVector a4 = LONG_LOW.selectFrom(r2, r6);
    LongVector a5 = LONG_HIGH.selectFrom(r2, r6);
    LongVector a6 = LONG_LOW.selectFrom(r3, r7);
    LongVector a7 = LONG_HIGH.selectFrom(r3, r7);
    LongVector b0 = LONG_LOW.selectFrom(a0, a4);
    LongVector b1 = LONG_HIGH.selectFrom(a0, a4);
    LongVector b2 = LONG_LOW.selectFrom(a1, a5);
    LongVector b3 = LONG_HIGH.selectFrom(a1, a5);
    LongVector b4 = LONG_LOW.selectFrom(a2, a6);
    LongVector b5 = LONG_HIGH.selectFrom(a2, a6);
    LongVector b6 = LONG_LOW.selectFrom(a3, a7);
    LongVector b7 = LONG_HIGH.selectFrom(a3, a7);
    LongVector t0 = LONG_LOW.selectFrom(b0, b4);
    LongVector t1 = LONG_HIGH.selectFrom(b0, b4);
    LongVector t2 = LONG_LOW.selectFrom(b1, b5);
    LongVector t3 = LONG_HIGH.selectFrom(b1, b5);
    LongVector t4 = LONG_LOW.selectFrom(b2, b6);
    LongVector t5 = LONG_HIGH.selectFrom(b2, b6);
    LongVector t6 = LONG_LOW.selectFrom(b3, b7);
    LongVector t7 = LONG_HIGH.selectFrom(b3, b7);
    t0.intoMemorySegment(ALL, dst, ORDER);
    t1.intoMemorySegment(ALL, dst + 1 * dstRow, ORDER);
    t2.intoMemorySegment(ALL, dst + 2 * dstRow, ORDER);
    t3.intoMemorySegment(ALL, dst + 3 * dstRow, ORDER);
    t4.intoMemorySegment(ALL, dst + 4 * dstRow, ORDER);
    t5.intoMemorySegment(ALL, dst + 5 * dstRow, ORDER);
    t6.intoMemorySegment(ALL, dst + 6 * dstRow, ORDER);
    t7.intoMemorySegment(ALL, dst + 7 * dstRow, ORDER);
  }
}
