package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.DOUBLE;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gatun.DType;

/**
 * Loops over terms of {@code double}s with the Vector API: full vectors in four accumulators, then
 * single elements.
 */
final class VectorDoubleTermLoops implements TermLoops {
  private static final VectorSpecies<Double> DOUBLES = VectorDoubleMath.DOUBLES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = DOUBLES.length();
  private static final int SIZE = Double.BYTES;

  /** Elements that a loop with four accumulators takes at a time. */
  private static final int FOUR = 4 * LANES;

  private static final long SIGN = Long.MIN_VALUE;

  VectorDoubleTermLoops() {}

  private static DoubleVector load(long address) {
    return DoubleVector.fromMemorySegment(DOUBLES, ALL, address, ORDER);
  }

  @Override
  public double sum(Term term, long src, long count) {
    return switch (term) {
      case MAGNITUDE -> sumMagnitudes(src, count);
      case SQUARE -> sumSquares(src, count);
      case NUMBER -> sumNumbers(src, count);
      case NONZERO -> countNonzero(src, count);
      case ITSELF, NEGATED, NEGATED_MAGNITUDE, POWER -> throw new AssertionError("sum of " + term);
    };
  }

  private static double sumMagnitudes(long src, long count) {
    DoubleVector sum0 = DoubleVector.zero(DOUBLES);
    DoubleVector sum1 = DoubleVector.zero(DOUBLES);
    DoubleVector sum2 = DoubleVector.zero(DOUBLES);
    DoubleVector sum3 = DoubleVector.zero(DOUBLES);
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
    double sum = VectorDoubleLoops.addLanes(sum0.add(sum1).add(sum2.add(sum3)));
    for (; i < count; i++) {
      sum += Math.abs(ALL.get(DOUBLE, src + i * SIZE));
    }
    return sum;
  }

  private static double sumSquares(long src, long count) {
    DoubleVector sum0 = DoubleVector.zero(DOUBLES);
    DoubleVector sum1 = DoubleVector.zero(DOUBLES);
    DoubleVector sum2 = DoubleVector.zero(DOUBLES);
    DoubleVector sum3 = DoubleVector.zero(DOUBLES);
    long i = 0;
    for (; i <= count - FOUR; i += FOUR) {
      long at = src + i * SIZE;
      DoubleVector x0 = load(at);
      DoubleVector x1 = load(at + LANES * SIZE);
      DoubleVector x2 = load(at + 2 * LANES * SIZE);
      DoubleVector x3 = load(at + 3 * LANES * SIZE);
      sum0 = x0.fma(x0, sum0);
      sum1 = x1.fma(x1, sum1);
      sum2 = x2.fma(x2, sum2);
      sum3 = x3.fma(x3, sum3);
    }
    for (; i <= count - LANES; i += LANES) {
      DoubleVector x = load(src + i * SIZE);
      sum0 = x.fma(x, sum0);
    }
    double sum = VectorDoubleLoops.addLanes(sum0.add(sum1).add(sum2.add(sum3)));
    for (; i < count; i++) {
      double x = ALL.get(DOUBLE, src + i * SIZE);
      sum += x * x;
    }
    return sum;
  }

  private static DoubleVector numbers(long address) {
    DoubleVector x = load(address);
    return x.blend(0, x.test(VectorOperators.IS_NAN));
  }

  private static double sumNumbers(long src, long count) {
    DoubleVector sum0 = DoubleVector.zero(DOUBLES);
    DoubleVector sum1 = DoubleVector.zero(DOUBLES);
    DoubleVector sum2 = DoubleVector.zero(DOUBLES);
    DoubleVector sum3 = DoubleVector.zero(DOUBLES);
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
    double sum = VectorDoubleLoops.addLanes(sum0.add(sum1).add(sum2.add(sum3)));
    for (; i < count; i++) {
      double x = ALL.get(DOUBLE, src + i * SIZE);
      sum += Double.isNaN(x) ? 0 : x;
    }
    return sum;
  }

  private static double countNonzero(long src, long count) {
    long nonzero = 0;
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      VectorMask<Double> found = load(src + i * SIZE).compare(VectorOperators.NE, 0);
      nonzero += found.trueCount();
    }
    for (; i < count; i++) {
      nonzero += ALL.get(DOUBLE, src + i * SIZE) == 0 ? 0 : 1;
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
  private static DoubleVector load(long address, long mask, long flip) {
    LongVector bits = load(address).reinterpretAsLongs();
    return bits.and(mask).lanewise(VectorOperators.XOR, flip).reinterpretAsDoubles();
  }

  private static double get(long address, long mask, long flip) {
    return Double.longBitsToDouble(
        (Double.doubleToRawLongBits(ALL.get(DOUBLE, address)) & mask) ^ flip);
  }

  private static double max(long src, long count, long mask, long flip) {
    DoubleVector max0 = DoubleVector.broadcast(DOUBLES, Double.NEGATIVE_INFINITY);
    DoubleVector max1 = max0;
    DoubleVector max2 = max0;
    DoubleVector max3 = max0;
    DoubleVector nan = max0;
    long i = 0;
    for (; i <= count - FOUR; i += FOUR) {
      long at = src + i * SIZE;
      DoubleVector x0 = load(at, mask, flip);
      DoubleVector x1 = load(at + LANES * SIZE, mask, flip);
      DoubleVector x2 = load(at + 2 * LANES * SIZE, mask, flip);
      DoubleVector x3 = load(at + 3 * LANES * SIZE, mask, flip);
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
      DoubleVector x = load(src + i * SIZE, mask, flip);
      max0 = max0.blend(x, x.compare(VectorOperators.GT, max0));
      nan = nan.blend(x, x.test(VectorOperators.IS_NAN));
    }
    boolean anyNan = nan.test(VectorOperators.IS_NAN).anyTrue();
    double max =
        anyNan ? Double.NaN : max0.max(max1).max(max2.max(max3)).reduceLanes(VectorOperators.MAX);
    for (; i < count; i++) {
      max = Math.max(max, get(src + i * SIZE, mask, flip));
    }
    return max;
  }

  @Override
  public double product(long src, long count) {
    return ScalarTermLoops.product(DType.F64, src, count);
  }
}
