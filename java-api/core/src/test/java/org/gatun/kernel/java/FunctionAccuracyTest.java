package org.gatun.kernel.java;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The functions over all of their range, against StrictMath in double. */
class FunctionAccuracyTest {
  /** Every so many floats: a prime, so that all mantissas come by. */
  private static final int STEP = 65539;

  /** Floats of all sizes and both signs: subnormal, infinite and NaN as well. */
  private static float[] floats() {
    int finite = Float.floatToRawIntBits(Float.POSITIVE_INFINITY) / STEP;
    float[] positive = new float[finite + 3];
    for (int i = 0; i <= finite; i++) {
      positive[i] = Float.intBitsToFloat(i * STEP);
    }
    positive[finite + 1] = Float.POSITIVE_INFINITY;
    positive[finite + 2] = Float.NaN;
    float[] all = new float[2 * positive.length];
    for (int i = 0; i < positive.length; i++) {
      all[2 * i] = positive[i];
      all[2 * i + 1] = -positive[i];
    }
    return all;
  }

  private static DoubleUnaryOperator exact(UnaryFunction function) {
    return switch (function) {
      case ACOS -> StrictMath::acos;
      case ASIN -> StrictMath::asin;
      case ATAN -> StrictMath::atan;
      case COS -> StrictMath::cos;
      case COSH -> StrictMath::cosh;
      case ERF -> ErrorFunctions::erf;
      case EXP -> StrictMath::exp;
      case EXP2 -> x -> StrictMath.pow(2, x);
      case EXPM1 -> StrictMath::expm1;
      case GELU -> DoubleMath::gelu;
      case GELU_TANH -> DoubleMath::geluTanh;
      case LOG -> StrictMath::log;
      case LOG10 -> StrictMath::log10;
      case LOG1P -> StrictMath::log1p;
      case LOG2 -> x -> StrictMath.log(x) / StrictMath.log(2);
      case RSQRT -> x -> 1 / StrictMath.sqrt(x);
      case SIGMOID -> x -> 1 / (1 + StrictMath.exp(-x));
      case SILU -> x -> x / (1 + StrictMath.exp(-x));
      case SIN -> StrictMath::sin;
      case SINH -> StrictMath::sinh;
      case TAN -> StrictMath::tan;
      case TANH -> StrictMath::tanh;
      default -> throw new AssertionError("no exact " + function);
    };
  }

  /** The argument of gelu's exp is rounded: far below 0 its result keeps fewer digits. */
  @ParameterizedTest
  @CsvSource({
    "ACOS, 1, 0",
    "ASIN, 1, 0",
    "ATAN, 1, 0",
    "COS, 1, 0",
    "COSH, 1, 0",
    "ERF, 4, 0",
    "EXP, 1, 0",
    "EXP2, 1, 0",
    "EXPM1, 1, 0",
    "GELU, 3, 6e-8",
    "GELU_TANH, 3, 6e-8",
    "LOG, 1, 0",
    "LOG10, 1, 0",
    "LOG1P, 1, 0",
    "LOG2, 1, 0",
    "RSQRT, 2, 0",
    "SIGMOID, 3, 1.2e-38",
    "SILU, 4, 1.2e-36",
    "SIN, 1, 0",
    "SINH, 1, 0",
    "TAN, 1, 0",
    "TANH, 5, 0"
  })
  void floatsAreWithinUnitsInTheLastPlace(UnaryFunction function, double ulps, double floor) {
    float[] x = floats();
    DoubleUnaryOperator exact = exact(function);
    for (boolean vector : new boolean[] {true, false}) {
      float[] y = compute(function, x, vector);
      double worst = 0;
      for (int i = 0; i < x.length; i++) {
        worst = Math.max(worst, ulps(exact.applyAsDouble(x[i]), y[i], floor));
      }
      double found = worst;
      assertTrue(found <= ulps, () -> found + " units in the last place");
    }
  }

