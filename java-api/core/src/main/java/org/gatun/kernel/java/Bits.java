package org.gatun.kernel.java;

import org.gatun.DType;

/** Numbers as the bits that a dtype has for them. */
final class Bits {
  private Bits() {}

  /**
   * Returns the bits of a number converted to a dtype, repeated to fill eight bytes: wherever in
   * memory these are put again and again, from a multiple of the dtype's size on, they are that
   * number.
   */
  static long repeated(DType dtype, double value) {
    return switch (dtype.byteSize()) {
      case 1 -> (bits(dtype, value) & 0xFF) * 0x0101010101010101L;
      case 2 -> (bits(dtype, value) & 0xFFFF) * 0x0001000100010001L;
      case 4 -> (bits(dtype, value) & 0xFFFFFFFFL) * 0x0000000100000001L;
      default -> bits(dtype, value);
    };
  }

  private static long bits(DType dtype, double value) {
    return switch (dtype) {
      case F32 -> Float.floatToRawIntBits((float) value);
      case F64 -> Double.doubleToRawLongBits(value);
      case F16 -> Float.floatToFloat16((float) value);
      case BF16 -> bfloat16((float) value);
      case I8, U8, I16 -> (long) value;
      case I32 -> (int) value;
      case I64 -> (long) value;
      case BOOL -> value == 0 ? 0 : 1;
    };
  }

  /** Rounds to nearest, ties to even; NaN stays a quiet NaN. */
  private static long bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.isNaN(value) ? (bits >>> 16) | 0x40 : (bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16;
  }
}
