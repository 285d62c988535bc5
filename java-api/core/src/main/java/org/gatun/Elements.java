package org.gatun;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Elements of any dtype, by themselves or all alike: for data in and out, not for computing. */
final class Elements {
  private static final long PIECE = 1 << 14;

  private Elements() {}

  /** Returns the element at an index, converted to a double; large {@code i64} values round. */
  static double get(MemorySegment memory, DType dtype, long index) {
    return switch (dtype) {
      case F32 -> memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
      case F64 -> memory.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
      case F16 -> Float.float16ToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index));
      case BF16 -> Float.intBitsToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index) << 16);
      case I8 -> memory.get(ValueLayout.JAVA_BYTE, index);
      case U8, BOOL -> Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, index));
      case I16 -> memory.getAtIndex(ValueLayout.JAVA_SHORT, index);
      case I32 -> memory.getAtIndex(ValueLayout.JAVA_INT, index);
      case I64 -> memory.getAtIndex(ValueLayout.JAVA_LONG, index);
    };
  }

  /** Returns the element of an integer or boolean dtype at an index. */
  static long getLong(MemorySegment memory, DType dtype, long index) {
    return dtype == DType.I64
        ? memory.getAtIndex(ValueLayout.JAVA_LONG, index)
        : (long) get(memory, dtype, index);
  }

  /** Stores a double at an index, converted as {@link org.gatun.op.Cast} converts. */
  static void set(MemorySegment memory, DType dtype, long index, double value) {
    switch (dtype) {
      case F32 -> memory.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
      case F64 -> memory.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
      case F16 ->
          memory.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16((float) value));
      case BF16 -> memory.setAtIndex(ValueLayout.JAVA_SHORT, index, toBf16((float) value));
      case I8, U8 -> memory.set(ValueLayout.JAVA_BYTE, index, (byte) (long) value);
      case BOOL -> memory.set(ValueLayout.JAVA_BYTE, index, (byte) (value != 0 ? 1 : 0));
      case I16 -> memory.setAtIndex(ValueLayout.JAVA_SHORT, index, (short) (long) value);
      case I32 -> memory.setAtIndex(ValueLayout.JAVA_INT, index, (int) value);
      case I64 -> memory.setAtIndex(ValueLayout.JAVA_LONG, index, (long) value);
    }
  }

  /** Stores the same double at each index, converted as {@link #set} converts. */
  static void fill(MemorySegment memory, DType dtype, double value) {
    long size = memory.byteSize();
    if (size == 0) {
      return;
    }
    set(memory, dtype, 0, value);
    long filled = dtype.byteSize();
    // What is filled is copied behind itself, in pieces that stay in the cache.
    while (filled < size) {
      long piece = Math.min(Math.min(filled, PIECE), size - filled);
      MemorySegment.copy(memory, 0, memory, filled, piece);
      filled += piece;
    }
  }

  /** Returns the number type that carries the bits of a dtype, at any address, in this order. */
  static ValueLayout carrier(DType dtype, ByteOrder order) {
    return switch (dtype.byteSize()) {
      case 1 -> ValueLayout.JAVA_BYTE;
      case 2 -> ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
      case 4 -> ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
      case 8 -> ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
      default -> throw new AssertionError(dtype);
    };
  }

  /** Returns a number as a 16-bit floating dtype holds it. */
  static float rounded(double value, DType dtype) {
    return dtype == DType.F16
        ? Float.float16ToFloat(Float.floatToFloat16((float) value))
        : Float.intBitsToFloat(toBf16((float) value) << 16);
  }

  /** Rounds to nearest, ties to even; NaN stays a quiet NaN. */
  static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }
}
