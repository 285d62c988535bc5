package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.op.BinaryFunction;

/**
 * Loops over {@code double}s in plain Java. Element-wise ones go through arrays, which the compiler
 * turns into vector code by itself, as it does not for memory segments.
 */
final class ScalarDoubleLoops implements Loops {
  static final Loops INSTANCE = new ScalarDoubleLoops();

  private static final int CHUNK = 1024;

  /** Elements that are added one after the other; the sums of as many runs are added then. */
  private static final int RUN = 64;

  private static final int RUN_ROWS = 16;

  private static final int SIZE = Double.BYTES;

  private ScalarDoubleLoops() {}

  @Override
  public String implementation() {
    return "java:scalar";
  }

  private static double[] chunk(long count) {
    return new double[(int) Math.min(CHUNK, count)];
  }

  @Override
  public void binary(BinaryFunction function, long a, long b, long dst, long count) {
    double[] x = chunk(count);
    double[] y = chunk(count);
    for (long i = 0; i < count; i += CHUNK) {
      int n = (int) Math.min(CHUNK, count - i);
      MemorySegment.copy(ALL, DOUBLE, a + i * SIZE, x, 0, n);
      MemorySegment.copy(ALL, DOUBLE, b + i * SIZE, y, 0, n);
      apply(function, x, y, x, n);
      MemorySegment.copy(x, 0, ALL, DOUBLE, dst + i * SIZE, n);
    }
  }

  @Override
  public void binaryRight(BinaryFunction function, long a, double b, long dst, long count) {
    double[] x = chunk(count);
    double[] y = chunk(count);
    Arrays.fill(y, b);
    for (long i = 0; i < count; i += CHUNK) {
      int n = (int) Math.min(CHUNK, count - i);
      MemorySegment.copy(ALL, DOUBLE, a + i * SIZE, x, 0, n);
      apply(function, x, y, x, n);
      MemorySegment.copy(x, 0, ALL, DOUBLE, dst + i * SIZE, n);
    }
  }

  @Override
  public void binaryLeft(BinaryFunction function, double a, long b, long dst, long count) {
    double[] x = chunk(count);
    double[] y = chunk(count);
    Arrays.fill(x, a);
    for (long i = 0; i < count; i += CHUNK) {
      int n = (int) Math.min(CHUNK, count - i);
      MemorySegment.copy(ALL, DOUBLE, b + i * SIZE, y, 0, n);
      apply(function, x, y, y, n);
      MemorySegment.copy(y, 0, ALL, DOUBLE, dst + i * SIZE, n);
    }
  }

