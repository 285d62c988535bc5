package org.gatun.kernel.java;

import static org.gatun.kernel.java.DoubleMath.ASYMPTOTIC;
import static org.gatun.kernel.java.DoubleMath.LN_2;
import static org.gatun.kernel.java.DoubleMath.LOG2_E;
import static org.gatun.kernel.java.DoubleMath.MANTISSA_BITS;
import static org.gatun.kernel.java.DoubleMath.NORMAL;
import static org.gatun.kernel.java.DoubleMath.NORMAL_CENTER;
import static org.gatun.kernel.java.DoubleMath.SQRT_HALF_BITS;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of many {@code double}s at a time. exp, log and their likes are the Vector API's,
 * whose last bit may differ from that of {@code Math}: they are for {@link
 * VectorFloatAsDoubleLoop}.
 */
final class VectorDoubleMath {
  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  /** From here on doubles are whole numbers. */
  private static final double WHOLE = 0x1p52;

  /** 1.5 * 2^52: a small whole number is in the low bits of its sum. */
  private static final double SHIFT = 0x1.8p52;

  private VectorDoubleMath() {}

  static DoubleVector all(double value) {
    return DoubleVector.broadcast(DOUBLES, value);
  }

  static DoubleVector exp(DoubleVector x) {
    return x.lanewise(VectorOperators.EXP);
  }

  static DoubleVector relu(DoubleVector x) {
    return x.blend(0, x.compare(VectorOperators.LT, 0));
  }

  /** Returns the size of {@code x} with the sign of {@code y}. */
  static DoubleVector copySign(DoubleVector x, DoubleVector y) {
    return x.abs()
        .reinterpretAsLongs()
        .or(y.reinterpretAsLongs().and(Long.MIN_VALUE))
        .reinterpretAsDoubles();
  }

  /** Returns the nearest whole numbers, of two the even one. */
  static DoubleVector rint(DoubleVector x) {
    DoubleVector size = x.abs();
    DoubleVector near = size.add(WHOLE).sub(WHOLE);
    return copySign(size.blend(near, size.compare(VectorOperators.LT, WHOLE)), x);
  }

  static DoubleVector floor(DoubleVector x) {
    DoubleVector near = rint(x);
    return copySign(near.sub(1, near.compare(VectorOperators.GT, x)), x);
  }

  static DoubleVector ceil(DoubleVector x) {
    DoubleVector near = rint(x);
    return copySign(near.add(1, near.compare(VectorOperators.LT, x)), x);
  }

  static DoubleVector trunc(DoubleVector x) {
    DoubleVector size = x.abs();
    DoubleVector near = rint(size);
    return copySign(near.sub(1, near.compare(VectorOperators.GT, size)), x);
  }

  static DoubleVector max(DoubleVector x, DoubleVector y) {
    return y.blend(x, x.compare(VectorOperators.GT, y).or(x.test(VectorOperators.IS_NAN)));
  }

  static DoubleVector min(DoubleVector x, DoubleVector y) {
    return y.blend(x, x.compare(VectorOperators.LT, y).or(x.test(VectorOperators.IS_NAN)));
  }

  /** Returns the larger of both; of a number and NaN the number. */
  static DoubleVector maxNumber(DoubleVector x, DoubleVector y) {
    return y.blend(x, x.compare(VectorOperators.GT, y).or(y.test(VectorOperators.IS_NAN)));
  }

  /** Returns the smaller of both; of a number and NaN the number. */
  static DoubleVector minNumber(DoubleVector x, DoubleVector y) {
    return y.blend(x, x.compare(VectorOperators.LT, y).or(y.test(VectorOperators.IS_NAN)));
  }

  static DoubleVector clamp(DoubleVector x, DoubleVector low, DoubleVector high) {
    return min(max(x, low), high);
  }

  static DoubleVector sign(DoubleVector x) {
    return all(0)
        .blend(1, x.compare(VectorOperators.GT, 0))
        .blend(-1, x.compare(VectorOperators.LT, 0));
  }

