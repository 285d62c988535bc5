package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops of pooling for f64, with the Vector API. */
final class VectorDoublePoolingLoops implements PoolingLoops {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final long LANES = SPECIES.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfDouble ELEMENT = ValueLayout.JAVA_DOUBLE;
  private static final int BYTES = Double.BYTES;
  private static final long STEP = LANES * BYTES;
  private static final VectorMask<Double> EVEN =
      VectorMask.fromLong(SPECIES, 0x5555_5555_5555_5555L);

  @Override
  public String implementation() {
    return "java:vector";
  }

  private static DoubleVector load(MemorySegment src, long s) {
    return DoubleVector.fromMemorySegment(SPECIES, src, s, ORDER);
  }

  /** Compare and blend is faster than the vector maximum, which orders the zeros as well. */
  private static DoubleVector larger(DoubleVector max, DoubleVector value) {
    return max.blend(
        value, value.compare(VectorOperators.GT, max).or(value.compare(VectorOperators.NE, value)));
  }

  private static double larger(double max, double value) {
    return value > max || Double.isNaN(value) ? value : max;
  }

  @Override
  public void max(MemorySegment src, long[] at, int rows, MemorySegment dst, long d, long count) {
    DoubleVector least = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
    long j = 0;
    for (; j <= count - 4 * LANES; j += 4 * LANES) {
      DoubleVector max0 = least;
      DoubleVector max1 = least;
      DoubleVector max2 = least;
      DoubleVector max3 = least;
      for (int k = 0; k < rows; k++) {
        long s = at[k] + j * BYTES;
        max0 = larger(max0, load(src, s));
        max1 = larger(max1, load(src, s + STEP));
        max2 = larger(max2, load(src, s + 2 * STEP));
        max3 = larger(max3, load(src, s + 3 * STEP));
      }
      long to = d + j * BYTES;
      max0.intoMemorySegment(dst, to, ORDER);
      max1.intoMemorySegment(dst, to + STEP, ORDER);
      max2.intoMemorySegment(dst, to + 2 * STEP, ORDER);
      max3.intoMemorySegment(dst, to + 3 * STEP, ORDER);
    }
    for (; j <= count - LANES; j += LANES) {
      DoubleVector max = least;
      for (int k = 0; k < rows; k++) {
        max = larger(max, load(src, at[k] + j * BYTES));
      }
      max.intoMemorySegment(dst, d + j * BYTES, ORDER);
    }
    for (; j < count; j++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < rows; k++) {
        max = larger(max, src.get(ELEMENT, at[k] + j * BYTES));
      }
      dst.set(ELEMENT, d + j * BYTES, max);
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
    double by = divisor;
    DoubleVector zero = DoubleVector.zero(SPECIES);
    long j = 0;
    for (; j <= count - 4 * LANES; j += 4 * LANES) {
      DoubleVector sum0 = zero;
      DoubleVector sum1 = zero;
      DoubleVector sum2 = zero;
      DoubleVector sum3 = zero;
      for (int k = 0; k < rows; k++) {
        long s = at[k] + j * BYTES;
        sum0 = sum0.add(load(src, s));
        sum1 = sum1.add(load(src, s + STEP));
        sum2 = sum2.add(load(src, s + 2 * STEP));
        sum3 = sum3.add(load(src, s + 3 * STEP));
      }
      long to = d + j * BYTES;
      sum0.div(by).intoMemorySegment(dst, to, ORDER);
      sum1.div(by).intoMemorySegment(dst, to + STEP, ORDER);
      sum2.div(by).intoMemorySegment(dst, to + 2 * STEP, ORDER);
      sum3.div(by).intoMemorySegment(dst, to + 3 * STEP, ORDER);
    }
    for (; j <= count - LANES; j += LANES) {
      DoubleVector sum = zero;
      for (int k = 0; k < rows; k++) {
        sum = sum.add(load(src, at[k] + j * BYTES));
      }
      sum.div(by).intoMemorySegment(dst, d + j * BYTES, ORDER);
    }
    for (; j < count; j++) {
      double sum = 0;
      for (int k = 0; k < rows; k++) {
        sum += src.get(ELEMENT, at[k] + j * BYTES);
      }
      dst.set(ELEMENT, d + j * BYTES, sum / by);
    }
  }

  @Override
  public void divide(
      MemorySegment dst, long d, MemorySegment divisors, long at, double factor, long count) {
    double by = factor;
    long j = 0;
    for (; j <= count - LANES; j += LANES) {
      DoubleVector divisor = load(divisors, at + j * BYTES).mul(by);
      load(dst, d + j * BYTES).div(divisor).intoMemorySegment(dst, d + j * BYTES, ORDER);
    }
    for (; j < count; j++) {
      double divisor = divisors.get(ELEMENT, at + j * BYTES) * by;
      dst.set(ELEMENT, d + j * BYTES, dst.get(ELEMENT, d + j * BYTES) / divisor);
    }
  }

  @Override
  public void split(
      MemorySegment src, long s, long count, int stride, MemorySegment dst, long d, long length) {
    long done = stride == 2 ? splitPairs(src, s, count, dst, d, length) : 0;
    for (int phase = 0; phase < stride; phase++) {
      long to = d + (phase * length + done / stride) * BYTES;
      for (long i = done + phase; i < count; i += stride, to += BYTES) {
        dst.set(ELEMENT, to, src.get(ELEMENT, s + i * BYTES));
      }
    }
  }

  /**
   * Splits whole vectors and returns how many elements these were. Stores a vector where half of one
   * is due; what follows overwrites the other half, or lies within the slack behind a phase.
   */
  private static long splitPairs(
      MemorySegment src, long s, long count, MemorySegment dst, long d, long length) {
    VectorMask<Double> odd = EVEN.not();
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      DoubleVector both = load(src, s + i * BYTES);
      long to = d + i / 2 * BYTES;
      both.compress(EVEN).intoMemorySegment(dst, to, ORDER);
      both.compress(odd).intoMemorySegment(dst, to + length * BYTES, ORDER);
    }
    return i;
  }

  @Override
  public double max(MemorySegment src, long s, long count) {
    double max = Double.NEGATIVE_INFINITY;
    long i = 0;
    if (count >= LANES) {
      DoubleVector first = load(src, s);
      DoubleVector second = first;
      for (; i <= count - 2 * LANES; i += 2 * LANES) {
        first = larger(first, load(src, s + i * BYTES));
        second = larger(second, load(src, s + (i + LANES) * BYTES));
      }
      max = larger(first, second).reduceLanes(VectorOperators.MAX);
    }
    for (; i < count; i++) {
      max = larger(max, src.get(ELEMENT, s + i * BYTES));
    }
    return max;
  }

  @Override
  public double get(MemorySegment src, long s) {
    return src.get(ELEMENT, s);
  }

  @Override
  public void set(MemorySegment dst, long d, double value) {
    dst.set(ELEMENT, d, value);
  }
}
