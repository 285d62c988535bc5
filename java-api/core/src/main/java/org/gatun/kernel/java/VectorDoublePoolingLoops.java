package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of pooling for f64, with the Vector API. What is left behind the last whole vector is
 * computed once more with those before it: source and destination are never the same memory.
 */
final class VectorDoublePoolingLoops implements PoolingLoops {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final long LANES = SPECIES.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfDouble ELEMENT = ValueLayout.JAVA_DOUBLE;
  private static final int BYTES = Double.BYTES;
  private static final long STEP = LANES * BYTES;

  /** The lanes with even and with odd index, twice: the second half is for a second vector. */
  private static final VectorShuffle<Double> EVEN =
      VectorShuffle.fromOp(SPECIES, i -> 2 * i % SPECIES.length());

  private static final VectorShuffle<Double> ODD =
      VectorShuffle.fromOp(SPECIES, i -> 2 * i % SPECIES.length() + 1);
  private static final VectorMask<Double> SECOND_HALF =
      SPECIES.indexInRange(0, SPECIES.length() / 2).not();

  @Override
  public String implementation() {
    return "java:vector";
  }

  private static DoubleVector load(MemorySegment src, long s) {
    return DoubleVector.fromMemorySegment(SPECIES, src, s, ORDER);
  }

  private static DoubleVector load(MemorySegment src, long s, VectorMask<Double> some) {
    return DoubleVector.fromMemorySegment(SPECIES, src, s, ORDER, some);
  }

  /** Compare and blend is faster than the vector maximum, which orders the zeros as well. */
  private static DoubleVector larger(DoubleVector max, DoubleVector value) {
    VectorMask<Double> wins = value.compare(VectorOperators.GT, max);
    return max.blend(value, wins.or(value.compare(VectorOperators.NE, value)));
  }

  private static double larger(double max, double value) {
    return value > max || Double.isNaN(value) ? value : max;
  }

  @Override
  public void max(MemorySegment src, long[] at, int rows, MemorySegment dst, long d, long count) {
    if (count < LANES) {
      maxOfFew(src, at, rows, dst, d, count);
      return;
    }
    long j = 0;
    for (; j <= count - 4 * LANES; j += 4 * LANES) {
      maxOfFour(src, at, rows, j * BYTES, dst, d);
    }
    for (; j < count; j += LANES) {
      maxOfOne(src, at, rows, Math.min(j, count - LANES) * BYTES, dst, d);
    }
  }

  private static void maxOfFour(
      MemorySegment src, long[] at, int rows, long j, MemorySegment dst, long d) {
    DoubleVector max0 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
    DoubleVector max1 = max0;
    DoubleVector max2 = max0;
    DoubleVector max3 = max0;
    for (int k = 0; k < rows; k++) {
      long s = at[k] + j;
      max0 = larger(max0, load(src, s));
      max1 = larger(max1, load(src, s + STEP));
      max2 = larger(max2, load(src, s + 2 * STEP));
      max3 = larger(max3, load(src, s + 3 * STEP));
    }
    max0.intoMemorySegment(dst, d + j, ORDER);
    max1.intoMemorySegment(dst, d + j + STEP, ORDER);
    max2.intoMemorySegment(dst, d + j + 2 * STEP, ORDER);
    max3.intoMemorySegment(dst, d + j + 3 * STEP, ORDER);
  }

  private static void maxOfOne(
      MemorySegment src, long[] at, int rows, long j, MemorySegment dst, long d) {
    DoubleVector max = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
    for (int k = 0; k < rows; k++) {
      max = larger(max, load(src, at[k] + j));
    }
    max.intoMemorySegment(dst, d + j, ORDER);
  }

  private static void maxOfFew(
      MemorySegment src, long[] at, int rows, MemorySegment dst, long d, long count) {
    VectorMask<Double> some = SPECIES.indexInRange(0, count);
    DoubleVector max = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
    for (int k = 0; k < rows; k++) {
      max = larger(max, load(src, at[k], some));
    }
    max.intoMemorySegment(dst, d, ORDER, some);
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
    if (count < LANES) {
      meanOfFew(src, at, rows, by, dst, d, count);
      return;
    }
    long j = 0;
    for (; j <= count - 4 * LANES; j += 4 * LANES) {
      meanOfFour(src, at, rows, by, j * BYTES, dst, d);
    }
    for (; j < count; j += LANES) {
      meanOfOne(src, at, rows, by, Math.min(j, count - LANES) * BYTES, dst, d);
    }
  }