  private static void apply(BinaryFunction function, double[] x, double[] y, double[] z, int n) {
    switch (function) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          z[i] = x[i] + y[i];
        }
      }
      case SUB -> {
        for (int i = 0; i < n; i++) {
          z[i] = x[i] - y[i];
        }
      }
      case MUL -> {
        for (int i = 0; i < n; i++) {
          z[i] = x[i] * y[i];
        }
      }
      case DIV -> {
        for (int i = 0; i < n; i++) {
          z[i] = x[i] / y[i];
        }
      }
      default -> throw new AssertionError(function + " is not one of the four operations");
    }
  }

  @Override
  public double get(long src) {
    return ALL.get(DOUBLE, src);
  }

  @Override
  public void set(long dst, double value) {
    ALL.set(DOUBLE, dst, value);
  }

  @Override
  public void get(long src, double[] into, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = ALL.get(DOUBLE, src + (long) i * SIZE);
    }
  }

  @Override
  public void set(long dst, double[] from, int count) {
    for (int i = 0; i < count; i++) {
      ALL.set(DOUBLE, dst + (long) i * SIZE, from[i]);
    }
  }

  @Override
  public double round(double value) {
    return value;
  }

  @Override
  public void fill(long dst, double value, long count) {
    for (long i = 0; i < count; i++) {
      ALL.set(DOUBLE, dst + i * SIZE, value);
    }
  }

  @Override
  public double sum(long src, long count) {
    double sum = 0;
    for (long i = 0; i < count; i += RUN) {
      sum += run(src + i * SIZE, Math.min(RUN, count - i));
    }
    return sum;
  }

  private static double run(long src, long count) {
    double sum = 0;
    for (long i = 0; i < count; i++) {
      sum += ALL.get(DOUBLE, src + i * SIZE);
    }
    return sum;
  }

  @Override
  public void deviations(long src, long count, double from, double[] sums) {
    sums[0] = 0;
    sums[1] = 0;
    for (long i = 0; i < count; i += RUN) {
      deviations(src + i * SIZE, SIZE, Math.min(RUN, count - i), from, sums);
    }
  }

  /** Adds the deviations of elements that are so many bytes apart, and their squares. */
  static void deviations(long src, long step, long count, double from, double[] sums) {
    double sum = 0;
    double square = 0;
    for (long i = 0; i < count; i++) {
      double x = ALL.get(DOUBLE, src + i * step) - from;
      sum += x;
      square += x * x;
    }
    sums[0] += sum;
    sums[1] += square;
  }

  @Override
  public double max(long src, long count) {
    double max = ALL.get(DOUBLE, src);
    for (long i = 1; i < count; i++) {
      max = larger(max, ALL.get(DOUBLE, src + i * SIZE));
    }
    return max;
  }

  private static double larger(double max, double x) {
    return x > max || Double.isNaN(x) ? x : max;
  }

  @Override
  public long indexOf(long src, long count, double value) {
    for (long i = 0; i < count; i++) {
      double x = ALL.get(DOUBLE, src + i * SIZE);
      if (x == value || (Double.isNaN(x) && Double.isNaN(value))) {
        return i;
      }
    }
    throw new AssertionError("the value is one of the elements");
  }

  @Override
  public void sumRows(long src, long rowStride, long rows, long count, long dst) {
    double[] sum = new double[(int) Math.min(CHUNK, count)];
    double[] run = new double[sum.length];
    for (long i = 0; i < count; i += CHUNK) {
      int n = (int) Math.min(CHUNK, count - i);
      Arrays.fill(sum, 0);
      for (long row = 0; row < rows; row += RUN_ROWS) {
        Arrays.fill(run, 0);
        for (long next = row; next < Math.min(rows, row + RUN_ROWS); next++) {
          addRow(src + next * rowStride + i * SIZE, run, n);
        }
        for (int j = 0; j < n; j++) {
          sum[j] += run[j];
        }
      }
      set(dst + i * SIZE, sum, n);
    }
  }

  private static void addRow(long src, double[] sum, int count) {
    for (int j = 0; j < count; j++) {
      sum[j] += ALL.get(DOUBLE, src + (long) j * SIZE);
    }
  }

  @Override
  public void deviationsOfRows(
      long src, long rowStride, long rows, long count, long from, long sum, long square) {
    double[] sums = new double[2];
    for (long j = 0; j < count * SIZE; j += SIZE) {
      columnDeviations(src + j, rowStride, rows, from, j, sum, square, sums);
    }
  }

  /** Computes what {@link #deviationsOfRows} does of one column, at position {@code j}. */
  static void columnDeviations(
      long src,
      long rowStride,
      long rows,
      long from,
      long j,
      long sum,
      long square,
      double[] sums) {
    double center = ALL.get(DOUBLE, from + j);
    sums[0] = 0;
    sums[1] = 0;
    for (long row = 0; row < rows; row += RUN_ROWS) {
      long count = Math.min(RUN_ROWS, rows - row);
      deviations(src + row * rowStride, rowStride, count, center, sums);
    }
    ALL.set(DOUBLE, sum + j, sums[0]);
    ALL.set(DOUBLE, square + j, sums[1]);
  }

  @Override
  public void maxRows(long src, long rowStride, long rows, long count, long max) {
    for (long row = 0; row < rows; row++) {
      for (long j = 0; j < count; j++) {
        double x = ALL.get(DOUBLE, src + row * rowStride + j * SIZE);
        ALL.set(DOUBLE, max + j * SIZE, larger(ALL.get(DOUBLE, max + j * SIZE), x));
      }
    }
  }

  @Override
  public void maxWithIndex(long src, long index, long max, long where, long count) {
    for (long j = 0; j < count; j++) {
      double x = ALL.get(DOUBLE, src + j * SIZE);
      double before = ALL.get(DOUBLE, max + j * SIZE);
      if (x > before || (Double.isNaN(x) && !Double.isNaN(before))) {
        ALL.set(DOUBLE, max + j * SIZE, x);
        ALL.set(LONG, where + j * SIZE, index);
      }
    }
  }

  @Override
  public long index(long where) {
    return ALL.get(LONG, where);
  }

  @Override
  public void exp(long src, double max, long dst, long count) {
    for (long i = 0; i < count; i++) {
      ALL.set(DOUBLE, dst + i * SIZE, Math.exp(ALL.get(DOUBLE, src + i * SIZE) - max));
    }
  }

  @Override
  public void expByColumn(long src, long max, long dst, long count) {
    for (long j = 0; j < count; j++) {
      double x = ALL.get(DOUBLE, src + j * SIZE) - ALL.get(DOUBLE, max + j * SIZE);
      ALL.set(DOUBLE, dst + j * SIZE, Math.exp(x));
    }
  }
}
