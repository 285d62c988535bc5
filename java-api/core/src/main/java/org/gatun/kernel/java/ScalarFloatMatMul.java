package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.ScratchMemory;

/**
 * {@code f32} products in plain Java, over arrays on the heap: loops over those the compiler
 * vectorizes by itself, which it does not for memory segments.
 */
final class ScalarFloatMatMul implements MatMulLoops {
  private static final ValueLayout.OfFloat ELEMENT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int SIZE = Float.BYTES;
  private static final int WIDTH = 256;
  private static final int DEPTH = 64;

  @Override
  public String implementation() {
    return "java:scalar";
  }

  @Override
  public void multiply(
      MatrixProduct product,
      long m,
      long n,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      boolean add,
      ScratchMemory memory) {
    int widest = (int) Math.min(WIDTH, n);
    int deepest = (int) Math.min(DEPTH, product.k());
    float[] panel = new float[widest * deepest];
    float[] factors = new float[deepest];
    float[] sums = new float[widest];
    for (long k = 0; k < product.k(); k += DEPTH) {
      int depth = (int) Math.min(DEPTH, product.k() - k);
      for (long column = 0; column < n; column += WIDTH) {
        int width = (int) Math.min(WIDTH, n - column);
        for (int i = 0; i < depth; i++) {
          long at = (k + i) * product.b().row() + column * product.b().column();
          load(b, at, product.b().column(), panel, i * width, width);
        }
        for (long row = 0; row < m; row++) {
          long atC = row * product.c().row() + column * product.c().column();
          if (add || k > 0) {
            load(c, atC, product.c().column(), sums, 0, width);
          } else {
            Arrays.fill(sums, 0, width, 0);
          }
          long atA = row * product.a().row() + k * product.a().column();
          load(a, atA, product.a().column(), factors, 0, depth);
          addRows(factors, depth, panel, sums, width);
          store(sums, c, atC, product.c().column(), width);
        }
      }
    }
  }

  /** Adds each row of the panel, times its factor. */
  private static void addRows(float[] factors, int depth, float[] panel, float[] sums, int width) {
    int i = 0;
    for (; i + 4 <= depth; i += 4) {
      addFourRows(factors, i, panel, sums, width);
    }
    for (; i < depth; i++) {
      float factor = factors[i];
      int at = i * width;
      for (int j = 0; j < width; j++) {
        sums[j] += factor * panel[at + j];
      }
    }
  }

  private static void addFourRows(float[] factors, int i, float[] panel, float[] sums, int width) {
    float f0 = factors[i];
    float f1 = factors[i + 1];
    float f2 = factors[i + 2];
    float f3 = factors[i + 3];
    int at0 = i * width;
    int at1 = at0 + width;
    int at2 = at1 + width;
    int at3 = at2 + width;
    for (int j = 0; j < width; j++) {
      sums[j] +=
          f0 * panel[at0 + j] + f1 * panel[at1 + j] + f2 * panel[at2 + j] + f3 * panel[at3 + j];
    }
  }

  private static void load(
      MemorySegment from, long at, long step, float[] to, int start, int count) {
    if (step == 1) {
      MemorySegment.copy(from, ELEMENT, at * SIZE, to, start, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[start + i] = from.get(ELEMENT, (at + i * step) * SIZE);
    }
  }

  private static void store(float[] from, MemorySegment to, long at, long step, int count) {
    if (step == 1) {
      MemorySegment.copy(from, 0, to, ELEMENT, at * SIZE, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to.set(ELEMENT, (at + i * step) * SIZE, from[i]);
    }
  }
}
