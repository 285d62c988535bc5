package org.gatun.kernel.java;

import static org.gatun.kernel.java.FloatMath.EXP_0;
import static org.gatun.kernel.java.FloatMath.EXP_1;
import static org.gatun.kernel.java.FloatMath.EXP_2;
import static org.gatun.kernel.java.FloatMath.EXP_3;
import static org.gatun.kernel.java.FloatMath.EXP_4;
import static org.gatun.kernel.java.FloatMath.EXP_HIGH;
import static org.gatun.kernel.java.FloatMath.EXP_INFINITE;
import static org.gatun.kernel.java.FloatMath.EXP_LOW;
import static org.gatun.kernel.java.FloatMath.EXP_ZERO;
import static org.gatun.kernel.java.FloatMath.GELU_1;
import static org.gatun.kernel.java.FloatMath.GELU_3;
import static org.gatun.kernel.java.FloatMath.LN2_HIGH;
import static org.gatun.kernel.java.FloatMath.LN2_LOW;
import static org.gatun.kernel.java.FloatMath.LOG2_E;
import static org.gatun.kernel.java.FloatMath.MANTISSA_BITS;
import static org.gatun.kernel.java.FloatMath.NORMAL_0;
import static org.gatun.kernel.java.FloatMath.NORMAL_1;
import static org.gatun.kernel.java.FloatMath.NORMAL_2;
import static org.gatun.kernel.java.FloatMath.NORMAL_3;
import static org.gatun.kernel.java.FloatMath.NORMAL_4;
import static org.gatun.kernel.java.FloatMath.NORMAL_5;
import static org.gatun.kernel.java.FloatMath.NORMAL_6;
import static org.gatun.kernel.java.FloatMath.NORMAL_7;
import static org.gatun.kernel.java.FloatMath.NORMAL_8;
import static org.gatun.kernel.java.FloatMath.NORMAL_SCALE;
import static org.gatun.kernel.java.FloatMath.ROUND;
import static org.gatun.kernel.java.FloatMath.TANH_ONE;
import static org.gatun.kernel.java.FloatMath.TANH_P1;
import static org.gatun.kernel.java.FloatMath.TANH_P2;
import static org.gatun.kernel.java.FloatMath.TANH_P3;
import static org.gatun.kernel.java.FloatMath.TANH_P4;
import static org.gatun.kernel.java.FloatMath.TANH_Q1;
import static org.gatun.kernel.java.FloatMath.TANH_Q2;
import static org.gatun.kernel.java.FloatMath.TANH_Q3;
import static org.gatun.kernel.java.FloatMath.TANH_Q4;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of many {@code float}s at a time: {@link FloatMath}, operation by operation. Small
 * methods, one transcendental each: they are compiled into the loops that call them.
 */
final class VectorFloatMath {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** From here on floats are whole numbers. */
  private static final float WHOLE = 0x1p23f;

  private VectorFloatMath() {}

  static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  static FloatVector exp(FloatVector x) {
    return expOfLow(x.blend(EXP_HIGH, x.compare(VectorOperators.GT, EXP_HIGH)));
  }