  private static void meanOfFour(
      MemorySegment src, long[] at, int rows, double by, long j, MemorySegment dst, long d) {
    DoubleVector sum0 = DoubleVector.zero(SPECIES);
    DoubleVector sum1 = sum0;
    DoubleVector sum2 = sum0;
    DoubleVector sum3 = sum0;
    for (int k = 0; k < rows; k++) {
      long s = at[k] + j;
      sum0 = sum0.add(load(src, s));
      sum1 = sum1.add(load(src, s + STEP));
      sum2 = sum2.add(load(src, s + 2 * STEP));
      sum3 = sum3.add(load(src, s + 3 * STEP));
    }
    sum0.div(by).intoMemorySegment(dst, d + j, ORDER);
    sum1.div(by).intoMemorySegment(dst, d + j + STEP, ORDER);
    sum2.div(by).intoMemorySegment(dst, d + j + 2 * STEP, ORDER);
    sum3.div(by).intoMemorySegment(dst, d + j + 3 * STEP, ORDER);
  }

  private static void meanOfOne(
      MemorySegment src, long[] at, int rows, double by, long j, MemorySegment dst, long d) {
    DoubleVector sum = DoubleVector.zero(SPECIES);
    for (int k = 0; k < rows; k++) {
      sum = sum.add(load(src, at[k] + j));
    }
    sum.div(by).intoMemorySegment(dst, d + j, ORDER);
  }

  private static void meanOfFew(
      MemorySegment src, long[] at, int rows, double by, MemorySegment dst, long d, long count) {
    VectorMask<Double> some = SPECIES.indexInRange(0, count);
    DoubleVector sum = DoubleVector.zero(SPECIES);
    for (int k = 0; k < rows; k++) {
      sum = sum.add(load(src, at[k], some));
    }
    sum.div(by).intoMemorySegment(dst, d, ORDER, some);
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
    if (j < count) {
      VectorMask<Double> some = SPECIES.indexInRange(j, count);
      DoubleVector divisor = load(divisors, at + j * BYTES, some).mul(by);
      load(dst, d + j * BYTES, some)
          .div(divisor)
          .intoMemorySegment(dst, d + j * BYTES, ORDER, some);
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

  /** Splits two vectors at a time, as many as there are; returns how many elements these have. */
  private static long splitPairs(
      MemorySegment src, long s, long count, MemorySegment dst, long d, long length) {
    long i = 0;
    for (; i <= count - 2 * LANES; i += 2 * LANES) {
      DoubleVector first = load(src, s + i * BYTES);
      DoubleVector second = load(src, s + i * BYTES + STEP);
      DoubleVector even = first.rearrange(EVEN).blend(second.rearrange(EVEN), SECOND_HALF);
      DoubleVector odd = first.rearrange(ODD).blend(second.rearrange(ODD), SECOND_HALF);
      long to = d + i / 2 * BYTES;
      even.intoMemorySegment(dst, to, ORDER);
      odd.intoMemorySegment(dst, to + length * BYTES, ORDER);
    }
    return i;
  }

  @Override
  public void maxOfLines(long src, WindowAxis width, long dst) {
    for (long part = 0; part < LINE; part += STEP) {
      for (int w = 0; w < width.output(); w++) {
        long s = src + part + (long) width.first()[w] * LINE;
        DoubleVector max = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        for (int k = width.count()[w]; k > 0; k--, s += (long) width.step() * LINE) {
          max = larger(max, load(ALL, s));
        }
        max.intoMemorySegment(ALL, dst + part + (long) w * LINE, ORDER);
      }
    }
  }

  @Override
  public void meanOfLines(long src, WindowAxis width, double divisor, boolean shares, long dst) {
    for (long part = 0; part < LINE; part += STEP) {
      for (int w = 0; w < width.output(); w++) {
        long s = src + part + (long) width.first()[w] * LINE;
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int k = width.count()[w]; k > 0; k--, s += (long) width.step() * LINE) {
          sum = sum.add(load(ALL, s));
        }
        double by = shares ? divisor * width.share()[w] : divisor;
        sum.div(by).intoMemorySegment(ALL, dst + part + (long) w * LINE, ORDER);
      }
    }
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
        second = larger(second, load(src, s + i * BYTES + STEP));
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