  static DoubleVector nanToNum(
      DoubleVector x, DoubleVector nan, DoubleVector high, DoubleVector low) {
    return x.blend(nan, x.test(VectorOperators.IS_NAN))
        .blend(high, x.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY))
        .blend(low, x.compare(VectorOperators.EQ, Double.NEGATIVE_INFINITY));
  }

  /** Returns x + weight (y - x), from the nearer end. */
  static DoubleVector lerp(DoubleVector x, DoubleVector y, DoubleVector weight) {
    DoubleVector step = y.sub(x);
    DoubleVector fromX = weight.fma(step, x);
    DoubleVector fromY = weight.sub(1).fma(step, y);
    return fromX.blend(fromY, weight.abs().compare(VectorOperators.GE, 0.5));
  }

  static DoubleVector heaviside(DoubleVector x, DoubleVector y) {
    return all(0)
        .blend(1, x.compare(VectorOperators.GT, 0))
        .blend(y, x.compare(VectorOperators.EQ, 0));
  }

  static VectorMask<Double> isClose(
      DoubleVector x, DoubleVector y, DoubleVector relative, DoubleVector absolute) {
    DoubleVector apart = x.sub(y).abs();
    DoubleVector allowed = absolute.add(relative.mul(y).abs());
    return x.compare(VectorOperators.EQ, y)
        .or(apart.compare(VectorOperators.LE, allowed).and(apart.test(VectorOperators.IS_FINITE)));
  }

  static VectorMask<Double> bothNaN(DoubleVector x, DoubleVector y) {
    return x.test(VectorOperators.IS_NAN).and(y.test(VectorOperators.IS_NAN));
  }

  static VectorMask<Double> isTrue(DoubleVector x) {
    return x.compare(VectorOperators.NE, 0);
  }

  private static DoubleVector log1p(DoubleVector x) {
    return x.lanewise(VectorOperators.LOG1P);
  }

  static DoubleVector acosh(DoubleVector x) {
    DoubleVector t = x.sub(1);
    VectorMask<Double> big = x.compare(VectorOperators.GT, ASYMPTOTIC);
    // log(x) as log1p(x - 1): with a second logarithm the loop would be three times slower.
    DoubleVector y = t.add(t.mul(t.add(2)).sqrt()).blend(t, big);
    return log1p(y).add(LN_2, big).blend(Double.NaN, x.compare(VectorOperators.LT, 1));
  }

  static DoubleVector asinh(DoubleVector x) {
    DoubleVector size = x.abs();
    DoubleVector square = size.mul(size);
    VectorMask<Double> big = size.compare(VectorOperators.GT, ASYMPTOTIC);
    DoubleVector y = size.add(square.div(square.add(1).sqrt().add(1))).blend(size.sub(1), big);
    return copySign(log1p(y).add(LN_2, big), x);
  }

  static DoubleVector atanh(DoubleVector x) {
    DoubleVector size = x.abs();
    return copySign(log1p(size.add(size).div(all(1).sub(size))).mul(0.5), x);
  }

  static DoubleVector log2(DoubleVector x) {
    VectorMask<Double> small =
        x.compare(VectorOperators.LT, Double.MIN_NORMAL).and(x.compare(VectorOperators.GT, 0));
    DoubleVector y = x.mul(0x1p54, small);
    LongVector bits = y.reinterpretAsLongs();
    LongVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, MANTISSA_BITS);
    DoubleVector mantissa =
        bits.sub(exponent.lanewise(VectorOperators.LSHL, MANTISSA_BITS)).reinterpretAsDoubles();
    // A small whole number, as a double: added to the bits of 1.5 * 2^52.
    DoubleVector whole =
        exponent.add(Double.doubleToRawLongBits(SHIFT)).reinterpretAsDoubles().sub(SHIFT);
    whole = whole.sub(54, small);
    VectorMask<Double> usual =
        x.compare(VectorOperators.GT, 0)
            .and(x.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
    DoubleVector log = x.blend(mantissa, usual).lanewise(VectorOperators.LOG).mul(LOG2_E);
    return log.add(whole, usual);
  }

  static DoubleVector logit(DoubleVector x, DoubleVector eps) {
    DoubleVector most = all(1).sub(eps);
    VectorMask<Double> clamps = eps.compare(VectorOperators.GE, 0);
    // The lower bound comes first, as in PyTorch, where it is above the upper one.
    DoubleVector y =
        x.blend(most, x.compare(VectorOperators.GT, most).and(clamps))
            .blend(eps, x.compare(VectorOperators.LT, eps).and(clamps));
    return y.div(all(1).sub(y)).lanewise(VectorOperators.LOG);
  }

  /** Returns powers as {@link DoubleMath#pow} does. */
  static DoubleVector pow(DoubleVector a, DoubleVector b) {
    VectorMask<Double> isOne =
        a.compare(VectorOperators.EQ, 1)
            .or(b.compare(VectorOperators.EQ, 0))
            .or(a.compare(VectorOperators.EQ, -1).and(b.test(VectorOperators.IS_INFINITE)));
    return a.lanewise(VectorOperators.POW, b).blend(1, isOne);
  }

  static DoubleVector hypot(DoubleVector a, DoubleVector b) {
    VectorMask<Double> infinite =
        a.test(VectorOperators.IS_INFINITE).or(b.test(VectorOperators.IS_INFINITE));
    return a.lanewise(VectorOperators.HYPOT, b).blend(Double.POSITIVE_INFINITY, infinite);
  }

  static DoubleVector xlogy(DoubleVector a, DoubleVector b) {
    VectorMask<Double> zero =
        a.compare(VectorOperators.EQ, 0).and(b.compare(VectorOperators.EQ, b));
    return b.lanewise(VectorOperators.LOG).mul(a).blend(0, zero);
  }

  static DoubleVector erfc(DoubleVector x) {
    DoubleVector size = x.abs();
    DoubleVector far = erfcOfSize(size);
    return far.blend(all(2).sub(far), x.compare(VectorOperators.LT, 0))
        .blend(all(1).sub(erfOfSmall(x)), size.compare(VectorOperators.LT, ErrorFunctions.SMALL));
  }

  private static DoubleVector erfOfSmall(DoubleVector x) {
    double[] series = ErrorFunctions.SERIES;
    DoubleVector t = x.mul(x);
    DoubleVector sum = all(series[series.length - 1]);
    for (int i = series.length - 2; i >= 0; i--) {
      sum = sum.fma(t, all(series[i]));
    }
    return x.mul(sum);
  }

  /** Returns erfc of numbers that are not negative, as {@link ErrorFunctions} does. */
  private static DoubleVector erfcOfSize(DoubleVector x) {
    DoubleVector a = x.blend(ErrorFunctions.FAR, x.compare(VectorOperators.GT, ErrorFunctions.FAR));
    DoubleVector high = a.mul(a);
    DoubleVector low = a.fma(a, high.neg());
    DoubleVector scaled = a.mul(ErrorFunctions.SQRT_2);
    DoubleVector u = scaled.sub(NORMAL_CENTER).div(scaled.add(NORMAL_CENTER));
    DoubleVector p = all(NORMAL[NORMAL.length - 1]);
    for (int i = NORMAL.length - 2; i >= 0; i--) {
      p = p.fma(u, all(NORMAL[i]));
    }
    DoubleVector above = exp(high.neg()).mul(p.add(p).div(scaled.add(NORMAL_CENTER)));
    return above.sub(above.mul(low));
  }
}
