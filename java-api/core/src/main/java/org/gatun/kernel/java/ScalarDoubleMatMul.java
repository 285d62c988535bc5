package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.ScratchMemory;

/**
 * {@code f64} products in plain Java, over arrays on the heap: loops over those the compiler
 * vectorizes by itself, which it does not for memory segments.
 */
final class ScalarDoubleMatMul extends FloatingMatMul {
  private static final ValueLayout.OfDouble ELEMENT = ValueLayout.JAVA_DOUBLE_UNALIGNED;
  private static final int SIZE = Double.BYTES;
  private static final int WIDTH = 256;
  private static final int DEPTH = 64;

  /** Columns of a result that stay in the first-level cache while rows are added to them. */
  private static final int NEAR_COLUMNS = 4096 / SIZE;

  ScalarDoubleMatMul() {
    super(SIZE);
  }

  @Override
  public String implementation() {
    return "java:scalar";
  }

  @Override
  void multiplyMatrices(
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
    double[] panel = new double[widest * deepest];
    double[] factors = new double[deepest];
    double[] sums = new double[widest];
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
  private static void addRows(
      double[] factors, int depth, double[] panel, double[] sums, int width) {
    int i = 0;
    for (; i + 4 <= depth; i += 4) {
      addFourRows(factors, i, panel, sums, width);
    }
    for (; i < depth; i++) {
      double factor = factors[i];
      int at = i * width;
      for (int j = 0; j < width; j++) {
        sums[j] += factor * panel[at + j];
      }
    }
  }

  private static void addFourRows(
      double[] factors, int i, double[] panel, double[] sums, int width) {
    double f0 = factors[i];
    double f1 = factors[i + 1];
    double f2 = factors[i + 2];
    double f3 = factors[i + 3];
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
      MemorySegment from, long at, long step, double[] to, int start, int count) {
    if (step == 1) {
      MemorySegment.copy(from, ELEMENT, at * SIZE, to, start, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[start + i] = from.get(ELEMENT, (at + i * step) * SIZE);
    }
  }

  private static void store(double[] from, MemorySegment to, long at, long step, int count) {
    if (step == 1) {
      MemorySegment.copy(from, 0, to, ELEMENT, at * SIZE, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to.set(ELEMENT, (at + i * step) * SIZE, from[i]);
    }
  }

  @Override
  void multiplyColumns(
      long k, long n, long x, long b, long column, long c, long step, boolean add) {
    long j = 0;
    for (; j <= n - 4; j += 4) {
      multiplyFourColumns(k, x, b + j * column, column, c + j * step, step, add);
    }
    for (; j < n; j++) {
      store(c + j * step, multiplyColumn(k, x, b + j * column), add);
    }
  }

  private static void multiplyFourColumns(
      long k, long x, long b, long column, long c, long step, boolean add) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    long b1 = b + column;
    long b2 = b1 + column;
    long b3 = b2 + column;
    for (long at = 0; at < k * SIZE; at += SIZE) {
      double factor = ALL.get(ELEMENT, x + at);
      sum0 += factor * ALL.get(ELEMENT, b + at);
      sum1 += factor * ALL.get(ELEMENT, b1 + at);
      sum2 += factor * ALL.get(ELEMENT, b2 + at);
      sum3 += factor * ALL.get(ELEMENT, b3 + at);
    }
    store(c, sum0, add);
    store(c + step, sum1, add);
    store(c + 2 * step, sum2, add);
    store(c + 3 * step, sum3, add);
  }

  private static double multiplyColumn(long k, long x, long b) {
    double even = 0;
    double odd = 0;
    long last = (k - 1) * SIZE;
    long at = 0;
    for (; at < last; at += 2 * SIZE) {
      even += ALL.get(ELEMENT, x + at) * ALL.get(ELEMENT, b + at);
      odd += ALL.get(ELEMENT, x + at + SIZE) * ALL.get(ELEMENT, b + at + SIZE);
    }
    if (at == last) {
      even += ALL.get(ELEMENT, x + at) * ALL.get(ELEMENT, b + at);
    }
    return even + odd;
  }

  private static void store(long c, double sum, boolean add) {
    ALL.set(ELEMENT, c, add ? sum + ALL.get(ELEMENT, c) : sum);
  }

  @Override
  void addRows(long k, long n, long x, long b, long row, long c) {
    int widest = (int) Math.min(NEAR_COLUMNS, n);
    double[] factors = new double[4];
    double[] rows = new double[4 * widest];
    double[] sums = new double[widest];
    for (long j = 0; j < n; j += widest) {
      int width = (int) Math.min(widest, n - j);
      MemorySegment.copy(ALL, ELEMENT, c + j * SIZE, sums, 0, width);
      for (long i = 0; i < k; i += 4) {
        int depth = (int) Math.min(4, k - i);
        MemorySegment.copy(ALL, ELEMENT, x + i * SIZE, factors, 0, depth);
        for (int l = 0; l < depth; l++) {
          MemorySegment.copy(ALL, ELEMENT, b + (i + l) * row + j * SIZE, rows, l * width, width);
        }
        addRows(factors, depth, rows, sums, width);
      }
      MemorySegment.copy(sums, 0, ALL, ELEMENT, c + j * SIZE, width);
    }
  }
}
