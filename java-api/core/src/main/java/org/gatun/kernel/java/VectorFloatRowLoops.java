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
 * <p>A method with vectors has one loop, and leaves its lanes in an array: the compiler gives up
 * inlining in methods of some hundred vector operations, tails and all, and then every vector
 * becomes an object. The lanes are joined when those of all rows are there: after each four of them
 * it takes 1.3 times as long, since the next ones wait.
 */
final class VectorFloatRowLoops implements RowLoops {
  private static final VectorSpecies<Float> FLOATS = VectorFloatMath.FLOATS;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = FLOATS.length();
  private static final int SIZE = Float.BYTES;

  /** The most elements of a row that one vector adds up: long chains round away what is small. */
  private static final int RUN = 64 * LANES;

  /** Exponentials are likely to be the same number again, and round the same way each time. */
  private static final int EXPS = 16 * LANES;

  /** Where the sums of four rows are that show NaN, behind the lanes of all rows. */
  private static final int CHECKS = MOST_ROWS * LANES;

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
    clear(sums);
    for (long i = 0; i < count; i += RUN) {
      long from = src + i * SIZE;
      long some = Math.min(RUN, count - i);
      long full = FLOATS.loopBound(some);
      for (int row = 0; row < rows; row += 4) {
        // The last rows, where they are not four, are computed several times.
        addFour(
            from + row * stride,
            from + Math.min(row + 1, rows - 1) * stride,
            from + Math.min(row + 2, rows - 1) * stride,
            from + Math.min(row + 3, rows - 1) * stride,
            full,
            lanes,
            row * LANES);
      }
      addLanes(lanes, sums, rows);
      for (int row = 0; row < rows && full < some; row++) {
        sums[row] += sum(from + row * stride + full * SIZE, some - full);
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

  private static void clear(double[] sums) {
    for (int i = 0; i < MOST_ROWS; i++) {
      sums[i] = 0;
    }
  }

  private static void addFour(
      long src0, long src1, long src2, long src3, long full, float[] lanes, int to) {
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
    sum0.intoArray(lanes, to);
    sum1.intoArray(lanes, to + LANES);
    sum2.intoArray(lanes, to + 2 * LANES);
    sum3.intoArray(lanes, to + 3 * LANES);
  }

  /** Adds the sum of the lanes of each row to its number. */
  private static void addLanes(float[] lanes, double[] sums, int rows) {
    for (int row = 0; row < rows; row += 4) {
      int at = row * LANES;
      addLanes(lanes, at);
      sums[row] += lanes[at];
      sums[row + 1] += lanes[at + HALF];
      sums[row + 2] += lanes[at + QUARTER];
      sums[row + 3] += lanes[at + HALF + QUARTER];
    }
  }

  /**
   * Puts the sums of the lanes of four vectors into the first one: halves, then quarters, and so
   * on. Two vectors share one as soon as they have halves to give away.
   */
  private static void addLanes(float[] lanes, int at) {
    FloatVector x0 = FloatVector.fromArray(FLOATS, lanes, at);
    FloatVector x1 = FloatVector.fromArray(FLOATS, lanes, at + LANES);
    FloatVector x2 = FloatVector.fromArray(FLOATS, lanes, at + 2 * LANES);
    FloatVector x3 = FloatVector.fromArray(FLOATS, lanes, at + 3 * LANES);
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
    x0.intoArray(lanes, at);
  }

  @Override
  public void maxima(long src, long stride, int rows, long count, double[] maxima, float[] lanes) {
    for (int row = 0; row < rows && count >= LANES; row += 4) {
      maximaOfFour(
          src + row * stride,
          src + Math.min(row + 1, rows - 1) * stride,
          src + Math.min(row + 2, rows - 1) * stride,
          src + Math.min(row + 3, rows - 1) * stride,
          count,
          lanes,
          row);
    }
    for (int row = 0; row < rows; row += 4) {
      boolean numbers = count >= LANES && isNumber(lanes, row);
      if (numbers) {
        maxOfLanes(lanes, maxima, row);
      }
      for (int i = row; i < Math.min(row + 4, rows) && !numbers; i++) {
        float max = Float.NEGATIVE_INFINITY;
        for (long k = 0; k < count; k++) {
          max = Math.max(max, get(src + i * stride + k * SIZE));
        }
        maxima[i] = max;
      }
    }
  }

  @Override
  public void minima(long src, long stride, int rows, long count, double[] minima, float[] lanes) {
    for (int row = 0; row < rows && count >= LANES; row += 4) {
      minimaOfFour(
          src + row * stride,
          src + Math.min(row + 1, rows - 1) * stride,
          src + Math.min(row + 2, rows - 1) * stride,
          src + Math.min(row + 3, rows - 1) * stride,
          count,
          lanes,
          row);
    }
    for (int row = 0; row < rows; row += 4) {
      boolean numbers = count >= LANES && isNumber(lanes, row);
      if (numbers) {
        maxOfLanes(lanes, minima, row);
      }
      for (int i = row; i < Math.min(row + 4, rows); i++) {
        float min = numbers ? (float) -minima[i] : Float.POSITIVE_INFINITY;
        for (long k = 0; k < count && !numbers; k++) {
          min = Math.min(min, get(src + i * stride + k * SIZE));
        }
        minima[i] = min;
      }
    }
  }

  /** Returns whether the sums of four rows are numbers that show NaN. */
  private static boolean isNumber(float[] lanes, int row) {
    FloatVector sum = FloatVector.fromArray(FLOATS, lanes, CHECKS + row / 4 * LANES);
    return !sum.test(VectorOperators.IS_NAN).anyTrue();
  }

  /**
   * Computes the maxima of elements that are not NaN, and behind those of all rows sums of the
   * elements, which are NaN where one is. The last vector of a row overlaps the one before it.
   */
  private static void maximaOfFour(
      long src0, long src1, long src2, long src3, long count, float[] lanes, int row) {
    FloatVector most0 = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    FloatVector most1 = most0;
    FloatVector most2 = most0;
    FloatVector most3 = most0;
    FloatVector sum = FloatVector.zero(FLOATS);
    for (long i = 0; i < count; i += LANES) {
      long at = Math.min(i, count - LANES) * SIZE;
      FloatVector x0 = load(src0 + at);
      FloatVector x1 = load(src1 + at);
      FloatVector x2 = load(src2 + at);
      FloatVector x3 = load(src3 + at);
      most0 = most0.blend(x0, x0.compare(VectorOperators.GT, most0));
      most1 = most1.blend(x1, x1.compare(VectorOperators.GT, most1));
      most2 = most2.blend(x2, x2.compare(VectorOperators.GT, most2));
      most3 = most3.blend(x3, x3.compare(VectorOperators.GT, most3));
      sum = sum.add(x0.add(x1).add(x2.add(x3)));
    }
    int to = row * LANES;
    most0.intoArray(lanes, to);
    most1.intoArray(lanes, to + LANES);
    most2.intoArray(lanes, to + 2 * LANES);
    most3.intoArray(lanes, to + 3 * LANES);
    sum.intoArray(lanes, CHECKS + row / 4 * LANES);
  }

  /** Computes the minima, negated, likewise. */
  private static void minimaOfFour(
      long src0, long src1, long src2, long src3, long count, float[] lanes, int row) {
    FloatVector most0 = FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY);
    FloatVector most1 = most0;
    FloatVector most2 = most0;
    FloatVector most3 = most0;
    FloatVector sum = FloatVector.zero(FLOATS);
    for (long i = 0; i < count; i += LANES) {
      long at = Math.min(i, count - LANES) * SIZE;
      FloatVector x0 = load(src0 + at);
      FloatVector x1 = load(src1 + at);
      FloatVector x2 = load(src2 + at);
      FloatVector x3 = load(src3 + at);
      most0 = most0.blend(x0, x0.compare(VectorOperators.LT, most0));
      most1 = most1.blend(x1, x1.compare(VectorOperators.LT, most1));
      most2 = most2.blend(x2, x2.compare(VectorOperators.LT, most2));
      most3 = most3.blend(x3, x3.compare(VectorOperators.LT, most3));
      sum = sum.add(x0.add(x1).add(x2.add(x3)));
    }
    int to = row * LANES;
    most0.neg().intoArray(lanes, to);
    most1.neg().intoArray(lanes, to + LANES);
    most2.neg().intoArray(lanes, to + 2 * LANES);
    most3.neg().intoArray(lanes, to + 3 * LANES);
    sum.intoArray(lanes, CHECKS + row / 4 * LANES);
  }

  private static FloatVector larger(FloatVector max, FloatVector x) {
    return max.blend(x, x.compare(VectorOperators.GT, max));
  }

  private static void maxOfLanes(float[] lanes, double[] maxima, int row) {
    int at = row * LANES;
    maxOfLanes(lanes, at);
    maxima[row] = lanes[at];
    maxima[row + 1] = lanes[at + HALF];
    maxima[row + 2] = lanes[at + QUARTER];
    maxima[row + 3] = lanes[at + HALF + QUARTER];
  }

  /** Computes the largest lane of each of four vectors, as {@link #addLanes} adds them. */
  private static void maxOfLanes(float[] lanes, int at) {
    FloatVector x0 = FloatVector.fromArray(FLOATS, lanes, at);
    FloatVector x1 = FloatVector.fromArray(FLOATS, lanes, at + LANES);
    FloatVector x2 = FloatVector.fromArray(FLOATS, lanes, at + 2 * LANES);
    FloatVector x3 = FloatVector.fromArray(FLOATS, lanes, at + 3 * LANES);
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
    x0.intoArray(lanes, at);
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
    clear(sums);
    for (long i = 0; i < count; i += EXPS) {
      long some = Math.min(EXPS, count - i);
      long full = FLOATS.loopBound(some);
      long x = src + i * SIZE;
      long y = dst + i * SIZE;
      for (int row = 0; row < rows; row++) {
        float shift = (float) shifts[row];
        exps(x + row * stride, shift, y + row * dstStride, full, lanes, row * LANES);
      }
      addLanes(lanes, sums, rows);
      for (int row = 0; row < rows && full < some; row++) {
        float shift = (float) shifts[row];
        long from = x + row * stride + full * SIZE;
        long to = y + row * dstStride + full * SIZE;
        lastExps(from, shift, lanes, some - full);
        double sum = 0;
        for (int k = 0; k < some - full; k++) {
          ALL.set(FLOAT, to + k * SIZE, lanes[k]);
          sum += lanes[k];
        }
        sums[row] += sum;
      }
    }
  }

  /** Stores the exps of whole vectors of a row, and the lanes of their sum. */
  private static void exps(long src, float shift, long dst, long full, float[] lanes, int at) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (long i = 0; i < full; i += LANES) {
      FloatVector e = VectorFloatMath.expOfNegative(load(src + i * SIZE).sub(shift));
      e.intoMemorySegment(ALL, dst + i * SIZE, ORDER);
      sum = sum.add(e);
    }
    sum.intoArray(lanes, at);
  }

