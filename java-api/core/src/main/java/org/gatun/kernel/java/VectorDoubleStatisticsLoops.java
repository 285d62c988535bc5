package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of normalization for f64, with the Vector API. Lanes are added in a fixed order: {@code
 * reduceLanes} has another one before it is compiled than after.
 */
final class VectorDoubleStatisticsLoops implements StatisticsLoops {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfDouble ELEMENT = ValueLayout.JAVA_DOUBLE;
  private static final int BYTES = Double.BYTES;
  private static final long STEP = (long) LANES * BYTES;

  @Override
  public String implementation() {
    return "java:vector";
  }

  private static DoubleVector load(MemorySegment src, long s) {
    return DoubleVector.fromMemorySegment(SPECIES, src, s, ORDER);
  }

  @Override
  public double sum(MemorySegment src, long s, long count) {
    DoubleVector a = DoubleVector.zero(SPECIES);
    DoubleVector b = a;
    DoubleVector c = a;
    DoubleVector d = a;
    long end = s + count * BYTES;
    long at = s;
    for (; at <= end - 4 * STEP; at += 4 * STEP) {
      a = a.add(load(src, at));
      b = b.add(load(src, at + STEP));
      c = c.add(load(src, at + 2 * STEP));
      d = d.add(load(src, at + 3 * STEP));
    }
    for (; at <= end - STEP; at += STEP) {
      a = a.add(load(src, at));
    }
    double sum = VectorDoubleLoops.addLanes(a.add(b).add(c.add(d)));
    for (; at < end; at += BYTES) {
      sum += src.get(ELEMENT, at);
    }
    return sum;
  }

