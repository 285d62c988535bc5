package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import org.gatun.op.Doubles;

/**
 * The template of loops over {@code float}s in plain Java, through arrays, which the compiler turns
 * into vector code by itself where the function allows it.
 */
final class ScalarFloatLoop implements PointwiseLoop {
  private static final LoopTemplate.Body BODY = LoopTemplate.body(MethodHandles.lookup());
  private static final DoubleExpression F = (DoubleExpression) BODY.expression();
  private static final int OPERANDS = BODY.operands();
  private static final boolean TEST = BODY.test();
  private static final int SIZE = Float.BYTES;
  private static final int CHUNK = 1024;

  /** The most elements that are not worth arrays. */
  private static final int FEW = 16;

  private static final float[] NONE = {};

  private final double b;
  private final double c;
  private final double d;

  ScalarFloatLoop(Doubles numbers) {
    b = number(numbers, 1);
    c = number(numbers, 2);
    d = number(numbers, 3);
  }

  /** Returns the number that is the value of this position; anything where it is an element. */
  private static double number(Doubles numbers, int position) {
    int index = position - OPERANDS;
    return index >= 0 && index < numbers.size() ? (float) numbers.get(index) : 0;
  }

  @Override
  public String implementation() {
    return "java:scalar";
  }

  /** Returns a result. Which kind of expression there is, is constant in a copy. */
  private static double apply(double a, double b, double c, double d) {
    if (F instanceof DoubleExpression.One f) {
      return f.of(a);
    }
    if (F instanceof DoubleExpression.Two f) {
      return f.of(a, b);
    }
    if (F instanceof DoubleExpression.Three f) {
      return f.of(a, b, c);
    }
    return ((DoubleExpression.Four) F).of(a, b, c, d);
  }

  @Override
  public void run(long a, long b, long c, long dst, long count, int which) {
    if (count <= FEW) {
      few(a, b, c, dst, (int) count, which);
      return;
    }
    int chunk = (int) Math.min(CHUNK, count);
    float[] x = chunk(a, chunk, which == LEFT_IS_ONE);
    float[] y = OPERANDS > 1 ? chunk(b, chunk, which == RIGHT_IS_ONE) : NONE;
    float[] z = OPERANDS > 2 ? chunk(c, chunk, false) : NONE;
    float[] results = new float[TEST ? 0 : chunk];
    byte[] flags = new byte[TEST ? chunk : 0];
    for (long i = 0; i < count; i += chunk) {
      int n = (int) Math.min(chunk, count - i);
      if (which != LEFT_IS_ONE) {
        MemorySegment.copy(ALL, FLOAT, a + i * SIZE, x, 0, n);
      }
      if (OPERANDS > 1 && which != RIGHT_IS_ONE) {
        MemorySegment.copy(ALL, FLOAT, b + i * SIZE, y, 0, n);
      }
      if (OPERANDS > 2) {
        MemorySegment.copy(ALL, FLOAT, c + i * SIZE, z, 0, n);
      }
      if (TEST) {
        test(x, y, flags, n);
        MemorySegment.copy(flags, 0, ALL, BYTE, dst + i, n);
      } else {
        compute(x, y, z, results, n);
        MemorySegment.copy(results, 0, ALL, FLOAT, dst + i * SIZE, n);
      }
    }
  }

  /** Computes elements where they lie. */
  private void few(long a, long b, long c, long dst, int count, int which) {
    double left = which == LEFT_IS_ONE ? ALL.get(FLOAT, a) : 0;
    double right = which == RIGHT_IS_ONE ? ALL.get(FLOAT, b) : this.b;
    boolean second = OPERANDS > 1 && which != RIGHT_IS_ONE;
    for (int i = 0; i < count; i++) {
      long at = (long) i * SIZE;
      double x = which == LEFT_IS_ONE ? left : ALL.get(FLOAT, a + at);
      double y = second ? ALL.get(FLOAT, b + at) : right;
      double z = OPERANDS > 2 ? ALL.get(FLOAT, c + at) : this.c;
      double result = apply(x, y, z, d);
      if (TEST) {
        ALL.set(BYTE, dst + i, (byte) result);
      } else {
        ALL.set(FLOAT, dst + at, (float) result);
      }
    }
  }

  /** Returns room for elements; all are the one at the address where that is for all. */
  private static float[] chunk(long address, int count, boolean one) {
    float[] values = new float[count];
    if (one) {
      Arrays.fill(values, ALL.get(FLOAT, address));
    }
    return values;
  }

  private void compute(float[] x, float[] y, float[] z, float[] results, int count) {
    for (int i = 0; i < count; i++) {
      results[i] = (float) apply(x[i], OPERANDS > 1 ? y[i] : b, OPERANDS > 2 ? z[i] : c, d);
    }
  }

  private void test(float[] x, float[] y, byte[] flags, int count) {
    for (int i = 0; i < count; i++) {
      flags[i] = (byte) apply(x[i], OPERANDS > 1 ? y[i] : b, c, d);
    }
  }
}
