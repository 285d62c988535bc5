package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of pooling for f32, with the Vector API. What is left behind the last whole vector is
 * computed once more with those before it: source and destination are never the same memory.
 */
final class VectorFloatPoolingLoops implements PoolingLoops {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final long LANES = SPECIES.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfFloat ELEMENT = ValueLayout.JAVA_FLOAT;
  private static final int BYTES = Float.BYTES;
  private static final long STEP = LANES * BYTES;

  /** The lanes with even and with odd index, twice: the second half is for a second vector. */
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(SPECIES, i -> 2 * i % SPECIES.length());

  private static final VectorShuffle<Float> ODD =
      VectorShuffle.fromOp(SPECIES, i -> 2 * i % SPECIES.length() + 1);
  private static final VectorMask<Float> SECOND_HALF =
      SPECIES.indexInRange(0, SPECIES.length() / 2).not();

  @Override
  public String implementation() {
    return "java:vector";
  }

  private static FloatVector load(MemorySegment src, long s) {
    return FloatVector.fromMemorySegment(SPECIES, src, s, ORDER);
  }

  private static FloatVector load(MemorySegment src, long s, VectorMask<Float> some) {
    return FloatVector.fromMemorySegment(SPECIES, src, s, ORDER, some);
  }

  /** Compare and blend is faster than the vector maximum, which orders the zeros as well. */
  private static FloatVector larger(FloatVector max, FloatVector value) {
    VectorMask<Float> wins = value.compare(VectorOperators.GT, max);
    return max.blend(value, wins.or(value.compare(VectorOperators.NE, value)));
  }

  private static float larger(float max, float value) {
    return value > max || Float.isNaN(value) ? value : max;
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
    FloatVector max0 = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    FloatVector max1 = max0;
    FloatVector max2 = max0;
    FloatVector max3 = max0;
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
    FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int k = 0; k < rows; k++) {
      max = larger(max, load(src, at[k] + j));
    }
    max.intoMemorySegment(dst, d + j, ORDER);
  }

  private static void maxOfFew(
      MemorySegment src, long[] at, int rows, MemorySegment dst, long d, long count) {
    VectorMask<Float> some = SPECIES.indexInRange(0, count);
    FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
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
    float by = (float) divisor;
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
      MemorySegment src, long[] at, int rows, float by, long j, MemorySegment dst, long d) {
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
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
      MemorySegment src, long[] at, int rows, float by, long j, MemorySegment dst, long d) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int k = 0; k < rows; k++) {
      sum = sum.add(load(src, at[k] + j));
    }
    sum.div(by).intoMemorySegment(dst, d + j, ORDER);
  }

  private static void meanOfFew(
      MemorySegment src, long[] at, int rows, float by, MemorySegment dst, long d, long count) {
    VectorMask<Float> some = SPECIES.indexInRange(0, count);
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int k = 0; k < rows; k++) {
      sum = sum.add(load(src, at[k], some));
    }
    sum.div(by).intoMemorySegment(dst, d, ORDER, some);
  }

  @Override
  public void divide(
      MemorySegment dst, long d, MemorySegment divisors, long at, double factor, long count) {
    float by = (float) factor;
    long j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector divisor = load(divisors, at + j * BYTES).mul(by);
      load(dst, d + j * BYTES).div(divisor).intoMemorySegment(dst, d + j * BYTES, ORDER);
    }
    if (j < count) {
      VectorMask<Float> some = SPECIES.indexInRange(j, count);
      FloatVector divisor = load(divisors, at + j * BYTES, some).mul(by);
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
      FloatVector first = load(src, s + i * BYTES);
      FloatVector second = load(src, s + i * BYTES + STEP);
      FloatVector even = first.rearrange(EVEN).blend(second.rearrange(EVEN), SECOND_HALF);
      FloatVector odd = first.rearrange(ODD).blend(second.rearrange(ODD), SECOND_HALF);
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
        FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
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
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int k = width.count()[w]; k > 0; k--, s += (long) width.step() * LINE) {
          sum = sum.add(load(ALL, s));
        }
        float by = (float) (shares ? divisor * width.share()[w] : divisor);
        sum.div(by).intoMemorySegment(ALL, dst + part + (long) w * LINE, ORDER);
      }
    }
  }

  @Override
  public double max(MemorySegment src, long s, long count) {
    float max = Float.NEGATIVE_INFINITY;
    long i = 0;
    if (count >= LANES) {
      FloatVector first = load(src, s);
      FloatVector second = first;
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
    dst.set(ELEMENT, d, (float) value);
  }
}
