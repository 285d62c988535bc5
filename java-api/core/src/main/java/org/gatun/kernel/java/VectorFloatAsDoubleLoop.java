package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.Objects;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.gatun.op.Doubles;

/**
 * The template of loops over {@code float}s that are computed as {@code double}s with the Vector
 * API, and rounded.
 *
 * <p>The last bits of the doubles are others before a loop is compiled, those of the floats are
 * not: where a double is so near to the middle between two floats that its last bits decide, which
 * is one of a hundred thousand, the element is computed by plain Java, whose bits are always the
 * same.
 */
final class VectorFloatAsDoubleLoop implements PointwiseLoop {
  private static final LoopTemplate.Body BODY = LoopTemplate.body(MethodHandles.lookup());

  @SuppressWarnings("unchecked")
  private static final VectorExpression<DoubleVector, DoubleVector> F =
      (VectorExpression<DoubleVector, DoubleVector>) BODY.expression();

  private static final DoubleExpression SINGLE =
      Objects.requireNonNull(BODY.single(), "the function of single elements");
  private static final int OPERANDS = BODY.operands();
  private static final VectorSpecies<Double> DOUBLES = VectorDoubleMath.DOUBLES;

  /** As many floats as there are doubles in a vector. */
  private static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = FLOATS.length();
  private static final int SIZE = Float.BYTES;

  /** The bits of a double's mantissa that a float has not. */
  private static final long DROPPED = (1L << 29) - 1;

  /**
   * How near to the middle between two floats a double is looked at again, in units of its last
   * bit. Functions err by one or two of them, and what is made of several by some more.
   */
  private static final long NEAR = 1 << 10;

  private final DoubleVector b;
  private final DoubleVector c;
  private final DoubleVector d;

  VectorFloatAsDoubleLoop(Doubles numbers) {
    b = number(numbers, 1);
    c = number(numbers, 2);
    d = number(numbers, 3);
  }

  /** Returns the number that is the value of this position; anything where it is an element. */
  private static DoubleVector number(Doubles numbers, int position) {
    int index = position - OPERANDS;
    boolean given = index >= 0 && index < numbers.size();
    return DoubleVector.broadcast(DOUBLES, given ? (float) numbers.get(index) : 0);
  }

  @Override
  public String implementation() {
    return "java:vector";
  }

  private static DoubleVector load(long address) {
    return wide(FloatVector.fromMemorySegment(FLOATS, ALL, address, ORDER));
  }

  private static DoubleVector one(long address) {
    return DoubleVector.broadcast(DOUBLES, ALL.get(FLOAT, address));
  }

