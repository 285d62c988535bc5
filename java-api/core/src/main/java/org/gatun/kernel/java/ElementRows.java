package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.FLOAT;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;

/**
 * Reads elements of native memory into arrays of doubles or longs and writes them back: the
 * compiler turns loops over arrays into vector code by itself, as it does not for memory. Elements
 * are so many bytes apart.
 */
final class ElementRows {
  private ElementRows() {}

  /**
   * Reads f32 or f64 elements.
   *
   * @param buffer room for as many floats
   */
  static void read(DType dtype, long src, long step, double[] into, int count, float[] buffer) {
    if (step != dtype.byteSize()) {
      readApart(dtype, src, step, into, count);
    } else if (dtype == DType.F64) {
      MemorySegment.copy(ALL, DOUBLE, src, into, 0, count);
    } else {
      MemorySegment.copy(ALL, FLOAT, src, buffer, 0, count);
      for (int i = 0; i < count; i++) {
        into[i] = buffer[i];
      }
    }
  }

  private static void readApart(DType dtype, long src, long step, double[] into, int count) {
    if (dtype == DType.F32) {
      for (int i = 0; i < count; i++) {
        into[i] = ALL.get(FLOAT, src + i * step);
      }
    } else {
      for (int i = 0; i < count; i++) {
        into[i] = ALL.get(DOUBLE, src + i * step);
      }
    }
  }

  /** Writes f32 or f64 elements. */
  static void write(DType dtype, long dst, long step, double[] from, int count, float[] buffer) {
    if (step != dtype.byteSize()) {
      for (int i = 0; i < count; i++) {
        store(dtype, dst + i * step, from[i]);
      }
    } else if (dtype == DType.F64) {
      MemorySegment.copy(from, 0, ALL, DOUBLE, dst, count);
    } else {
      for (int i = 0; i < count; i++) {
        buffer[i] = (float) from[i];
      }
      MemorySegment.copy(buffer, 0, ALL, FLOAT, dst, count);
    }
  }

  /** Reads integers or booleans. */
  static void read(DType dtype, long src, long step, long[] into, int count) {
    switch (dtype) {
      case I8 -> {
        for (int i = 0; i < count; i++) {
          into[i] = ALL.get(BYTE, src + i * step);
        }
      }
      case U8, BOOL -> {
        for (int i = 0; i < count; i++) {
          into[i] = ALL.get(BYTE, src + i * step) & 0xFF;
        }
      }
      case I16 -> {
        for (int i = 0; i < count; i++) {
          into[i] = ALL.get(SHORT, src + i * step);
        }
      }
      case I32 -> {
        for (int i = 0; i < count; i++) {
          into[i] = ALL.get(INT, src + i * step);
        }
      }
      case I64 -> {
        for (int i = 0; i < count; i++) {
          into[i] = ALL.get(LONG, src + i * step);
        }
      }
      case F32, F64, F16, BF16 -> throw new AssertionError("no integer dtype " + dtype);
    }
  }

  /** Writes integers or booleans. */
  static void write(DType dtype, long dst, long step, long[] from, int count) {
    for (int i = 0; i < count; i++) {
      store(dtype, dst + i * step, from[i]);
    }
  }

  /** Writes an integer or a boolean. */
  static void store(DType dtype, long dst, long value) {
    switch (dtype) {
      case I8, U8, BOOL -> ALL.set(BYTE, dst, (byte) value);
      case I16 -> ALL.set(SHORT, dst, (short) value);
      case I32 -> ALL.set(INT, dst, (int) value);
      case I64 -> ALL.set(LONG, dst, value);
      case F32, F64, F16, BF16 -> throw new AssertionError("no integer dtype " + dtype);
    }
  }

  /** Writes a number as an element of any dtype but the half-precision ones. */
  static void store(DType dtype, long dst, double value) {
    switch (dtype) {
      case F32 -> ALL.set(FLOAT, dst, (float) value);
      case F64 -> ALL.set(DOUBLE, dst, value);
      case I8, U8, I16, I32, I64, BOOL -> store(dtype, dst, (long) value);
      case F16, BF16 -> throw new AssertionError("no element of " + dtype);
    }
  }
}