  @Override
  public void moments(MemorySegment src, long s, long count, double around, double[] sums, int at) {
    double center = around;
    DoubleVector sum = DoubleVector.zero(SPECIES);
    DoubleVector otherSum = sum;
    DoubleVector squares = sum;
    DoubleVector otherSquares = sum;
    long end = s + count * BYTES;
    long next = s;
    for (; next <= end - 2 * STEP; next += 2 * STEP) {
      DoubleVector deviation = load(src, next).sub(center);
      DoubleVector otherDeviation = load(src, next + STEP).sub(center);
      sum = sum.add(deviation);
      otherSum = otherSum.add(otherDeviation);
      squares = deviation.fma(deviation, squares);
      otherSquares = otherDeviation.fma(otherDeviation, otherSquares);
    }
    double total = VectorDoubleLoops.addLanes(sum.add(otherSum));
    double totalSquares = VectorDoubleLoops.addLanes(squares.add(otherSquares));
    for (; next < end; next += BYTES) {
      double deviation = src.get(ELEMENT, next) - center;
      total += deviation;
      totalSquares += deviation * deviation;
    }
    sums[at] = total;
    sums[at + 1] = totalSquares;
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
    double center = mean;
    double factor = scale;
    double added = shift;
    DoubleVector factors = DoubleVector.broadcast(SPECIES, factor);
    DoubleVector shifts = DoubleVector.broadcast(SPECIES, added);
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      load(src, s + i * BYTES)
          .sub(center)
          .fma(factors, shifts)
          .intoMemorySegment(dst, d + i * BYTES, ORDER);
    }
    for (; i < count; i++) {
      double deviation = src.get(ELEMENT, s + i * BYTES) - center;
      dst.set(ELEMENT, d + i * BYTES, Math.fma(deviation, factor, added));
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
    double center = mean;
    double factor = scale;
    double added = shift;
    DoubleVector factors = DoubleVector.broadcast(SPECIES, factor);
    DoubleVector shifts = DoubleVector.broadcast(SPECIES, added);
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      load(src, s + i * BYTES)
          .sub(center)
          .fma(factors, shifts)
          .fma(load(weight, p + i * BYTES), load(bias, p + i * BYTES))
          .intoMemorySegment(dst, d + i * BYTES, ORDER);
    }
    for (; i < count; i++) {
      double normal = Math.fma(src.get(ELEMENT, s + i * BYTES) - center, factor, added);
      double value =
          Math.fma(normal, weight.get(ELEMENT, p + i * BYTES), bias.get(ELEMENT, p + i * BYTES));
      dst.set(ELEMENT, d + i * BYTES, value);
    }
  }

  @Override
  public void sumRows(
      MemorySegment src, long s, long rowStride, long rows, long count, MemorySegment dst, long d) {
    long j = 0;
    for (; j <= count - 4L * LANES; j += 4L * LANES) {
      DoubleVector first = DoubleVector.zero(SPECIES);
      DoubleVector second = first;
      DoubleVector third = first;
      DoubleVector fourth = first;
      long at = s + j * BYTES;
      for (long row = 0; row < rows; row++, at += rowStride) {
        first = first.add(load(src, at));
        second = second.add(load(src, at + STEP));
        third = third.add(load(src, at + 2 * STEP));
        fourth = fourth.add(load(src, at + 3 * STEP));
      }
      first.intoMemorySegment(dst, d + j * BYTES, ORDER);
      second.intoMemorySegment(dst, d + j * BYTES + STEP, ORDER);
      third.intoMemorySegment(dst, d + j * BYTES + 2 * STEP, ORDER);
      fourth.intoMemorySegment(dst, d + j * BYTES + 3 * STEP, ORDER);
    }
    for (; j <= count - LANES; j += LANES) {
      DoubleVector sum = DoubleVector.zero(SPECIES);
      long at = s + j * BYTES;
      for (long row = 0; row < rows; row++, at += rowStride) {
        sum = sum.add(load(src, at));
      }
      sum.intoMemorySegment(dst, d + j * BYTES, ORDER);
    }
    for (; j < count; j++) {
      double sum = 0;
      long at = s + j * BYTES;
      for (long row = 0; row < rows; row++, at += rowStride) {
        sum += src.get(ELEMENT, at);
      }
      dst.set(ELEMENT, d + j * BYTES, sum);
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
    long j = 0;
    for (; j <= count - 2L * LANES; j += 2L * LANES) {
      DoubleVector center = load(around, j * BYTES);
      DoubleVector otherCenter = load(around, j * BYTES + STEP);
      DoubleVector sum = DoubleVector.zero(SPECIES);
      DoubleVector otherSum = sum;
      DoubleVector squared = sum;
      DoubleVector otherSquared = sum;
      long at = s + j * BYTES;
      for (long row = 0; row < rows; row++, at += rowStride) {
        DoubleVector deviation = load(src, at).sub(center);
        DoubleVector otherDeviation = load(src, at + STEP).sub(otherCenter);
        sum = sum.add(deviation);
        otherSum = otherSum.add(otherDeviation);
        squared = deviation.fma(deviation, squared);
        otherSquared = otherDeviation.fma(otherDeviation, otherSquared);
      }
      sum.intoMemorySegment(sums, j * BYTES, ORDER);
      otherSum.intoMemorySegment(sums, j * BYTES + STEP, ORDER);
      squared.intoMemorySegment(squares, j * BYTES, ORDER);
      otherSquared.intoMemorySegment(squares, j * BYTES + STEP, ORDER);
    }
    for (; j <= count - LANES; j += LANES) {
      DoubleVector center = load(around, j * BYTES);
      DoubleVector sum = DoubleVector.zero(SPECIES);
      DoubleVector squared = sum;
      long at = s + j * BYTES;
      for (long row = 0; row < rows; row++, at += rowStride) {
        DoubleVector deviation = load(src, at).sub(center);
        sum = sum.add(deviation);
        squared = deviation.fma(deviation, squared);
      }
      sum.intoMemorySegment(sums, j * BYTES, ORDER);
      squared.intoMemorySegment(squares, j * BYTES, ORDER);
    }
    for (; j < count; j++) {
      double center = around.get(ELEMENT, j * BYTES);
      double sum = 0;
      double squared = 0;
      long at = s + j * BYTES;
      for (long row = 0; row < rows; row++, at += rowStride) {
        double deviation = src.get(ELEMENT, at) - center;
        sum += deviation;
        squared = Math.fma(deviation, deviation, squared);
      }
      sums.set(ELEMENT, j * BYTES, sum);
      squares.set(ELEMENT, j * BYTES, squared);
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
    long j = 0;
    for (; j <= count - 4L * LANES; j += 4L * LANES) {
      long at = j * BYTES;
      normalizeFour(src, s + at, dst, d + at, rowStride, rows, mean, scale, shift, at);
    }
    for (; j <= count - 2L * LANES; j += 2L * LANES) {
      DoubleVector center = load(mean, j * BYTES);
      DoubleVector otherCenter = load(mean, j * BYTES + STEP);
      DoubleVector factor = load(scale, j * BYTES);
      DoubleVector otherFactor = load(scale, j * BYTES + STEP);
      DoubleVector added = load(shift, j * BYTES);
      DoubleVector otherAdded = load(shift, j * BYTES + STEP);
      for (long row = 0; row < rows; row++) {
        long at = row * rowStride + j * BYTES;
        load(src, s + at).sub(center).fma(factor, added).intoMemorySegment(dst, d + at, ORDER);
        load(src, s + at + STEP)
            .sub(otherCenter)
            .fma(otherFactor, otherAdded)
            .intoMemorySegment(dst, d + at + STEP, ORDER);
      }
    }
    for (; j <= count - LANES; j += LANES) {
      DoubleVector center = load(mean, j * BYTES);
      DoubleVector factor = load(scale, j * BYTES);
      DoubleVector added = load(shift, j * BYTES);
      for (long row = 0; row < rows; row++) {
        long at = row * rowStride + j * BYTES;
        load(src, s + at).sub(center).fma(factor, added).intoMemorySegment(dst, d + at, ORDER);
      }
    }
    for (; j < count; j++) {
      double center = mean.get(ELEMENT, j * BYTES);
      double factor = scale.get(ELEMENT, j * BYTES);
      double added = shift.get(ELEMENT, j * BYTES);
      for (long row = 0; row < rows; row++) {
        long at = row * rowStride + j * BYTES;
        double deviation = src.get(ELEMENT, s + at) - center;
        dst.set(ELEMENT, d + at, Math.fma(deviation, factor, added));
      }
    }
  }

  /**
   * Takes four vectors of each row: of 64 columns these are all, which lie one behind the other.
   * Two at a time take 1.7 times as long where rows come from memory.
   */
  private static void normalizeFour(
      MemorySegment src,
      long s,
      MemorySegment dst,
      long d,
      long rowStride,
      long rows,
      MemorySegment mean,
      MemorySegment scale,
      MemorySegment shift,
      long at) {
    DoubleVector center0 = load(mean, at);
    DoubleVector center1 = load(mean, at + STEP);
    DoubleVector center2 = load(mean, at + 2 * STEP);
    DoubleVector center3 = load(mean, at + 3 * STEP);
    DoubleVector factor0 = load(scale, at);
    DoubleVector factor1 = load(scale, at + STEP);
    DoubleVector factor2 = load(scale, at + 2 * STEP);
    DoubleVector factor3 = load(scale, at + 3 * STEP);
    DoubleVector added0 = load(shift, at);
    DoubleVector added1 = load(shift, at + STEP);
    DoubleVector added2 = load(shift, at + 2 * STEP);
    DoubleVector added3 = load(shift, at + 3 * STEP);
    for (long row = 0; row < rows; row++) {
      long x = s + row * rowStride;
      long y = d + row * rowStride;
      load(src, x).sub(center0).fma(factor0, added0).intoMemorySegment(dst, y, ORDER);
      load(src, x + STEP).sub(center1).fma(factor1, added1).intoMemorySegment(dst, y + STEP, ORDER);
      load(src, x + 2 * STEP)
          .sub(center2)
          .fma(factor2, added2)
          .intoMemorySegment(dst, y + 2 * STEP, ORDER);
      load(src, x + 3 * STEP)
          .sub(center3)
          .fma(factor3, added3)
          .intoMemorySegment(dst, y + 3 * STEP, ORDER);
    }
  }

  @Override
  public void read(MemorySegment src, long s, double[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = src.get(ELEMENT, s + (long) i * BYTES);
    }
  }

  @Override
  public double get(MemorySegment src, long s) {
    return src.get(ELEMENT, s);
  }

  @Override
  public void set(MemorySegment dst, long d, double value) {
    dst.set(ELEMENT, d, value);
  }

  @Override
  public double rounded(double value) {
    return value;
  }
}
