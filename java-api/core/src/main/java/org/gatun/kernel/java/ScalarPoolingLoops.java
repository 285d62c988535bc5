package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.gatun.DType;

/** The loops of pooling in plain Java, computing in double. */
final class ScalarPoolingLoops implements PoolingLoops {
  private final boolean single;
  private final int bytes;

  ScalarPoolingLoops(DType dtype) {
    this.single = dtype == DType.F32;
    this.bytes = dtype.byteSize();
  }

  @Override
  public String implementation() {
    return "java:scalar";
  }

  @Override
  public void max(MemorySegment src, long[] at, int rows, MemorySegment dst, long d, long count) {
    for (long j = 0; j < count; j++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < rows; k++) {
        max = larger(max, get(src, at[k] + j * bytes));
      }
      set(dst, d + j * bytes, max);
    }
  }

  @Override
  public void mean(
      MemorySegment src,
      long[] at,
      int rows,
      double divisor,
      MemorySegment dst,
      long d,
      long count) {
    for (long j = 0; j < count; j++) {
      double sum = 0;
      for (int k = 0; k < rows; k++) {
        sum += get(src, at[k] + j * bytes);
      }
      set(dst, d + j * bytes, sum / divisor);
    }
  }

  @Override
  public void divide(
      MemorySegment dst, long d, MemorySegment divisors, long at, double factor, long count) {
    for (long j = 0; j < count; j++) {
      double divisor = get(divisors, at + j * bytes) * factor;
      set(dst, d + j * bytes, get(dst, d + j * bytes) / divisor);
    }
  }

  @Override
  public void split(
      MemorySegment src, long s, long count, int stride, MemorySegment dst, long d, long length) {
    for (int phase = 0; phase < stride; phase++) {
      long to = d + phase * length * bytes;
      for (long i = phase; i < count; i += stride, to += bytes) {
        set(dst, to, get(src, s + i * bytes));
      }
    }
  }

  @Override
  public void maxOfLines(long src, WindowAxis width, long dst) {
    for (int w = 0; w < width.output(); w++) {
      for (long lane = 0; lane < LINE; lane += bytes) {
        double max = Double.NEGATIVE_INFINITY;
        long s = src + lane + (long) width.first()[w] * LINE;
        for (int k = width.count()[w]; k > 0; k--, s += (long) width.step() * LINE) {
          max = larger(max, get(Elements.ALL, s));
        }
        set(Elements.ALL, dst + lane + (long) w * LINE, max);
      }
    }
  }

  @Override
  public void meanOfLines(long src, WindowAxis width, double divisor, boolean shares, long dst) {
    for (int w = 0; w < width.output(); w++) {
      for (long lane = 0; lane < LINE; lane += bytes) {
        double sum = 0;
        long s = src + lane + (long) width.first()[w] * LINE;
        for (int k = width.count()[w]; k > 0; k--, s += (long) width.step() * LINE) {
          sum += get(Elements.ALL, s);
        }
        double by = shares ? divisor * width.share()[w] : divisor;
        set(Elements.ALL, dst + lane + (long) w * LINE, sum / by);
      }
    }
  }

  @Override
  public double max(MemorySegment src, long s, long count) {
    double max = Double.NEGATIVE_INFINITY;
    for (long i = 0; i < count; i++) {
      max = larger(max, get(src, s + i * bytes));
    }
    return max;
  }

  private static double larger(double max, double value) {
    return value > max || Double.isNaN(value) ? value : max;
  }

  @Override
  public double get(MemorySegment src, long s) {
    return single ? src.get(ValueLayout.JAVA_FLOAT, s) : src.get(ValueLayout.JAVA_DOUBLE, s);
  }

  @Override
  public void set(MemorySegment dst, long d, double value) {
    if (single) {
      dst.set(ValueLayout.JAVA_FLOAT, d, (float) value);
    } else {
      dst.set(ValueLayout.JAVA_DOUBLE, d, value);
    }
  }
}