  /** Computes the exps of fewer elements than a vector has. */
  private static void lastExps(long src, float shift, float[] lanes, long count) {
    VectorMask<Float> some = FLOATS.indexInRange(0, count);
    FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, src, ORDER, some);
    VectorFloatMath.expOfNegative(x.sub(shift)).intoArray(lanes, 0);
  }

  @Override
  public void sumsOfExps(
      long src, long stride, int rows, long count, double[] shifts, double[] sums, float[] lanes) {
    clear(sums);
    for (long i = 0; i < count; i += EXPS) {
      long some = Math.min(EXPS, count - i);
      long full = FLOATS.loopBound(some);
      long x = src + i * SIZE;
      for (int row = 0; row < rows; row++) {
        sumOfExps(x + row * stride, (float) shifts[row], full, lanes, row * LANES);
      }
      addLanes(lanes, sums, rows);
      for (int row = 0; row < rows && full < some; row++) {
        lastExps(x + row * stride + full * SIZE, (float) shifts[row], lanes, some - full);
        double sum = 0;
        for (int k = 0; k < some - full; k++) {
          sum += lanes[k];
        }
        sums[row] += sum;
      }
    }
  }

  private static void sumOfExps(long src, float shift, long full, float[] lanes, int at) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (long i = 0; i < full; i += LANES) {
      sum = sum.add(VectorFloatMath.expOfNegative(load(src + i * SIZE).sub(shift)));
    }
    sum.intoArray(lanes, at);
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
