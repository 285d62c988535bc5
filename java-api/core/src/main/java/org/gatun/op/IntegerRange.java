package org.gatun.op;

import org.gatun.DType;

/**
 * The integers that numbers are quantized to, and the type that holds them: the type's own range,
 * or that of a narrower type or of an unsigned one that tensors do not have.
 *
 * @param dtype the type of the elements: {@code u8}, {@code i8}, {@code i16} or {@code i32}
 * @param lowest the least integer
 * @param highest the largest, both at most 2^20 away from 0
 */
public record IntegerRange(DType dtype, int lowest, int highest) {
  /** All of {@code u8}. */
  public static final IntegerRange U8 = new IntegerRange(DType.U8, 0, 255);

  /** All of {@code i8}. */
  public static final IntegerRange I8 = new IntegerRange(DType.I8, -128, 127);

  /** All of {@code i16}. */
  public static final IntegerRange I16 = new IntegerRange(DType.I16, -32768, 32767);

  /** Unsigned integers of 16 bits, held in {@code i32}. */
  public static final IntegerRange U16 = new IntegerRange(DType.I32, 0, 65535);

  private static final int FARTHEST = 1 << 20;

  /** Checks that the type holds the range. */
  public IntegerRange {
    int least =
        switch (dtype) {
          case U8 -> 0;
          case I8 -> Byte.MIN_VALUE;
          case I16 -> Short.MIN_VALUE;
          case I32 -> -FARTHEST;
          case F32, F64, F16, BF16, I64, BOOL ->
              throw new IllegalArgumentException(
                  "quantize: dtype " + dtype.spelling() + ", expected u8, i8, i16 or i32");
        };
    int most = dtype == DType.I32 ? FARTHEST : least + (1 << (8 * dtype.byteSize())) - 1;
    if (lowest < least || highest > most || lowest >= highest) {
      throw new IllegalArgumentException(
          "quantize: integers from "
              + lowest
              + " to "
              + highest
              + ", expected some between "
              + least
              + " and "
              + most
              + " for "
              + dtype.spelling());
    }
  }

  /**
   * Returns the range of integers of {@code bits} bits, 2 to 8, held in {@code u8} or {@code i8}.
   *
   * @param bits the bits of an integer
   * @param signed whether they are two's complements
   * @throws IllegalArgumentException for other numbers of bits
   */
  public static IntegerRange ofBits(int bits, boolean signed) {
    if (bits < 2 || bits > 8) {
      throw new IllegalArgumentException("quantize: " + bits + " bits, expected 2 to 8");
    }
    int count = 1 << bits;
    return signed
        ? new IntegerRange(DType.I8, -count / 2, count / 2 - 1)
        : new IntegerRange(DType.U8, 0, count - 1);
  }
}
