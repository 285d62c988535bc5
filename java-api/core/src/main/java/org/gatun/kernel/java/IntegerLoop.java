package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import org.gatun.DType;
import org.gatun.op.Doubles;

/**
 * The template of loops over integers and booleans of any width, as {@code long}s in an array. The
 * results keep the low bits, those of booleans say whether they are not 0.
 */
final class IntegerLoop implements PointwiseLoop {
  private static final LoopTemplate.Body BODY = LoopTemplate.body(MethodHandles.lookup());
  private static final LongExpression F = (LongExpression) BODY.expression();
  private static final int OPERANDS = BODY.operands();
  private static final DType FROM = BODY.dtype();
  private static final DType TO = BODY.test() ? DType.BOOL : FROM;
  private static final int CHUNK = 1024;
  private static final long[] NONE = {};

  private final long b;
  private final long c;
  private final long d;

  IntegerLoop(Doubles numbers) {
    b = number(numbers, 1);
    c = number(numbers, 2);
    d = number(numbers, 3);
  }

  /** Returns the number that is the value of this position; anything where it is an element. */
  private static long number(Doubles numbers, int position) {
    int index = position - OPERANDS;
    return index >= 0 && index < numbers.size() ? (long) numbers.get(index) : 0;
  }

  @Override
  public String implementation() {
    return "java:scalar";
  }

  /** Returns a result. Which kind of expression there is, is constant in a copy. */
  private static long apply(long a, long b, long c, long d) {
    if (F instanceof LongExpression.One f) {
      return f.of(a);
    }
    if (F instanceof LongExpression.Two f) {
      return f.of(a, b);
    }
    if (F instanceof LongExpression.Three f) {
      return f.of(a, b, c);
    }
    return ((LongExpression.Four) F).of(a, b, c, d);
  }

  @Override
  public void run(long a, long b, long c, long dst, long count, int which) {
    int chunk = (int) Math.min(CHUNK, count);
    long[] x = chunk(a, chunk, which == LEFT_IS_ONE);
    long[] y = OPERANDS > 1 ? chunk(b, chunk, which == RIGHT_IS_ONE) : NONE;
    long[] z = OPERANDS > 2 ? chunk(c, chunk, false) : NONE;
    long[] results = new long[chunk];
    for (long i = 0; i < count; i += chunk) {
      int n = (int) Math.min(chunk, count - i);
      long at = i * FROM.byteSize();
      if (which != LEFT_IS_ONE) {
        load(a + at, x, n);
      }
      if (OPERANDS > 1 && which != RIGHT_IS_ONE) {
        load(b + at, y, n);
      }
      if (OPERANDS > 2) {
        load(c + at, z, n);
      }
      compute(x, y, z, results, n);
      store(results, dst + i * TO.byteSize(), n);
    }
  }

  /** Returns room for elements; all are the one at the address where that is for all. */
  private static long[] chunk(long address, int count, boolean one) {
    long[] values = new long[count];
    if (one) {
      load(address, values, 1);
      Arrays.fill(values, values[0]);
    }
    return values;
  }

  private void compute(long[] x, long[] y, long[] z, long[] results, int count) {
    for (int i = 0; i < count; i++) {
      results[i] = apply(x[i], OPERANDS > 1 ? y[i] : b, OPERANDS > 2 ? z[i] : c, d);
    }
  }

  // Through arrays of the elements' own type: loops over arrays become vector code.

  private static void load(long src, long[] x, int count) {
    switch (FROM) {
      case I8 -> {
        byte[] bytes = bytes(src, count);
        for (int i = 0; i < count; i++) {
          x[i] = bytes[i];
        }
      }
      case U8, BOOL -> {
        byte[] bytes = bytes(src, count);
        for (int i = 0; i < count; i++) {
          x[i] = bytes[i] & 0xFF;
        }
      }
      case I16 -> {
        short[] shorts = new short[count];
        MemorySegment.copy(ALL, SHORT, src, shorts, 0, count);
        for (int i = 0; i < count; i++) {
          x[i] = shorts[i];
        }
      }
      case I32 -> {
        int[] ints = new int[count];
        MemorySegment.copy(ALL, INT, src, ints, 0, count);
        for (int i = 0; i < count; i++) {
          x[i] = ints[i];
        }
      }
      case I64 -> MemorySegment.copy(ALL, LONG, src, x, 0, count);
      case F32, F64, F16, BF16 -> throw new AssertionError("no integers: " + FROM);
    }
  }

  private static byte[] bytes(long src, int count) {
    byte[] bytes = new byte[count];
    MemorySegment.copy(ALL, BYTE, src, bytes, 0, count);
    return bytes;
  }

  private static void store(long[] x, long dst, int count) {
    switch (TO) {
      case I8, U8 -> {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
          bytes[i] = (byte) x[i];
        }
        MemorySegment.copy(bytes, 0, ALL, BYTE, dst, count);
      }
      case BOOL -> {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
          bytes[i] = (byte) (x[i] == 0 ? 0 : 1);
        }
        MemorySegment.copy(bytes, 0, ALL, BYTE, dst, count);
      }
      case I16 -> {
        short[] shorts = new short[count];
        for (int i = 0; i < count; i++) {
          shorts[i] = (short) x[i];
        }
        MemorySegment.copy(shorts, 0, ALL, SHORT, dst, count);
      }
      case I32 -> {
        int[] ints = new int[count];
        for (int i = 0; i < count; i++) {
          ints[i] = (int) x[i];
        }
        MemorySegment.copy(ints, 0, ALL, INT, dst, count);
      }
      case I64 -> MemorySegment.copy(x, 0, ALL, LONG, dst, count);
      case F32, F64, F16, BF16 -> throw new AssertionError("no integers: " + TO);
    }
  }
}
