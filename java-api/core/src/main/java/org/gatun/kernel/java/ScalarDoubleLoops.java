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
    double even = 0;
    double odd = 0;
    long i = 0;
    for (; i + 2 <= count; i += 2) {
      even += src.get(DOUBLE, s + i * SIZE);
      odd += src.get(DOUBLE, s + (i + 1) * SIZE);
    }
    if (i < count) {
      even += src.get(DOUBLE, s + i * SIZE);
    }
    return even + odd;
  }

  @Override
  public void deviations(MemorySegment src, long s, long count, double from, double[] sums) {
    double sum = 0;
    double square = 0;
    for (long i = 0; i < count; i++) {
      double x = src.get(DOUBLE, s + i * SIZE) - from;
      sum += x;
      square += x * x;
    }
    sums[0] = sum;
    sums[1] = square;
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
    for (long i = 0; i < count; i += CHUNK) {
      int n = (int) Math.min(CHUNK, count - i);
      Arrays.fill(sum, 0);
      for (long row = 0; row < rows; row++) {
        long at = s + row * rowStride + i * SIZE;
        for (int j = 0; j < n; j++) {
          sum[j] += src.get(DOUBLE, at + (long) j * SIZE);
        }
      }
      for (int j = 0; j < n; j++) {
        dst.set(DOUBLE, d + (i + j) * SIZE, sum[j]);
      }
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
    sum.asSlice(0, count * SIZE).fill((byte) 0);
    square.asSlice(0, count * SIZE).fill((byte) 0);
    for (long row = 0; row < rows; row++) {
      for (long j = 0; j < count * SIZE; j += SIZE) {
        double x = src.get(DOUBLE, s + row * rowStride + j) - from.get(DOUBLE, j);
        sum.set(DOUBLE, j, sum.get(DOUBLE, j) + x);
        square.set(DOUBLE, j, Math.fma(x, x, square.get(DOUBLE, j)));
      }
    }
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
  public double expSum(
      MemorySegment src, long s, MemorySegment dst, long d, long count, double max) {
    double largest = max;
    double sum = 0;
    for (long i = 0; i < count; i++) {
      double e = Math.exp(src.get(DOUBLE, s + i * SIZE) - largest);
      dst.set(DOUBLE, d + i * SIZE, e);
      sum += e;
    }
    return sum;
  }

  @Override
  public void expInto(
      MemorySegment src,
      long s,
      MemorySegment max,
      long m,
      MemorySegment dst,
      long d,
      MemorySegment sum,
      long a,
      long count) {
    for (long j = 0; j < count; j++) {
      double e = Math.exp(src.get(DOUBLE, s + j * SIZE) - max.get(DOUBLE, m + j * SIZE));
      dst.set(DOUBLE, d + j * SIZE, e);
      sum.set(DOUBLE, a + j * SIZE, sum.get(DOUBLE, a + j * SIZE) + e);
    }
  }
}
