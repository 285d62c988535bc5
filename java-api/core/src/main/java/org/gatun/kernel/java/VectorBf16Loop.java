package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.gatun.op.Doubles;

/**
 * The template of loops over elements of {@code bf16} with the Vector API: computed as {@code
 * float}s, and rounded once.
 */
final class VectorBf16Loop implements PointwiseLoop {
  private static final LoopTemplate.Body BODY = LoopTemplate.body(MethodHandles.lookup());

  @SuppressWarnings("unchecked")
  private static final VectorExpression<FloatVector, FloatVector> F =
      (VectorExpression<FloatVector, FloatVector>) BODY.expression();

  private static final int OPERANDS = BODY.operands();
  private static final VectorSpecies<Float> FLOATS = VectorFloatMath.FLOATS;
  private static final int LANES = FLOATS.length();
  private static final int SIZE = Short.BYTES;

  private final FloatVector b;
  private final FloatVector c;
  private final FloatVector d;

  VectorBf16Loop(Doubles numbers) {
    b = number(numbers, 1);
    c = number(numbers, 2);
    d = number(numbers, 3);
  }

  /** Returns the number that is the value of this position; anything where it is an element. */
  private static FloatVector number(Doubles numbers, int position) {
    int index = position - OPERANDS;
    boolean given = index >= 0 && index < numbers.size();
    return FloatVector.broadcast(FLOATS, given ? (float) numbers.get(index) : 0);
  }

  @Override
  public String implementation() {
    return "java:vector";
  }

  private static FloatVector one(long address) {
    return FloatVector.broadcast(FLOATS, VectorBf16.get(address));
  }

  /** Returns the results. Which kind of expression there is, is constant in a copy. */
  private static FloatVector apply(FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
    if (F instanceof VectorExpression.One<FloatVector, FloatVector> f) {
      return f.of(a);
    }
    if (F instanceof VectorExpression.Two<FloatVector, FloatVector> f) {
      return f.of(a, b);
    }
    if (F instanceof VectorExpression.Three<FloatVector, FloatVector> f) {
      return f.of(a, b, c);
    }
    return ((VectorExpression.Four<FloatVector, FloatVector>) F).of(a, b, c, d);
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
    FloatVector second = this.b;
    FloatVector third = this.c;
    FloatVector fourth = this.d;
    for (long i = 0; i < full; i += LANES) {
      FloatVector x = VectorBf16.load(a + i * SIZE);
      FloatVector y = OPERANDS > 1 ? VectorBf16.load(b + i * SIZE) : second;
      FloatVector z = OPERANDS > 2 ? VectorBf16.load(c + i * SIZE) : third;
      VectorBf16.store(apply(x, y, z, fourth), dst + i * SIZE);
    }
  }

  private void left(long a, long b, long dst, long full) {
    FloatVector x = one(a);
    FloatVector third = this.c;
    FloatVector fourth = this.d;
    for (long i = 0; i < full; i += LANES) {
      VectorBf16.store(apply(x, VectorBf16.load(b + i * SIZE), third, fourth), dst + i * SIZE);
    }
  }

  private void right(long a, long b, long dst, long full) {
    FloatVector y = one(b);
    FloatVector third = this.c;
    FloatVector fourth = this.d;
    for (long i = 0; i < full; i += LANES) {
      VectorBf16.store(apply(VectorBf16.load(a + i * SIZE), y, third, fourth), dst + i * SIZE);
    }
  }

  /** Computes the last elements, less than a vector of them, by the same operations. */
  private void tail(long a, long b, long c, long dst, int count, int which) {
    float[] results = new float[LANES];
    FloatVector x = some(a, count, which == LEFT_IS_ONE);
    FloatVector y = OPERANDS > 1 ? some(b, count, which == RIGHT_IS_ONE) : this.b;
    FloatVector z = OPERANDS > 2 ? some(c, count, false) : this.c;
    apply(x, y, z, d).intoArray(results, 0);
    for (int i = 0; i < count; i++) {
      ALL.set(SHORT, dst + (long) i * SIZE, CastKernel.toBf16(results[i]));
    }
  }

  /** Returns a vector of some elements, filled up with the last of them. */
  private static FloatVector some(long address, int count, boolean one) {
    float[] values = new float[LANES];
    for (int i = 0; i < LANES; i++) {
      long index = one ? 0 : Math.min(i, count - 1);
      values[i] = VectorBf16.get(address + index * SIZE);
    }
    return FloatVector.fromArray(FLOATS, values, 0);
  }
}
