package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.DType;
import org.gatun.op.BinaryFunction;

/**
 * Sums, differences and products of integers that lie side by side, with the overflow of their
 * width; signed and unsigned ones have the same bits. Through arrays, which the compiler turns into
 * vector code by itself. An operand that is one element for all has step 0.
 */
final class IntegerLoops {
  private static final int CHUNK = 1024;

  private IntegerLoops() {}

  /**
   * Computes {@code dst[i] = f(a[i], b[i])}.
   *
   * @param stepA the bytes of an element, or 0 where {@code a} is one element for all
   * @param stepB likewise for {@code b}
   */
  static void binary(
      DType dtype,
      BinaryFunction function,
      MemorySegment a,
      long atA,
      long stepA,
      MemorySegment b,
      long atB,
      long stepB,
      MemorySegment dst,
      long d,
      long count) {
    for (long i = 0; i < count; i += CHUNK) {
      int n = (int) Math.min(CHUNK, count - i);
      long x = atA + i * stepA;
      long y = atB + i * stepB;
      long z = d + i * dtype.byteSize();
      switch (dtype) {
        case I8, U8 -> bytes(function, a, x, stepA, b, y, stepB, dst, z, n);
        case I16 -> shorts(function, a, x, stepA, b, y, stepB, dst, z, n);
        case I32 -> ints(function, a, x, stepA, b, y, stepB, dst, z, n);
        case I64 -> longs(function, a, x, stepA, b, y, stepB, dst, z, n);
        case F32, F64, F16, BF16, BOOL ->
            throw new AssertionError("no arithmetic of integers on " + dtype);
      }
    }
  }

  private static void bytes(
      BinaryFunction function,
      MemorySegment a,
      long atA,
      long stepA,
      MemorySegment b,
      long atB,
      long stepB,
      MemorySegment dst,
      long d,
      int n) {
    byte[] x = bytes(a, atA, stepA, n);
    byte[] y = bytes(b, atB, stepB, n);
    switch (function) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          x[i] = (byte) (x[i] + y[i]);
        }
      }
      case SUB -> {
        for (int i = 0; i < n; i++) {
          x[i] = (byte) (x[i] - y[i]);
        }
      }
      case MUL -> {
        for (int i = 0; i < n; i++) {
          x[i] = (byte) (x[i] * y[i]);
        }
      }
      case DIV -> throw new AssertionError("div takes floating-point elements");
    }
    MemorySegment.copy(x, 0, dst, BYTE, d, n);
  }

  private static byte[] bytes(MemorySegment src, long s, long step, int n) {
    byte[] x = new byte[n];
    if (step == 0) {
      Arrays.fill(x, src.get(BYTE, s));
    } else {
      MemorySegment.copy(src, BYTE, s, x, 0, n);
    }
    return x;
  }

  private static void shorts(
      BinaryFunction function,
      MemorySegment a,
      long atA,
      long stepA,
      MemorySegment b,
      long atB,
      long stepB,
      MemorySegment dst,
      long d,
      int n) {
    short[] x = shorts(a, atA, stepA, n);
    short[] y = shorts(b, atB, stepB, n);
    switch (function) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          x[i] = (short) (x[i] + y[i]);
        }
      }
      case SUB -> {
        for (int i = 0; i < n; i++) {
          x[i] = (short) (x[i] - y[i]);
        }
      }
      case MUL -> {
        for (int i = 0; i < n; i++) {
          x[i] = (short) (x[i] * y[i]);
        }
      }
      case DIV -> throw new AssertionError("div takes floating-point elements");
    }
    MemorySegment.copy(x, 0, dst, SHORT, d, n);
  }

  private static short[] shorts(MemorySegment src, long s, long step, int n) {
    short[] x = new short[n];
    if (step == 0) {
      Arrays.fill(x, src.get(SHORT, s));
    } else {
      MemorySegment.copy(src, SHORT, s, x, 0, n);
    }
    return x;
  }

  private static void ints(
      BinaryFunction function,
      MemorySegment a,
      long atA,
      long stepA,
      MemorySegment b,
      long atB,
      long stepB,
      MemorySegment dst,
      long d,
      int n) {
    int[] x = ints(a, atA, stepA, n);
    int[] y = ints(b, atB, stepB, n);
    switch (function) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] + y[i];
        }
      }
      case SUB -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] - y[i];
        }
      }
      case MUL -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] * y[i];
        }
      }
      case DIV -> throw new AssertionError("div takes floating-point elements");
    }
    MemorySegment.copy(x, 0, dst, INT, d, n);
  }

  private static int[] ints(MemorySegment src, long s, long step, int n) {
    int[] x = new int[n];
    if (step == 0) {
      Arrays.fill(x, src.get(INT, s));
    } else {
      MemorySegment.copy(src, INT, s, x, 0, n);
    }
    return x;
  }

  private static void longs(
      BinaryFunction function,
      MemorySegment a,
      long atA,
      long stepA,
      MemorySegment b,
      long atB,
      long stepB,
      MemorySegment dst,
      long d,
      int n) {
    long[] x = longs(a, atA, stepA, n);
    long[] y = longs(b, atB, stepB, n);
    switch (function) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] + y[i];
        }
      }
      case SUB -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] - y[i];
        }
      }
      case MUL -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] * y[i];
        }
      }
      case DIV -> throw new AssertionError("div takes floating-point elements");
    }
    MemorySegment.copy(x, 0, dst, LONG, d, n);
  }

  private static long[] longs(MemorySegment src, long s, long step, int n) {
    long[] x = new long[n];
    if (step == 0) {
      Arrays.fill(x, src.get(LONG, s));
    } else {
      MemorySegment.copy(src, LONG, s, x, 0, n);
    }
    return x;
  }
}
