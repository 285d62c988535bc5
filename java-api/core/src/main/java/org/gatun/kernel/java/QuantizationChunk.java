package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.FLOAT;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;

/**
 * Some integers on their way from memory or to it, in arrays, over which the compiler makes vector
 * code of plain loops.
 */
final class QuantizationChunk {
  /** The most elements: three arrays of them stay in the first-level cache. */
  static final int SIZE = 1024;

  private final DType dtype;
  private final int[] values;
  private final byte[] bytes;
  private final short[] shorts;

  /**
   * Makes a chunk.
   *
   * @param dtype of the integers in memory
   * @param count the most of them at a time
   */
  QuantizationChunk(DType dtype, long count) {
    int size = (int) Math.min(SIZE, count);
    this.dtype = dtype;
    this.values = new int[size];
    this.bytes = new byte[dtype.byteSize() == 1 ? size : 0];
    this.shorts = new short[dtype == DType.I16 ? size : 0];
  }

  /** Returns the integers. */
  int[] values() {
    return values;
  }

  /** Reads integers that lie side by side. */
  void load(long address, int count) {
    switch (dtype) {
      case U8 -> {
        MemorySegment.copy(ALL, BYTE, address, bytes, 0, count);
        for (int i = 0; i < count; i++) {
          values[i] = bytes[i] & 0xFF;
        }
      }
      case I8 -> {
        MemorySegment.copy(ALL, BYTE, address, bytes, 0, count);
        for (int i = 0; i < count; i++) {
          values[i] = bytes[i];
        }
      }
      case I16 -> {
        MemorySegment.copy(ALL, SHORT, address, shorts, 0, count);
        for (int i = 0; i < count; i++) {
          values[i] = shorts[i];
        }
      }
      case I32 -> MemorySegment.copy(ALL, INT, address, values, 0, count);
      case F32, F64, F16, BF16, I64, BOOL -> throw new AssertionError("not quantized: " + dtype);
    }
  }

  /** Writes the integers side by side. */
  void store(long address, int count) {
    switch (dtype) {
      case U8, I8 -> {
        for (int i = 0; i < count; i++) {
          bytes[i] = (byte) values[i];
        }
        MemorySegment.copy(bytes, 0, ALL, BYTE, address, count);
      }
      case I16 -> {
        for (int i = 0; i < count; i++) {
          shorts[i] = (short) values[i];
        }
        MemorySegment.copy(shorts, 0, ALL, SHORT, address, count);
      }
      case I32 -> MemorySegment.copy(values, 0, ALL, INT, address, count);
      case F32, F64, F16, BF16, I64, BOOL -> throw new AssertionError("not quantized: " + dtype);
    }
  }

  /** Reads numbers that lie side by side: of f32, or of i32 to be converted. */
  void load(DType given, long address, float[] numbers, int count) {
    if (given == DType.F32) {
      MemorySegment.copy(ALL, FLOAT, address, numbers, 0, count);
      return;
    }
    MemorySegment.copy(ALL, INT, address, values, 0, count);
    for (int i = 0; i < count; i++) {
      numbers[i] = values[i];
    }
  }

  /** Reads numbers of f64 that lie side by side. */
  static void load(long address, double[] numbers, int count) {
    MemorySegment.copy(ALL, DOUBLE, address, numbers, 0, count);
  }

  /** Returns an integer. */
  static int get(DType dtype, long base, long index) {
    return switch (dtype) {
      case U8 -> ALL.get(BYTE, base + index) & 0xFF;
      case I8 -> ALL.get(BYTE, base + index);
      case I16 -> ALL.get(SHORT, base + index * Short.BYTES);
      case I32 -> ALL.get(INT, base + index * Integer.BYTES);
      case F32, F64, F16, BF16, I64, BOOL -> throw new AssertionError("not quantized: " + dtype);
    };
  }
}