  /** Returns {@link #exp}, and anything of NaN: compared as integers, numbers need no masks. */
  static FloatVector expOfNumber(FloatVector x) {
    FloatVector y =
        x.reinterpretAsInts()
            .lanewise(VectorOperators.MIN, Float.floatToRawIntBits(EXP_HIGH))
            .lanewise(VectorOperators.UMIN, Float.floatToRawIntBits(EXP_LOW))
            .reinterpretAsFloats();
    FloatVector rounded = y.fma(all(LOG2_E), all(ROUND));
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), y));
    return expOfRest(r).mul(power(rounded));
  }

  static FloatVector expOfLow(FloatVector x) {
    FloatVector y = x.blend(EXP_LOW, x.compare(VectorOperators.LT, EXP_LOW));
    FloatVector rounded = y.fma(all(LOG2_E), all(ROUND));
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), y));
    FloatVector p = expOfRest(r);
    return p.mul(
        rounded
            .reinterpretAsInts()
            .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
            .reinterpretAsFloats());
  }

  /**
   * Returns {@link #expOfLow} of numbers that are not above 0, and anything of NaN: compared as
   * integers, they need no mask.
   */
  static FloatVector expOfNegative(FloatVector x) {
    FloatVector y =
        x.reinterpretAsInts()
            .lanewise(VectorOperators.UMIN, Float.floatToRawIntBits(EXP_LOW))
            .reinterpretAsFloats();
    FloatVector rounded = y.fma(all(LOG2_E), all(ROUND));
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), y));
    return expOfRest(r).mul(power(rounded));
  }

  /**
   * Returns exp of numbers near 0. In pairs of terms, which do not wait for each other: a loop
   * takes as long as the longest chain of operations in it, of which too few fit into the
   * processor.
   */
  private static FloatVector expOfRest(FloatVector r) {
    FloatVector square = r.mul(r);
    FloatVector q = square.fma(all(EXP_4), all(EXP_3).fma(r, all(EXP_2)));
    q = q.fma(square, all(EXP_1).fma(r, all(EXP_0)));
    return q.fma(square, r).add(1f);
  }

  /** Returns {@code exp(x) - 1}, which does not cancel, of numbers that are not above 88. */
  static FloatVector expm1OfLow(FloatVector x) {
    FloatVector y = x.blend(EXP_LOW, x.compare(VectorOperators.LT, EXP_LOW));
    FloatVector rounded = y.fma(all(LOG2_E), all(ROUND));
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), y));
    FloatVector q = all(EXP_4).fma(r, all(EXP_3));
    q = q.fma(r, all(EXP_2));
    q = q.fma(r, all(EXP_1));
    q = q.fma(r, all(EXP_0));
    FloatVector p = r.mul(r).fma(q, r);
    FloatVector power = power(rounded);
    return p.fma(power, power.sub(1f));
  }

  /**
   * Returns the natural logarithm. Not by {@code VectorOperators.LOG}, whose bits are others in
   * code that is not compiled yet: a result is not to depend on that.
   */
  static FloatVector log(FloatVector x) {
    VectorMask<Float> subnormal = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
    FloatVector scaled = x.blend(x.mul(FloatMath.TWO_TO_24), subnormal);
    IntVector bits = scaled.reinterpretAsInts().sub(FloatMath.SQRT_HALF_BITS);
    FloatVector exponent =
        (FloatVector)
            bits.lanewise(VectorOperators.ASHR, MANTISSA_BITS).convert(VectorOperators.I2F, 0);
    exponent = exponent.blend(exponent.sub(24), subnormal);
    FloatVector f =
        bits.and(FloatMath.MANTISSA).add(FloatMath.SQRT_HALF_BITS).reinterpretAsFloats().sub(1);
    FloatVector p = all(FloatMath.LOG_8).fma(f, all(FloatMath.LOG_7));
    p = p.fma(f, all(FloatMath.LOG_6));
    p = p.fma(f, all(FloatMath.LOG_5));
    p = p.fma(f, all(FloatMath.LOG_4));
    p = p.fma(f, all(FloatMath.LOG_3));
    p = p.fma(f, all(FloatMath.LOG_2));
    p = p.fma(f, all(FloatMath.LOG_1));
    p = p.fma(f, all(FloatMath.LOG_0));
    FloatVector square = f.mul(f);
    FloatVector rest = exponent.fma(all(LN2_LOW), p.mul(f).mul(square));
    FloatVector y = exponent.fma(all(LN2_HIGH), square.fma(all(-0.5f), rest).add(f));
    VectorMask<Float> positive =
        x.compare(VectorOperators.GT, 0)
            .and(x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
    // Of infinity and NaN themselves; of zero and of what is negative what a division gives.
    FloatVector special =
        x.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0))
            .blend(Float.NaN, x.compare(VectorOperators.LT, 0));
    return special.blend(y, positive);
  }

  /** Returns {@code log(1 + x)}, which does not cancel. */
  static FloatVector log1p(FloatVector x) {
    FloatVector w = x.add(1);
    FloatVector y = log(w);
    VectorMask<Float> finite =
        w.compare(VectorOperators.GT, 0)
            .and(w.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
    // What the addition of 1 rounded away, in the first order.
    return y.blend(y.add(x.sub(w.sub(1)).div(w)), finite);
  }

  static FloatVector relu(FloatVector x) {
    return x.blend(0f, x.compare(VectorOperators.LT, 0f));
  }

  static FloatVector sigmoid(FloatVector x) {
    return all(1f).div(exp(x.neg()).add(1f));
  }

  static FloatVector silu(FloatVector x) {
    return x.div(expOfNumber(x.neg()).add(1f));
  }

  static FloatVector tanh(FloatVector x) {
    FloatVector t = x.mul(x);
    FloatVector p = all(TANH_P4).fma(t, all(TANH_P3));
    p = p.fma(t, all(TANH_P2));
    p = p.fma(t, all(TANH_P1));
    p = p.fma(t, all(1f));
    FloatVector q = all(TANH_Q4).fma(t, all(TANH_Q3));
    q = q.fma(t, all(TANH_Q2));
    q = q.fma(t, all(TANH_Q1));
    q = q.fma(t, all(1f));
    FloatVector y = x.mul(p).div(q);
    VectorMask<Float> one =
        t.compare(VectorOperators.GT, TANH_ONE).or(y.mul(y).compare(VectorOperators.GT, 1f));
    return y.blend(signed(x), one);
  }

  static FloatVector erf(FloatVector x) {
    FloatVector t = x.mul(x);
    FloatVector p = all(FloatMath.ERF_P5).fma(t, all(FloatMath.ERF_P4));
    p = p.fma(t, all(FloatMath.ERF_P3));
    p = p.fma(t, all(FloatMath.ERF_P2));
    p = p.fma(t, all(FloatMath.ERF_P1));
    p = p.fma(t, all(FloatMath.ERF_P0));
    FloatVector q = all(FloatMath.ERF_Q5).fma(t, all(FloatMath.ERF_Q4));
    q = q.fma(t, all(FloatMath.ERF_Q3));
    q = q.fma(t, all(FloatMath.ERF_Q2));
    q = q.fma(t, all(FloatMath.ERF_Q1));
    q = q.fma(t, all(1f));
    FloatVector y = x.mul(p).div(q);
    VectorMask<Float> one =
        t.compare(VectorOperators.GT, FloatMath.ERF_ONE)
            .or(y.mul(y).compare(VectorOperators.GT, 1f));
    return y.blend(signed(x), one);
  }

  /** Returns 1 with the sign of each element. */
  private static FloatVector signed(FloatVector x) {
    return x.reinterpretAsInts()
        .and(Integer.MIN_VALUE)
        .or(Float.floatToRawIntBits(1f))
        .reinterpretAsFloats();
  }

  static FloatVector gelu(FloatVector x) {
    FloatVector below = normalTail(x.abs()).mul(expOfLow(x.mul(x).mul(-0.5f)));
    return x.mul(below.blend(all(1f).sub(below), x.compare(VectorOperators.GT, 0f)));
  }

  /** Returns the normal distribution function at {@code -a}, divided by {@code exp(-a^2/2)}. */
  static FloatVector normalTail(FloatVector a) {
    FloatVector t = all(1f).div(a.fma(all(NORMAL_SCALE), all(1f)));
    FloatVector p = all(NORMAL_8).fma(t, all(NORMAL_7));
    p = p.fma(t, all(NORMAL_6));
    p = p.fma(t, all(NORMAL_5));
    p = p.fma(t, all(NORMAL_4));
    p = p.fma(t, all(NORMAL_3));
    p = p.fma(t, all(NORMAL_2));
    p = p.fma(t, all(NORMAL_1));
    return p.fma(t, all(NORMAL_0));
  }

  static FloatVector geluTanh(FloatVector x) {
    FloatVector inner = x.mul(x.mul(x).fma(all(GELU_3), all(GELU_1)));
    return x.div(exp(inner).add(1f));
  }

  /** Returns exp to the last bits of the subnormal numbers. */
  static FloatVector expOfAll(FloatVector x) {
    FloatVector low = x.blend(EXP_ZERO, x.compare(VectorOperators.LT, EXP_ZERO));
    FloatVector y = low.blend(EXP_INFINITE, low.compare(VectorOperators.GT, EXP_INFINITE));
    FloatVector rounded = y.fma(all(LOG2_E), all(ROUND));
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), y));
    FloatVector p = expOfRest(r);
    // 2^n in two factors: it may be below the normal numbers, and above them.
    FloatVector half = n.mul(0.5f).add(ROUND);
    FloatVector rest = n.sub(half.sub(ROUND)).add(ROUND);
    return p.mul(power(half)).mul(power(rest));
  }

  /** Returns 2^n of n + {@link FloatMath#ROUND}. */
  private static FloatVector power(FloatVector rounded) {
    return rounded
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
        .reinterpretAsFloats();
  }

  /** Returns the size of {@code x} with the sign of {@code y}. */
  static FloatVector copySign(FloatVector x, FloatVector y) {
    return x.abs()
        .reinterpretAsInts()
        .or(y.reinterpretAsInts().and(Integer.MIN_VALUE))
        .reinterpretAsFloats();
  }

  /** Returns the nearest whole numbers, of two the even one. */
  static FloatVector rint(FloatVector x) {
    FloatVector size = x.abs();
    FloatVector near = size.add(WHOLE).sub(WHOLE);
    return copySign(size.blend(near, size.compare(VectorOperators.LT, WHOLE)), x);
  }

  static FloatVector floor(FloatVector x) {
    FloatVector near = rint(x);
    return copySign(near.sub(1f, near.compare(VectorOperators.GT, x)), x);
  }

  static FloatVector ceil(FloatVector x) {
    FloatVector near = rint(x);
    return copySign(near.add(1f, near.compare(VectorOperators.LT, x)), x);
  }

  static FloatVector trunc(FloatVector x) {
    FloatVector size = x.abs();
    FloatVector near = rint(size);
    return copySign(near.sub(1f, near.compare(VectorOperators.GT, size)), x);
  }

  static FloatVector max(FloatVector x, FloatVector y) {
    return y.blend(x, x.compare(VectorOperators.GT, y).or(x.test(VectorOperators.IS_NAN)));
  }

  static FloatVector min(FloatVector x, FloatVector y) {
    return y.blend(x, x.compare(VectorOperators.LT, y).or(x.test(VectorOperators.IS_NAN)));
  }

  /** Returns the larger of both; of a number and NaN the number. */
  static FloatVector maxNumber(FloatVector x, FloatVector y) {
    return y.blend(x, x.compare(VectorOperators.GT, y).or(y.test(VectorOperators.IS_NAN)));
  }

  /** Returns the smaller of both; of a number and NaN the number. */
  static FloatVector minNumber(FloatVector x, FloatVector y) {
    return y.blend(x, x.compare(VectorOperators.LT, y).or(y.test(VectorOperators.IS_NAN)));
  }

  static FloatVector clamp(FloatVector x, FloatVector low, FloatVector high) {
    return min(max(x, low), high);
  }

  static FloatVector sign(FloatVector x) {
    return all(0f)
        .blend(1f, x.compare(VectorOperators.GT, 0f))
        .blend(-1f, x.compare(VectorOperators.LT, 0f));
  }

  static FloatVector nanToNum(FloatVector x, FloatVector nan, FloatVector high, FloatVector low) {
    return x.blend(nan, x.test(VectorOperators.IS_NAN))
        .blend(high, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY))
        .blend(low, x.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
  }

  /** Returns x + weight (y - x), from the nearer end. */
  static FloatVector lerp(FloatVector x, FloatVector y, FloatVector weight) {
    FloatVector step = y.sub(x);
    FloatVector fromX = weight.fma(step, x);
    FloatVector fromY = weight.sub(1f).fma(step, y);
    return fromX.blend(fromY, weight.abs().compare(VectorOperators.GE, 0.5f));
  }

  static FloatVector heaviside(FloatVector x, FloatVector y) {
    return all(0f)
        .blend(1f, x.compare(VectorOperators.GT, 0f))
        .blend(y, x.compare(VectorOperators.EQ, 0f));
  }

  static VectorMask<Float> isClose(
      FloatVector x, FloatVector y, FloatVector relative, FloatVector absolute) {
    FloatVector apart = x.sub(y).abs();
    FloatVector allowed = absolute.add(relative.mul(y).abs());
    return x.compare(VectorOperators.EQ, y)
        .or(apart.compare(VectorOperators.LE, allowed).and(apart.test(VectorOperators.IS_FINITE)));
  }

  static VectorMask<Float> bothNaN(FloatVector x, FloatVector y) {
    return x.test(VectorOperators.IS_NAN).and(y.test(VectorOperators.IS_NAN));
  }

  static VectorMask<Float> isTrue(FloatVector x) {
    return x.compare(VectorOperators.NE, 0f);
  }
}
