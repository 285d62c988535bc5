package org.gatun.kernel.java;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The functions over all of their range, against StrictMath in double. */
class FunctionAccuracyTest {
  /** Every so many floats: a prime, so that all mantissas come by. */
  private static final int STEP = 1009;

  /** Half a unit in the last place of 1. */
  private static final double HALF_EPSILON = 0x1p-24;

  private interface FloatFunction {
    float apply(float x);
  }

  /** Returns the largest error in units in the last place, beyond an absolute floor. */
  private static double worst(
      FloatFunction function, DoubleUnaryOperator exact, float bound, double floor) {
    double worst = 0;
    for (int bits = 0; bits <= Float.floatToIntBits(bound); bits += STEP) {
      for (float x : new float[] {Float.intBitsToFloat(bits), -Float.intBitsToFloat(bits)}) {
        double expected = exact.applyAsDouble(x);
        double error = Math.abs(function.apply(x) - expected) - floor;
        double ulp = Math.max(Math.ulp((float) expected), Float.MIN_NORMAL * 0x1p-23);
        worst = Math.max(worst, error / ulp);
      }
    }
    return worst;
  }

  private static void assertWithin(double ulps, double worst) {
    assertTrue(worst <= ulps, () -> worst + " units in the last place");
  }

  @Test
  void exp() {
    assertWithin(1, worst(FloatMath::exp, StrictMath::exp, 87.3f, 0));
  }

  @Test
  void tanh() {
    assertWithin(5, worst(FloatMath::tanh, StrictMath::tanh, Float.MAX_VALUE, 0));
  }

  @Test
  void sigmoid() {
    assertWithin(
        3, worst(FloatMath::sigmoid, x -> 1 / (1 + StrictMath.exp(-x)), 87, Float.MIN_NORMAL));
  }

  @Test
  void silu() {
    assertWithin(
        4, worst(FloatMath::silu, x -> x / (1 + StrictMath.exp(-x)), 87, 100 * Float.MIN_NORMAL));
  }

  /** The argument of exp is rounded: far below 0 the result keeps fewer digits. */
  @Test
  void gelu() {
    assertWithin(3, worst(FloatMath::gelu, DoubleMath::gelu, Float.MAX_VALUE, HALF_EPSILON));
  }

  @Test
  void geluTanh() {
    assertWithin(
        3, worst(FloatMath::geluTanh, DoubleMath::geluTanh, Float.MAX_VALUE, HALF_EPSILON));
  }

  /** Digits of x/2 (1 + erf(x / sqrt 2)), computed with 50 digits. */
  @Test
  void geluOfDoubles() {
    assertEquals(0.841344746068542948585, DoubleMath.gelu(1), 0x1p-52);
    assertEquals(-0.158655253931457051415, DoubleMath.gelu(-1), 0x1p-54);
    assertEquals(-1.4332578593959695584e-6, DoubleMath.gelu(-5), 0x1p-70);
    assertEquals(
        -1.4720141781444561179e-196,
        DoubleMath.gelu(-30),
        Math.abs(-1.4720141781444561179e-196) * 1e-13);
    assertEquals(0.5 * 1e-300, DoubleMath.gelu(1e-300));
  }

  @ParameterizedTest
  @EnumSource
  void anElementsResultDoesNotDependOnWhereItStands(UnaryFunction function) {
    Unary op = new Unary(function, new double[function.numbers().size()]);
    int count = 1 << 12;
    DType dtype = function == UnaryFunction.BITWISE_NOT ? DType.I32 : DType.F32;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment x = arena.allocate(4 * count, 64);
      for (int i = 0; i < count; i++) {
        x.setAtIndex(JAVA_FLOAT, i, Float.intBitsToFloat(i * 1048583));
      }
      MemorySegment all = run(op, dtype, count, arena, x);
      long width = all.byteSize() / count;
      for (int start = 1; start < 40; start++) {
        MemorySegment rest =
            run(op, dtype, count - start, arena, x.asSlice(4L * start, 4L * (count - start)));
        assertEquals(
            -1, all.asSlice(start * width).mismatch(rest), function + " from element " + start);
      }
    }
  }

  private static MemorySegment run(
      Unary op, DType dtype, long count, Arena arena, MemorySegment x) {
    Layout layout = Layout.of(dtype, Shape.of(count));
    return Plans.run(new PointwiseKernel(), op, List.of(layout), 1, true, arena, x).getFirst();
  }
}
