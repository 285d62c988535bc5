package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gatun.DType;

/**
 * Loops over terms of {@code float}s with the Vector API: full vectors in four accumulators, then
 * single elements in double.
 */
final class VectorFloatTermLoops implements TermLoops {
  private static final VectorSpecies<Float> FLOATS = VectorFloatMath.FLOATS;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = FLOATS.length();
  private static final int SIZE = Float.BYTES;

  private static final int RUN = VectorFloatLoops.RUN;

  /** Elements that a loop with four accumulators takes at a time. */
  private static final int FOUR = 4 * LANES;

  private static final int SIGN = Integer.MIN_VALUE;

  /** Sums of squares outside may have lost digits: some square overflowed, or was subnormal. */
  private static final double LEAST_SQUARES = 0x1p-100;

  VectorFloatTermLoops() {}

  private static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(FLOATS, ALL, address, ORDER);
  }

  @Override
  public double sum(Term term, long src, long count) {
    return switch (term) {
      case MAGNITUDE -> {
        double sum = 0;
        for (long i = 0; i < count; i += RUN) {
          sum += sumMagnitudes(src + i * SIZE, Math.min(RUN, count - i));
        }
        yield sum;
      }
      case SQUARE -> {
        double sum = sumSquares(src, count);
        boolean exact = sum >= LEAST_SQUARES && sum <= Float.MAX_VALUE;
        yield exact ? sum : ScalarTermLoops.sum(DType.F32, Term.SQUARE, 0, src, count);
      }
      case NUMBER -> {
        double sum = 0;
        for (long i = 0; i < count; i += RUN) {
          sum += sumNumbers(src + i * SIZE, Math.min(RUN, count - i));
        }
        yield sum;
      }
      case NONZERO -> countNonzero(src, count);
      case ITSELF, NEGATED, NEGATED_MAGNITUDE, POWER -> throw new AssertionError("sum of " + term);
    };
  }

  private static double sumMagnitudes(long src, long count) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = FloatVector.zero(FLOATS);
    FloatVector sum2 = FloatVector.zero(FLOATS);
    FloatVector sum3 = FloatVector.zero(FLOATS);
    long i = 0;
    for (; i <= count - FOUR; i += FOUR) {
      long at = src + i * SIZE;
      sum0 = sum0.add(load(at).abs());
      sum1 = sum1.add(load(at + LANES * SIZE).abs());
      sum2 = sum2.add(load(at + 2 * LANES * SIZE).abs());
      sum3 = sum3.add(load(at + 3 * LANES * SIZE).abs());
    }
    for (; i <= count - LANES; i += LANES) {
      sum0 = sum0.add(load(src + i * SIZE).abs());
    }
    double sum = VectorFloatLoops.addLanes(sum0.add(sum1).add(sum2.add(sum3)));
    for (; i < count; i++) {
      sum += Math.abs(ALL.get(FLOAT, src + i * SIZE));
    }
    return sum;
  }

  private static double sumSquares(long src, long count) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = FloatVector.zero(FLOATS);
    FloatVector sum2 = FloatVector.zero(FLOATS);
    FloatVector sum3 = FloatVector.zero(FLOATS);
    long i = 0;
    for (; i <= count - FOUR; i += FOUR) {
      long at = src + i * SIZE;
      FloatVector x0 = load(at);
      FloatVector x1 = load(at + LANES * SIZE);
      FloatVector x2 = load(at + 2 * LANES * SIZE);
      FloatVector x3 = load(at + 3 * LANES * SIZE);
      sum0 = x0.fma(x0, sum0);
      sum1 = x1.fma(x1, sum1);
      sum2 = x2.fma(x2, sum2);
      sum3 = x3.fma(x3, sum3);
    }
    for (; i <= count - LANES; i += LANES) {
      FloatVector x = load(src + i * SIZE);
      sum0 = x.fma(x, sum0);
    }
    double sum = VectorFloatLoops.addLanes(sum0.add(sum1).add(sum2.add(sum3)));
    for (; i < count; i++) {
      double x = ALL.get(FLOAT, src + i * SIZE);
      sum += x * x;
    }
    return sum;
  }

  private static FloatVector numbers(long address) {
    FloatVector x = load(address);
    return x.blend(0, x.test(VectorOperators.IS_NAN));
  }

  private static double sumNumbers(long src, long count) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = FloatVector.zero(FLOATS);
    FloatVector sum2 = FloatVector.zero(FLOATS);
    FloatVector sum3 = FloatVector.zero(FLOATS);
    long i = 0;
    for (; i <= count - FOUR; i += FOUR) {
      long at = src + i * SIZE;
      sum0 = sum0.add(numbers(at));
      sum1 = sum1.add(numbers(at + LANES * SIZE));
      sum2 = sum2.add(numbers(at + 2 * LANES * SIZE));
      sum3 = sum3.add(numbers(at + 3 * LANES * SIZE));
    }
    for (; i <= count - LANES; i += LANES) {
      sum0 = sum0.add(numbers(src + i * SIZE));
    }
    double sum = VectorFloatLoops.addLanes(sum0.add(sum1).add(sum2.add(sum3)));
    for (; i < count; i++) {
      float x = ALL.get(FLOAT, src + i * SIZE);
      sum += Float.isNaN(x) ? 0 : x;
    }
    return sum;
  }

  private static double countNonzero(long src, long count) {
    long nonzero = 0;
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      VectorMask<Float> found = load(src + i * SIZE).compare(VectorOperators.NE, 0);
      nonzero += found.trueCount();
    }
    for (; i < count; i++) {
      nonzero += ALL.get(FLOAT, src + i * SIZE) == 0 ? 0 : 1;
    }
    return nonzero;
  }

  @Override
  public double max(Term term, long src, long count) {
    return switch (term) {
      case ITSELF -> max(src, count, -1, 0);
      case NEGATED -> max(src, count, -1, SIGN);
      case MAGNITUDE -> max(src, count, ~SIGN, 0);
      case NEGATED_MAGNITUDE -> max(src, count, ~SIGN, SIGN);
      case SQUARE, NUMBER, NONZERO, POWER -> throw new AssertionError("no maximum of " + term);
    };
  }

  /**
   * Returns an element with the bits outside the mask cleared, and then those of {@code flip}
   * turned.
   */
  private static FloatVector load(long address, int mask, int flip) {
    IntVector bits = load(address).reinterpretAsInts();
    return bits.and(mask).lanewise(VectorOperators.XOR, flip).reinterpretAsFloats();
  }

  private static float get(long address, int mask, int flip) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(ALL.get(FLOAT, address)) & mask) ^ flip);
  }

  private static float max(long src, long count, int mask, int flip) {
    FloatVector max0 = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    FloatVector max1 = max0;
    FloatVector max2 = max0;
    FloatVector max3 = max0;
    FloatVector nan = max0;
    long i = 0;
    for (; i <= count - FOUR; i += FOUR) {
      long at = src + i * SIZE;
      FloatVector x0 = load(at, mask, flip);
      FloatVector x1 = load(at + LANES * SIZE, mask, flip);
      FloatVector x2 = load(at + 2 * LANES * SIZE, mask, flip);
      FloatVector x3 = load(at + 3 * LANES * SIZE, mask, flip);
      max0 = max0.blend(x0, x0.compare(VectorOperators.GT, max0));
      max1 = max1.blend(x1, x1.compare(VectorOperators.GT, max1));
      max2 = max2.blend(x2, x2.compare(VectorOperators.GT, max2));
      max3 = max3.blend(x3, x3.compare(VectorOperators.GT, max3));
      nan = nan.blend(x0, x0.test(VectorOperators.IS_NAN));
      nan = nan.blend(x1, x1.test(VectorOperators.IS_NAN));
      nan = nan.blend(x2, x2.test(VectorOperators.IS_NAN));
      nan = nan.blend(x3, x3.test(VectorOperators.IS_NAN));
    }
    for (; i <= count - LANES; i += LANES) {
      FloatVector x = load(src + i * SIZE, mask, flip);
      max0 = max0.blend(x, x.compare(VectorOperators.GT, max0));
      nan = nan.blend(x, x.test(VectorOperators.IS_NAN));
    }
    boolean anyNan = nan.test(VectorOperators.IS_NAN).anyTrue();
    float max =
        anyNan ? Float.NaN : max0.max(max1).max(max2.max(max3)).reduceLanes(VectorOperators.MAX);
    for (; i < count; i++) {
      max = Math.max(max, get(src + i * SIZE, mask, flip));
    }
    return max;
  }

  /** In double: partial products of floats overflow where the whole does not. */
  @Override
  public double product(long src, long count) {
    return ScalarTermLoops.product(DType.F32, src, count);
  }
}
