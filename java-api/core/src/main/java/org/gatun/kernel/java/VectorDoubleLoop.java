package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.DOUBLE;

import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.gatun.op.Doubles;

/** The template of loops over {@code double}s with the Vector API. */
final class VectorDoubleLoop implements PointwiseLoop {
  private static final LoopTemplate.Body BODY = LoopTemplate.body(MethodHandles.lookup());

  @SuppressWarnings("unchecked")
  private static final VectorExpression<DoubleVector, DoubleVector> F =
      (VectorExpression<DoubleVector, DoubleVector>) BODY.expression();

  private static final int OPERANDS = BODY.operands();
  private static final VectorSpecies<Double> DOUBLES = VectorDoubleMath.DOUBLES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = DOUBLES.length();
  private static final int SIZE = Double.BYTES;

  private final DoubleVector b;
  private final DoubleVector c;
  private final DoubleVector d;

  VectorDoubleLoop(Doubles numbers) {
    b = number(numbers, 1);
    c = number(numbers, 2);
    d = number(numbers, 3);
  }

  /** Returns the number that is the value of this position; anything where it is an element. */
  private static DoubleVector number(Doubles numbers, int position) {
    int index = position - OPERANDS;
    boolean given = index >= 0 && index < numbers.size();
    return DoubleVector.broadcast(DOUBLES, given ? (double) numbers.get(index) : 0);
  }

  @Override
  public String implementation() {
    return "java:vector";
  }

  private static DoubleVector load(long address) {
    return DoubleVector.fromMemorySegment(DOUBLES, ALL, address, ORDER);
  }

  private static DoubleVector one(long address) {
    return DoubleVector.broadcast(DOUBLES, ALL.get(DOUBLE, address));
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
    long full = DOUBLES.loopBound(count);
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
      apply(x, y, z, fourth).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
  }

  private void left(long a, long b, long dst, long full) {
    DoubleVector x = one(a);
    DoubleVector third = this.c;
    DoubleVector fourth = this.d;
    for (long i = 0; i < full; i += LANES) {
      apply(x, load(b + i * SIZE), third, fourth).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
  }

  private void right(long a, long b, long dst, long full) {
    DoubleVector y = one(b);
    DoubleVector third = this.c;
    DoubleVector fourth = this.d;
    for (long i = 0; i < full; i += LANES) {
      apply(load(a + i * SIZE), y, third, fourth).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
  }

  /** Computes the last elements, less than a vector of them, by the same operations. */
  private void tail(long a, long b, long c, long dst, int count, int which) {
    double[] results = new double[LANES];
    DoubleVector x = some(a, count, which == LEFT_IS_ONE);
    DoubleVector y = OPERANDS > 1 ? some(b, count, which == RIGHT_IS_ONE) : this.b;
    DoubleVector z = OPERANDS > 2 ? some(c, count, false) : this.c;
    apply(x, y, z, d).intoArray(results, 0);
    for (int i = 0; i < count; i++) {
      ALL.set(DOUBLE, dst + (long) i * SIZE, results[i]);
    }
  }

  /** Returns a vector of some elements, filled up with the last of them. */
  private static DoubleVector some(long address, int count, boolean one) {
    double[] values = new double[LANES];
    for (int i = 0; i < LANES; i++) {
      long index = one ? 0 : Math.min(i, count - 1);
      values[i] = ALL.get(DOUBLE, address + index * SIZE);
    }
    return DoubleVector.fromArray(DOUBLES, values, 0);
  }
}
