package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.op.BinaryFunction;
import org.gatun.op.UnaryFunction;

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
  public void unary(
      UnaryFunction function, MemorySegment src, long s, MemorySegment dst, long d, long count) {
    double[] x = chunk(count);
    for (long i = 0; i < count; i += CHUNK) {
      int n = (int) Math.min(CHUNK, count - i);
      MemorySegment.copy(src, DOUBLE, s + i * SIZE, x, 0, n);
      switch (function) {
        case RELU -> relu(x, n);
        case SIGMOID -> sigmoid(x, n);
        case TANH -> tanh(x, n);
        case GELU -> gelu(x, n);
        case GELU_TANH -> geluTanh(x, n);
        case SILU -> silu(x, n);
      }
      MemorySegment.copy(x, 0, dst, DOUBLE, d + i * SIZE, n);
    }
  }

  private static void relu(double[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = DoubleMath.relu(x[i]);
    }
  }

  private static void sigmoid(double[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = DoubleMath.sigmoid(x[i]);
    }
  }

  private static void tanh(double[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = Math.tanh(x[i]);
    }
  }

  private static void gelu(double[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = DoubleMath.gelu(x[i]);
    }
  }

  private static void geluTanh(double[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = DoubleMath.geluTanh(x[i]);
    }
  }

  private static void silu(double[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = DoubleMath.silu(x[i]);
    }
  }

  @Override
  public void binary(
      BinaryFunction function,
      MemorySegment a,
      long atA,
      MemorySegment b,
      long atB,
      MemorySegment dst,
      long d,
      long count) {
    double[] x = chunk(count);
    double[] y = chunk(count);
    for (long i = 0; i < count; i += CHUNK) {
      int n = (int) Math.min(CHUNK, count - i);
      MemorySegment.copy(a, DOUBLE, atA + i * SIZE, x, 0, n);
      MemorySegment.copy(b, DOUBLE, atB + i * SIZE, y, 0, n);
      apply(function, x, y, x, n);
      MemorySegment.copy(x, 0, dst, DOUBLE, d + i * SIZE, n);
    }
  }

  @Override
  public void binaryRight(
      BinaryFunction function,
      MemorySegment a,
      long atA,
      double b,
      MemorySegment dst,
      long d,
      long count) {
    double[] x = chunk(count);
    double[] y = chunk(count);
    Arrays.fill(y, b);
    for (long i = 0; i < count; i += CHUNK) {
      int n = (int) Math.min(CHUNK, count - i);
      MemorySegment.copy(a, DOUBLE, atA + i * SIZE, x, 0, n);
      apply(function, x, y, x, n);
      MemorySegment.copy(x, 0, dst, DOUBLE, d + i * SIZE, n);
    }
  }

  @Override
  public void binaryLeft(
      BinaryFunction function,
      double a,
      MemorySegment b,
      long atB,
      MemorySegment dst,
      long d,
      long count) {
    double[] x = chunk(count);
    double[] y = chunk(count);
    Arrays.fill(x, a);
    for (long i = 0; i < count; i += CHUNK) {
      int n = (int) Math.min(CHUNK, count - i);
      MemorySegment.copy(b, DOUBLE, atB + i * SIZE, y, 0, n);
      apply(function, x, y, y, n);
      MemorySegment.copy(y, 0, dst, DOUBLE, d + i * SIZE, n);
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
    }
  }

  @Override
  public double get(MemorySegment src, long s) {
    return src.get(DOUBLE, s);
  }

  @Override
  public void set(MemorySegment dst, long d, double value) {
    dst.set(DOUBLE, d, value);
  }

  @Override
  public void get(MemorySegment src, long s, double[] into, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = src.get(DOUBLE, s + (long) i * SIZE);
    }
  }

  @Override
  public void set(MemorySegment dst, long d, double[] from, int count) {
    for (int i = 0; i < count; i++) {
      dst.set(DOUBLE, d + (long) i * SIZE, from[i]);
    }
  }

  @Override
  public double round(double value) {
    return value;
  }

  @Override
  public void fill(MemorySegment dst, long d, double value, long count) {
    for (long i = 0; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, value);
    }
  }

  @Override
  public double sum(MemorySegment src, long s, long count) {
    double sum = 0;
    for (long i = 0; i < count; i += RUN) {
      sum += run(src, s + i * SIZE, Math.min(RUN, count - i));
    }
    return sum;
  }

  private static double run(MemorySegment src, long s, long count) {
    double sum = 0;
    for (long i = 0; i < count; i++) {
      sum += src.get(DOUBLE, s + i * SIZE);
    }
    return sum;
  }

  @Override
  public void deviations(MemorySegment src, long s, long count, double from, double[] sums) {
    sums[0] = 0;
    sums[1] = 0;
    for (long i = 0; i < count; i += RUN) {
      deviations(src, s + i * SIZE, SIZE, Math.min(RUN, count - i), from, sums);
    }
  }

  /** Adds the deviations of elements that are so many bytes apart, and their squares. */
  static void deviations(
      MemorySegment src, long s, long step, long count, double from, double[] sums) {
    double sum = 0;
    double square = 0;
    for (long i = 0; i < count; i++) {
      double x = src.get(DOUBLE, s + i * step) - from;
      sum += x;
      square += x * x;
    }
    sums[0] += sum;
    sums[1] += square;
  }

  @Override
  public double max(MemorySegment src, long s, long count) {
    double max = src.get(DOUBLE, s);
    for (long i = 1; i < count; i++) {
      max = larger(max, src.get(DOUBLE, s + i * SIZE));
    }
    return max;
  }

  private static double larger(double max, double x) {
    return x > max || Double.isNaN(x) ? x : max;
  }

  @Override
  public long indexOf(MemorySegment src, long s, long count, double value) {
    for (long i = 0; i < count; i++) {
      double x = src.get(DOUBLE, s + i * SIZE);
      if (x == value || (Double.isNaN(x) && Double.isNaN(value))) {
        return i;
      }
    }
    throw new AssertionError("the value is one of the elements");
  }

  @Override
  public void sumRows(
      MemorySegment src, long s, long rowStride, long rows, long count, MemorySegment dst, long d) {
    double[] sum = new double[(int) Math.min(CHUNK, count)];
    double[] run = new double[sum.length];
    for (long i = 0; i < count; i += CHUNK) {
      int n = (int) Math.min(CHUNK, count - i);
      Arrays.fill(sum, 0);
      for (long row = 0; row < rows; row += RUN_ROWS) {
        Arrays.fill(run, 0);
        for (long next = row; next < Math.min(rows, row + RUN_ROWS); next++) {
          addRow(src, s + next * rowStride + i * SIZE, run, n);
        }
        for (int j = 0; j < n; j++) {
          sum[j] += run[j];
        }
      }
      set(dst, d + i * SIZE, sum, n);
    }
  }

  private static void addRow(MemorySegment src, long s, double[] sum, int count) {
    for (int j = 0; j < count; j++) {
      sum[j] += src.get(DOUBLE, s + (long) j * SIZE);
    }
  }

  @Override
  public void deviationsOfRows(
      MemorySegment src,
      long s,
      long rowStride,
      long rows,
      long count,
      MemorySegment from,
      MemorySegment sum,
      MemorySegment square) {
    double[] sums = new double[2];
    for (long j = 0; j < count * SIZE; j += SIZE) {
      columnDeviations(src, s + j, rowStride, rows, from, j, sum, square, sums);
    }
  }

  /** Computes what {@link #deviationsOfRows} does of one column, at position {@code j}. */
  static void columnDeviations(
      MemorySegment src,
      long s,
      long rowStride,
      long rows,
      MemorySegment from,
      long j,
      MemorySegment sum,
      MemorySegment square,
      double[] sums) {
    double center = from.get(DOUBLE, j);
    sums[0] = 0;
    sums[1] = 0;
    for (long row = 0; row < rows; row += RUN_ROWS) {
      long count = Math.min(RUN_ROWS, rows - row);
      deviations(src, s + row * rowStride, rowStride, count, center, sums);
    }
    sum.set(DOUBLE, j, sums[0]);
    square.set(DOUBLE, j, sums[1]);
  }

  @Override
  public void maxRows(
      MemorySegment src, long s, long rowStride, long rows, long count, MemorySegment max, long m) {
    for (long row = 0; row < rows; row++) {
      for (long j = 0; j < count; j++) {
        double x = src.get(DOUBLE, s + row * rowStride + j * SIZE);
        max.set(DOUBLE, m + j * SIZE, larger(max.get(DOUBLE, m + j * SIZE), x));
      }
    }
  }

  @Override
  public void maxWithIndex(
      MemorySegment src,
      long s,
      long index,
      MemorySegment max,
      long m,
      MemorySegment where,
      long w,
      long count) {
    for (long j = 0; j < count; j++) {
      double x = src.get(DOUBLE, s + j * SIZE);
      double before = max.get(DOUBLE, m + j * SIZE);
      if (x > before || (Double.isNaN(x) && !Double.isNaN(before))) {
        max.set(DOUBLE, m + j * SIZE, x);
        where.set(LONG, w + j * SIZE, index);
      }
    }
  }

  @Override
  public long index(MemorySegment where, long w) {
    return where.get(LONG, w);
  }

  @Override
  public void exp(MemorySegment src, long s, double max, MemorySegment dst, long d, long count) {
    for (long i = 0; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, Math.exp(src.get(DOUBLE, s + i * SIZE) - max));
    }
  }

  @Override
  public void exp(
      MemorySegment src, long s, MemorySegment max, long m, MemorySegment dst, long d, long count) {
    for (long j = 0; j < count; j++) {
      double x = src.get(DOUBLE, s + j * SIZE) - max.get(DOUBLE, m + j * SIZE);
      dst.set(DOUBLE, d + j * SIZE, Math.exp(x));
    }
  }
}
