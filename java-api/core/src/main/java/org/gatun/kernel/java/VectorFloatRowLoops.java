package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops over four rows of {@code float}s at a time with the Vector API. A row is summed by one
 * vector, over at most {@link #RUN} elements, and these sums are added in double.
 *
 * <p>A method with vectors has one loop, and leaves its lanes in an array that plain Java adds up:
 * the compiler gives up inlining in methods of some hundred vector operations, tails and all, and
 * then every vector becomes an object.
 */
final class VectorFloatRowLoops implements RowLoops {
  private static final VectorSpecies<Float> FLOATS = VectorFloatMath.FLOATS;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = FLOATS.length();
  private static final int SIZE = Float.BYTES;

  /** The most elements of a row that one vector adds up: long chains round away what is small. */
  private static final int RUN = 64 * LANES;

  private static final int HALF = LANES / 2;
  private static final int QUARTER = LANES / 4;
  private static final VectorShuffle<Float> BY_HALF = rotation(HALF);
  private static final VectorShuffle<Float> BY_QUARTER = rotation(QUARTER);
  private static final VectorShuffle<Float> BACK_A_QUARTER = rotation(LANES - QUARTER);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  /** The lanes of the second half. */
  private static final VectorMask<Float> SECOND_HALF =
      VectorMask.fromLong(FLOATS, (-1L << HALF) & ((1L << LANES) - 1));

  /** The second quarter of each half. */
  private static final VectorMask<Float> SECOND_QUARTERS =
      VectorMask.fromLong(
          FLOATS, ((1L << QUARTER) - 1) * ((1L << QUARTER) + (1L << (HALF + QUARTER))));

  VectorFloatRowLoops() {}

  private static VectorShuffle<Float> rotation(int lanes) {
    return VectorShuffle.iota(FLOATS, lanes % LANES, 1, true);
  }

  private static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(FLOATS, ALL, address, ORDER);
  }

  private static float get(long address) {
    return ALL.get(FLOAT, address);
  }

  @Override
  public void sums(long src, long stride, int rows, long count, double[] sums, float[] lanes) {
    for (int row = 0; row < rows; row += 4) {
      // The last rows, where they are not four, are computed several times.
      int row3 = Math.min(row + 3, rows - 1);
      clearFour(sums, row);
      for (long i = 0; i < count; i += RUN) {
        long from = src + i * SIZE;
        long some = Math.min(RUN, count - i);
        long full = FLOATS.loopBound(some);
        addFour(
            from + row * stride,
            from + Math.min(row + 1, rows - 1) * stride,
            from + Math.min(row + 2, rows - 1) * stride,
            from + row3 * stride,
            full,
            lanes);
        addLanes(lanes, sums, row);
        for (int j = row; j <= row3 && full < some; j++) {
          sums[j] += sum(from + j * stride + full * SIZE, some - full);
        }
      }
    }
  }

  private static double sum(long src, long count) {
    double sum = 0;
    for (long i = 0; i < count; i++) {
      sum += get(src + i * SIZE);
    }
    return sum;
  }

  private static void clearFour(double[] sums, int row) {
    for (int i = row; i < row + 4; i++) {
      sums[i] = 0;
    }
  }

  private static void addFour(
      long src0, long src1, long src2, long src3, long full, float[] lanes) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    for (long i = 0; i < full; i += LANES) {
      sum0 = sum0.add(load(src0 + i * SIZE));
      sum1 = sum1.add(load(src1 + i * SIZE));
      sum2 = sum2.add(load(src2 + i * SIZE));
      sum3 = sum3.add(load(src3 + i * SIZE));
    }
    sum0.intoArray(lanes, 0);
    sum1.intoArray(lanes, LANES);
    sum2.intoArray(lanes, 2 * LANES);
    sum3.intoArray(lanes, 3 * LANES);
  }

  /**
   * Adds the sum of the lanes of each of four vectors to the numbers of four rows: halves, then
   * quarters, and so on. Two vectors share one as soon as they have halves to give away.
   */
  private static void addLanes(float[] lanes, double[] sums, int row) {
    FloatVector x0 = FloatVector.fromArray(FLOATS, lanes, 0);
    FloatVector x1 = FloatVector.fromArray(FLOATS, lanes, LANES);
    FloatVector x2 = FloatVector.fromArray(FLOATS, lanes, 2 * LANES);
    FloatVector x3 = FloatVector.fromArray(FLOATS, lanes, 3 * LANES);
    x0 = x0.add(x0.rearrange(BY_HALF)).blend(x1.add(x1.rearrange(BY_HALF)), SECOND_HALF);
    x2 = x2.add(x2.rearrange(BY_HALF)).blend(x3.add(x3.rearrange(BY_HALF)), SECOND_HALF);
    x0 = x0.add(x0.rearrange(BY_QUARTER));
    x2 = x2.add(x2.rearrange(BY_QUARTER));
    x0 = x0.blend(x2.rearrange(BACK_A_QUARTER), SECOND_QUARTERS);
    if (LANES > 8) {
      x0 = x0.add(x0.rearrange(BY_2));
    }
    if (LANES > 4) {
      x0 = x0.add(x0.rearrange(BY_1));
    }
    x0.intoArray(lanes, 0);
    sums[row] += lanes[0];
    sums[row + 1] += lanes[HALF];
    sums[row + 2] += lanes[QUARTER];
    sums[row + 3] += lanes[HALF + QUARTER];
  }

  @Override
  public void maxima(long src, long stride, int rows, long count, double[] maxima, float[] lanes) {
    long full = FLOATS.loopBound(count);
    for (int row = 0; row < rows; row += 4) {
      int row3 = Math.min(row + 3, rows - 1);
      maximaOfFour(
          src + row * stride,
          src + Math.min(row + 1, rows - 1) * stride,
          src + Math.min(row + 2, rows - 1) * stride,
          src + row3 * stride,
          full,
          lanes);
      boolean numbers = isNumber(lanes);
      maxOfLanes(lanes, maxima, row);
      for (int i = row; i <= row3 && (full < count || !numbers); i++) {
        float max = numbers ? (float) maxima[i] : Float.NEGATIVE_INFINITY;
        for (long k = numbers ? full : 0; k < count; k++) {
          max = Math.max(max, get(src + i * stride + k * SIZE));
        }
        maxima[i] = max;
      }
    }
  }

  @Override
  public void minima(long src, long stride, int rows, long count, double[] minima, float[] lanes) {
    long full = FLOATS.loopBound(count);
    for (int row = 0; row < rows; row += 4) {
      int row3 = Math.min(row + 3, rows - 1);
      minimaOfFour(
          src + row * stride,
          src + Math.min(row + 1, rows - 1) * stride,
          src + Math.min(row + 2, rows - 1) * stride,
          src + row3 * stride,
          full,
          lanes);
      boolean numbers = isNumber(lanes);
      maxOfLanes(lanes, minima, row);
      for (int i = row; i <= row3; i++) {
        float min = numbers ? (float) -minima[i] : Float.POSITIVE_INFINITY;
        for (long k = numbers ? full : 0; k < count; k++) {
          min = Math.min(min, get(src + i * stride + k * SIZE));
        }
        minima[i] = min;
      }
    }
  }

  /** Returns whether the sums behind the lanes of four rows are numbers. */
  private static boolean isNumber(float[] lanes) {
    return !FloatVector.fromArray(FLOATS, lanes, 4 * LANES).test(VectorOperators.IS_NAN).anyTrue();
  }

  /**
   * Computes the maxima of elements that are not NaN, and behind them sums of all elements, which
   * are NaN where one is.
   */
  private static void maximaOfFour(
      long src0, long src1, long src2, long src3, long full, float[] lanes) {
    FloatVector most0 = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    FloatVector most1 = most0;
    FloatVector most2 = most0;
    FloatVector most3 = most0;
    FloatVector sum = FloatVector.zero(FLOATS);
    for (long i = 0; i < full; i += LANES) {
      FloatVector x0 = load(src0 + i * SIZE);
      FloatVector x1 = load(src1 + i * SIZE);
      FloatVector x2 = load(src2 + i * SIZE);
      FloatVector x3 = load(src3 + i * SIZE);
      most0 = most0.blend(x0, x0.compare(VectorOperators.GT, most0));
      most1 = most1.blend(x1, x1.compare(VectorOperators.GT, most1));
      most2 = most2.blend(x2, x2.compare(VectorOperators.GT, most2));
      most3 = most3.blend(x3, x3.compare(VectorOperators.GT, most3));
      sum = sum.add(x0.add(x1).add(x2.add(x3)));
    }
    most0.intoArray(lanes, 0);
    most1.intoArray(lanes, LANES);
    most2.intoArray(lanes, 2 * LANES);
    most3.intoArray(lanes, 3 * LANES);
    sum.intoArray(lanes, 4 * LANES);
  }

  /** Computes the minima, negated, likewise. */
  private static void minimaOfFour(
      long src0, long src1, long src2, long src3, long full, float[] lanes) {
    FloatVector most0 = FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY);
    FloatVector most1 = most0;
    FloatVector most2 = most0;
    FloatVector most3 = most0;
    FloatVector sum = FloatVector.zero(FLOATS);
    for (long i = 0; i < full; i += LANES) {
      FloatVector x0 = load(src0 + i * SIZE);
      FloatVector x1 = load(src1 + i * SIZE);
      FloatVector x2 = load(src2 + i * SIZE);
      FloatVector x3 = load(src3 + i * SIZE);
      most0 = most0.blend(x0, x0.compare(VectorOperators.LT, most0));
      most1 = most1.blend(x1, x1.compare(VectorOperators.LT, most1));
      most2 = most2.blend(x2, x2.compare(VectorOperators.LT, most2));
      most3 = most3.blend(x3, x3.compare(VectorOperators.LT, most3));
      sum = sum.add(x0.add(x1).add(x2.add(x3)));
    }
    most0.neg().intoArray(lanes, 0);
    most1.neg().intoArray(lanes, LANES);
    most2.neg().intoArray(lanes, 2 * LANES);
    most3.neg().intoArray(lanes, 3 * LANES);
    sum.intoArray(lanes, 4 * LANES);
  }

  private static FloatVector larger(FloatVector max, FloatVector x) {
    return max.blend(x, x.compare(VectorOperators.GT, max));
  }

  /** Computes the largest lane of each of four vectors, as {@link #addLanes} adds them. */
  private static void maxOfLanes(float[] lanes, double[] maxima, int row) {
    FloatVector x0 = FloatVector.fromArray(FLOATS, lanes, 0);
    FloatVector x1 = FloatVector.fromArray(FLOATS, lanes, LANES);
    FloatVector x2 = FloatVector.fromArray(FLOATS, lanes, 2 * LANES);
    FloatVector x3 = FloatVector.fromArray(FLOATS, lanes, 3 * LANES);
    x0 = larger(x0, x0.rearrange(BY_HALF)).blend(larger(x1, x1.rearrange(BY_HALF)), SECOND_HALF);
    x2 = larger(x2, x2.rearrange(BY_HALF)).blend(larger(x3, x3.rearrange(BY_HALF)), SECOND_HALF);
    x0 = larger(x0, x0.rearrange(BY_QUARTER));
    x2 = larger(x2, x2.rearrange(BY_QUARTER));
    x0 = x0.blend(x2.rearrange(BACK_A_QUARTER), SECOND_QUARTERS);
    if (LANES > 8) {
      x0 = larger(x0, x0.rearrange(BY_2));
    }
    if (LANES > 4) {
      x0 = larger(x0, x0.rearrange(BY_1));
    }
    x0.intoArray(lanes, 0);
    maxima[row] = lanes[0];
    maxima[row + 1] = lanes[HALF];
    maxima[row + 2] = lanes[QUARTER];
    maxima[row + 3] = lanes[HALF + QUARTER];
  }

  @Override
  public void exps(
      long src,
      long stride,
      long dst,
      long dstStride,
      int rows,
      long count,
      double[] shifts,
      double[] sums,
      float[] lanes) {
    for (int row = 0; row < rows; row += 4) {
      int four = Math.min(4, rows - row);
      clearFour(sums, row);
      for (long i = 0; i < count; i += RUN) {
        long some = Math.min(RUN, count - i);
        long full = FLOATS.loopBound(some);
        long x = src + row * stride + i * SIZE;
        long y = dst + row * dstStride + i * SIZE;
        expFour(x, stride, y, dstStride, four, full, shifts, row, lanes);
        addLanes(lanes, sums, row);
        for (int j = 0; j < four && full < some; j++) {
          long at = full * SIZE;
          float shift = (float) shifts[row + j];
          sums[row + j] += exp(x + j * stride + at, shift, y + j * dstStride + at, some - full);
        }
      }
    }
  }

  private static double exp(long src, float shift, long dst, long count) {
    double sum = 0;
    for (long i = 0; i < count; i++) {
      float e = FloatMath.expOfLow(get(src + i * SIZE) - shift);
      ALL.set(FLOAT, dst + i * SIZE, e);
      sum += e;
    }
    return sum;
  }

  private static void expFour(
      long src,
      long stride,
      long dst,
      long dstStride,
      int rows,
      long full,
      double[] shifts,
      int first,
      float[] lanes) {
    for (int row = 0; row < rows; row++) {
      float shift = (float) shifts[first + row];
      long x = src + row * stride;
      long y = dst + row * dstStride;
      FloatVector sum = FloatVector.zero(FLOATS);
      for (long i = 0; i < full; i += LANES) {
        FloatVector e = VectorFloatMath.expOfNegative(load(x + i * SIZE).sub(shift));
        e.intoMemorySegment(ALL, y + i * SIZE, ORDER);
        sum = sum.add(e);
      }
      sum.intoArray(lanes, row * LANES);
    }
  }

  @Override
  public void sumsOfExps(
      long src, long stride, int rows, long count, double[] shifts, double[] sums, float[] lanes) {
    for (int row = 0; row < rows; row += 4) {
      int four = Math.min(4, rows - row);
      clearFour(sums, row);
      for (long i = 0; i < count; i += RUN) {
        long some = Math.min(RUN, count - i);
        long full = FLOATS.loopBound(some);
        long x = src + row * stride + i * SIZE;
        sumsOfFour(x, stride, four, full, shifts, row, lanes);
        addLanes(lanes, sums, row);
        for (int j = 0; j < four && full < some; j++) {
          long at = x + j * stride + full * SIZE;
          sums[row + j] += sumOfExp(at, (float) shifts[row + j], some - full);
        }
      }
    }
  }

  private static double sumOfExp(long src, float shift, long count) {
    double sum = 0;
    for (long i = 0; i < count; i++) {
      sum += FloatMath.expOfLow(get(src + i * SIZE) - shift);
    }
    return sum;
  }

  private static void sumsOfFour(
      long src, long stride, int rows, long full, double[] shifts, int first, float[] lanes) {
    for (int row = 0; row < rows; row++) {
      float shift = (float) shifts[first + row];
      long x = src + row * stride;
      FloatVector sum = FloatVector.zero(FLOATS);
      for (long i = 0; i < full; i += LANES) {
        sum = sum.add(VectorFloatMath.expOfNegative(load(x + i * SIZE).sub(shift)));
      }
      sum.intoArray(lanes, row * LANES);
    }
  }

  @Override
  public void scale(long dst, long stride, int rows, long count, double[] factors) {
    long full = FLOATS.loopBound(count);
    for (int row = 0; row < rows; row++) {
      long y = dst + row * stride;
      float factor = (float) factors[row];
      if (row + 4 <= rows) {
        scaleFour(
            y,
            stride,
            full,
            factor,
            (float) factors[row + 1],
            (float) factors[row + 2],
            (float) factors[row + 3]);
        for (int i = row; i < row + 4 && full < count; i++) {
          scale(dst + i * stride, (float) factors[i], full, count);
        }
        row += 3;
      } else {
        scale(y, factor, 0, count);
      }
    }
  }

  private static void scaleFour(
      long dst,
      long stride,
      long full,
      float factor0,
      float factor1,
      float factor2,
      float factor3) {
    long dst1 = dst + stride;
    long dst2 = dst1 + stride;
    long dst3 = dst2 + stride;
    for (long i = 0; i < full; i += LANES) {
      load(dst + i * SIZE).mul(factor0).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
      load(dst1 + i * SIZE).mul(factor1).intoMemorySegment(ALL, dst1 + i * SIZE, ORDER);
      load(dst2 + i * SIZE).mul(factor2).intoMemorySegment(ALL, dst2 + i * SIZE, ORDER);
      load(dst3 + i * SIZE).mul(factor3).intoMemorySegment(ALL, dst3 + i * SIZE, ORDER);
    }
  }

  private static void scale(long dst, float factor, long from, long count) {
    long full = from + FLOATS.loopBound(count - from);
    for (long i = from; i < full; i += LANES) {
      load(dst + i * SIZE).mul(factor).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, get(dst + i * SIZE) * factor);
    }
  }
}