  private static double ulps(double expected, float actual, double floor) {
    if (Double.isNaN(expected) || Math.abs(expected) >= 0x1.ffffffp127) {
      return Float.compare((float) expected, actual) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    double error = Math.abs(actual - expected) - floor;
    return error <= 0 ? 0 : error / Math.ulp((float) expected);
  }

  private static float[] compute(UnaryFunction function, float[] x, boolean vector) {
    Layout layout = Layout.of(DType.F32, Shape.of(x.length));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment src = arena.allocate(layout.byteSpan(), 64);
      src.copyFrom(MemorySegment.ofArray(x));
      return Plans.run(
              new PointwiseKernel(), new Unary(function), List.of(layout), 1, vector, arena, src)
          .getFirst()
          .toArray(JAVA_FLOAT);
    }
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

  /** Digits of the error function, computed with 50 digits. */
  @Test
  void errorFunctionsOfDoubles() {
    assertEquals(0.5204998778130465376827, ErrorFunctions.erf(0.5), 0x1p-53);
    assertEquals(0.8427007929497148693412, ErrorFunctions.erf(1), 0x1p-53);
    assertEquals(0.1572992070502851306588, ErrorFunctions.erfc(1), 0x1p-54);
    assertEquals(1.537459794428034850188e-12, ErrorFunctions.erfc(5), 0x1p-90);
    assertEquals(5.395865611607900928935e-176, ErrorFunctions.erfc(20), 1e-190);
    assertEquals(0.4769362762044698733814, ErrorFunctions.erfinv(0.5), 0x1p-53);
  }

  @Test
  void remaindersAreTheOperators() {
    double[] few = {
      0,
      1,
      3,
      0.1,
      Double.MIN_VALUE,
      Double.MIN_NORMAL,
      0x1p53,
      0x1.fffffffffffffp52,
      Double.MAX_VALUE,
      Double.POSITIVE_INFINITY,
      Double.NaN
    };
    for (double a : few) {
      for (double b : few) {
        remainders(a, b);
        remainders(Math.nextDown(a), b);
        remainders(a, Math.nextDown(b));
      }
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 300_000; i++) {
      double b = Math.scalb(random.nextDouble(1, 2), random.nextInt(-8, 8));
      remainders(random.nextDouble(1e3), b);
      // Near multiples, where the quotient is rounded to a whole number.
      remainders(Math.nextDown(b * random.nextInt(1, 1 << 20)), b);
      remainders(
          Double.longBitsToDouble(random.nextLong()), Double.longBitsToDouble(random.nextLong()));
    }
  }

  private static void remainders(double a, double b) {
    remainder(a, b);
    remainder(-a, b);
    remainder(a, -b);
    remainder(-a, -b);
  }

  private static void remainder(double a, double b) {
    double rest = a % b;
    assertEquals(rest, DoubleMath.fmod(a, b), () -> a + " % " + b);
    boolean other = rest != 0 && (rest < 0) != (b < 0);
    assertEquals(other ? rest + b : rest, DoubleMath.remainder(a, b), () -> a + " modulo " + b);
    if (b != 0) {
      double quotient = (a - rest) / b - (other ? 1 : 0);
      assertEquals(
          quotient == 0 ? Math.copySign(0, a / b) : Math.rint(quotient),
          DoubleMath.floorDiv(a, b),
          () -> a + " div " + b);
    }
  }

  @Test
  void logarithmsOfPowersOfTwoAreExact() {
    double[] powers =
        IntStream.rangeClosed(-1074, 1023).mapToDouble(i -> Math.scalb(1.0, i)).toArray();
    Layout layout = Layout.of(DType.F64, Shape.of(powers.length));
    for (boolean vector : new boolean[] {true, false}) {
      try (Arena arena = Arena.ofShared()) {
        MemorySegment src = arena.allocate(layout.byteSpan(), 64);
        src.copyFrom(MemorySegment.ofArray(powers));
        MemorySegment dst =
            Plans.run(
                    new PointwiseKernel(),
                    new Unary(UnaryFunction.LOG2),
                    List.of(layout),
                    1,
                    vector,
                    arena,
                    src)
                .getFirst();
        for (int i = 0; i < powers.length; i++) {
          assertEquals(i - 1074, dst.getAtIndex(JAVA_DOUBLE, i));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anElementsResultDoesNotDependOnWhereItStands(UnaryFunction function) {
    Unary op = new Unary(function, new double[function.numbers().size()]);
    int count = 1 << 10;
    DType dtype = function == UnaryFunction.BITWISE_NOT ? DType.I32 : DType.F32;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment x = arena.allocate(4 * count, 64);
      for (int i = 0; i < count; i++) {
        x.setAtIndex(JAVA_FLOAT, i, Float.intBitsToFloat(i * 4194319));
      }
      int[] all = run(op, dtype, count, arena, x);
      for (int start = 1; start < 20; start++) {
        int[] rest =
            run(op, dtype, count - start, arena, x.asSlice(4L * start, 4L * (count - start)));
        assertArrayEquals(
            Arrays.copyOfRange(all, start, count), rest, function + " from element " + start);
      }
    }
  }

  /** Returns the bits of the results, one pattern for all NaN. */
  private static int[] run(Unary op, DType dtype, int count, Arena arena, MemorySegment x) {
    Layout layout = Layout.of(dtype, Shape.of(count));
    MemorySegment results =
        Plans.run(new PointwiseKernel(), op, List.of(layout), 1, true, arena, x).getFirst();
    boolean test = results.byteSize() == count;
    return IntStream.range(0, count)
        .map(
            i ->
                test
                    ? results.get(JAVA_BYTE, i)
                    : Float.floatToIntBits(results.getAtIndex(JAVA_FLOAT, i)))
        .toArray();
  }
}