  private static DoubleVector wide(FloatVector x) {
    return (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
  }

  private static FloatVector narrow(DoubleVector x) {
    return (FloatVector) x.convertShape(VectorOperators.D2F, FLOATS, 0);
  }

  /**
   * Returns which results are not sure to be rounded as the exact ones: those near the middle
   * between two floats, and those below the least normal float, of which more bits are dropped.
   */
  private static VectorMask<Double> isUnsure(DoubleVector y) {
    LongVector bits = y.reinterpretAsLongs();
    VectorMask<Long> near =
        bits.and(DROPPED).sub(DROPPED / 2 - NEAR).compare(VectorOperators.ULT, 2 * NEAR);
    LongVector size = bits.and(Long.MAX_VALUE);
    VectorMask<Long> small =
        size.sub(1).compare(VectorOperators.ULT, Double.doubleToRawLongBits(Float.MIN_NORMAL));
    return near.or(small).cast(DOUBLES);
  }

  /** Returns the results of vectors as floats. */
  private static FloatVector rounded(
      DoubleVector a, DoubleVector b, DoubleVector c, DoubleVector d) {
    DoubleVector y = apply(a, b, c, d);
    VectorMask<Double> unsure = isUnsure(y);
    if (unsure.anyTrue()) {
      y = again(y, unsure, a, b, c, d);
    }
    // One NaN of all: a library has NaN with a sign.
    return narrow(y.blend(Double.NaN, y.test(VectorOperators.IS_NAN)));
  }

  /** Returns the results with some of them computed one by one. */
  private static DoubleVector again(
      DoubleVector y,
      VectorMask<Double> unsure,
      DoubleVector a,
      DoubleVector b,
      DoubleVector c,
      DoubleVector d) {
    double[] results = y.toArray();
    for (int i = 0; i < results.length; i++) {
      if (unsure.laneIsSet(i)) {
        results[i] = single(a.lane(i), b.lane(i), c.lane(i), d.lane(i));
      }
    }
    return DoubleVector.fromArray(DOUBLES, results, 0);
  }

  private static double single(double a, double b, double c, double d) {
    return switch (SINGLE) {
      case DoubleExpression.One f -> f.of(a);
      case DoubleExpression.Two f -> f.of(a, b);
      case DoubleExpression.Three f -> f.of(a, b, c);
      case DoubleExpression.Four f -> f.of(a, b, c, d);
    };
  }

  /** Returns the results. Which kind of expression there is, is constant in a copy. */
  private static DoubleVector apply(
      DoubleVector a, DoubleVector b, DoubleVector c, DoubleVector d) {
    if (F instanceof VectorExpression.One<DoubleVector, DoubleVector> f) {
      return f.of(a);
    }
    if (F instanceof VectorExpression.Two<DoubleVector, DoubleVector> f) {
      return f.of(a, b);
    }
    if (F instanceof VectorExpression.Three<DoubleVector, DoubleVector> f) {
      return f.of(a, b, c);
    }
    return ((VectorExpression.Four<DoubleVector, DoubleVector>) F).of(a, b, c, d);
  }

  @Override
  public void run(long a, long b, long c, long dst, long count, int which) {
    long full = FLOATS.loopBound(count);
    switch (which) {
      case EACH -> each(a, b, c, dst, full);
      case LEFT_IS_ONE -> left(a, b, dst, full);
      default -> right(a, b, dst, full);
    }
    if (full < count) {
      long more = full * SIZE;
      tail(
          which == LEFT_IS_ONE ? a : a + more,
          which == RIGHT_IS_ONE ? b : b + more,
          c + more,
          dst + full * SIZE,
          (int) (count - full),
          which);
    }
  }

  private void each(long a, long b, long c, long dst, long full) {
    DoubleVector second = this.b;
    DoubleVector third = this.c;
    DoubleVector fourth = this.d;
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(a + i * SIZE);
      DoubleVector y = OPERANDS > 1 ? load(b + i * SIZE) : second;
      DoubleVector z = OPERANDS > 2 ? load(c + i * SIZE) : third;
      rounded(x, y, z, fourth).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
  }

  private void left(long a, long b, long dst, long full) {
    DoubleVector x = one(a);
    DoubleVector third = this.c;
    DoubleVector fourth = this.d;
    for (long i = 0; i < full; i += LANES) {
      rounded(x, load(b + i * SIZE), third, fourth).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
  }

  private void right(long a, long b, long dst, long full) {
    DoubleVector y = one(b);
    DoubleVector third = this.c;
    DoubleVector fourth = this.d;
    for (long i = 0; i < full; i += LANES) {
      rounded(load(a + i * SIZE), y, third, fourth).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
  }

  /** Computes the last elements, less than a vector of them, by the same operations. */
  private void tail(long a, long b, long c, long dst, int count, int which) {
    float[] results = new float[LANES];
    DoubleVector x = some(a, count, which == LEFT_IS_ONE);
    DoubleVector y = OPERANDS > 1 ? some(b, count, which == RIGHT_IS_ONE) : this.b;
    DoubleVector z = OPERANDS > 2 ? some(c, count, false) : this.c;
    rounded(x, y, z, d).intoArray(results, 0);
    for (int i = 0; i < count; i++) {
      ALL.set(FLOAT, dst + (long) i * SIZE, results[i]);
    }
  }

  /** Returns a vector of some elements, filled up with the last of them. */
  private static DoubleVector some(long address, int count, boolean one) {
    float[] values = new float[LANES];
    for (int i = 0; i < LANES; i++) {
      long index = one ? 0 : Math.min(i, count - 1);
      values[i] = ALL.get(FLOAT, address + index * SIZE);
    }
    return wide(FloatVector.fromArray(FLOATS, values, 0));
  }
}
