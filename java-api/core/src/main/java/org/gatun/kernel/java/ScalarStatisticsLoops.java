package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.gatun.DType;

/** The loops of normalization in plain Java, computing in double. */
final class ScalarStatisticsLoops implements StatisticsLoops {
  /** Elements that are added up before they are added to others, so that f64 is as exact. */
  private static final int PIECE = 64;

  private final boolean single;
  private final int bytes;

  ScalarStatisticsLoops(DType dtype) {
    this.single = dtype == DType.F32;
    this.bytes = dtype.byteSize();
  }

  @Override
  public String implementation() {
    return "java:scalar";
  }

  @Override
  public double sum(MemorySegment src, long s, long count) {
    double sum = 0;
    for (long from = 0; from < count; from += PIECE) {
      double part = 0;
      for (long i = from; i < Math.min(count, from + PIECE); i++) {
        part += get(src, s + i * bytes);
      }
      sum += part;
    }
    return sum;
  }

  @Override
  public void moments(MemorySegment src, long s, long count, double around, double[] sums, int at) {
    double sum = 0;
    double squares = 0;
    for (long from = 0; from < count; from += PIECE) {
      double part = 0;
      double partSquares = 0;
      for (long i = from; i < Math.min(count, from + PIECE); i++) {
        double deviation = get(src, s + i * bytes) - around;
        part += deviation;
        partSquares += deviation * deviation;
      }
      sum += part;
      squares += partSquares;
    }
    sums[at] = sum;
    sums[at + 1] = squares;
  }

  @Override
  public void normalize(
      MemorySegment src,
      long s,
      MemorySegment dst,
      long d,
      long count,
      double mean,
      double scale,
      double shift) {
    for (long i = 0; i < count; i++) {
      set(dst, d + i * bytes, (get(src, s + i * bytes) - mean) * scale + shift);
    }
  }

  @Override
  public void normalize(
      MemorySegment src,
      long s,
      MemorySegment dst,
      long d,
      long count,
      double mean,
      double scale,
      double shift,
      MemorySegment weight,
      MemorySegment bias,
      long p) {
    for (long i = 0; i < count; i++) {
      double normal = (get(src, s + i * bytes) - mean) * scale + shift;
      double value = normal * get(weight, p + i * bytes) + get(bias, p + i * bytes);
      set(dst, d + i * bytes, value);
    }
  }

  @Override
  public void sumRows(
      MemorySegment src, long s, long rowStride, long rows, long count, MemorySegment dst, long d) {
    for (long j = 0; j < count; j++) {
      double sum = 0;
      for (long row = 0; row < rows; row++) {
        sum += get(src, s + row * rowStride + j * bytes);
      }
      set(dst, d + j * bytes, sum);
    }
  }

  @Override
  public void momentsOfRows(
      MemorySegment src,
      long s,
      long rowStride,
      long rows,
      long count,
      MemorySegment around,
      MemorySegment sums,
      MemorySegment squares) {
    for (long j = 0; j < count; j++) {
      double center = get(around, j * bytes);
      double sum = 0;
      double squared = 0;
      for (long row = 0; row < rows; row++) {
        double deviation = get(src, s + row * rowStride + j * bytes) - center;
        sum += deviation;
        squared += deviation * deviation;
      }
      set(sums, j * bytes, sum);
      set(squares, j * bytes, squared);
    }
  }

  @Override
  public void normalizeRows(
      MemorySegment src,
      long s,
      MemorySegment dst,
      long d,
      long rowStride,
      long rows,
      long count,
      MemorySegment mean,
      MemorySegment scale,
      MemorySegment shift) {
    for (long row = 0; row < rows; row++) {
      for (long j = 0; j < count; j++) {
        long at = row * rowStride + j * bytes;
        double normal = (get(src, s + at) - get(mean, j * bytes)) * get(scale, j * bytes);
        set(dst, d + at, normal + get(shift, j * bytes));
      }
    }
  }

  @Override
  public void read(MemorySegment src, long s, double[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = get(src, s + (long) i * bytes);
    }
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

  @Override
  public double rounded(double value) {
    return single ? (float) value : value;
  }
}
