package org.gatun.kernel.java;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.GradientFunction;
import org.gatun.op.Op;
import org.gatun.op.PointwiseFunction;
import org.gatun.op.TernaryFunction;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExactFunctionsTest {
  private static final double[] SPECIAL = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    3,
    6,
    -7,
    1e-40,
    -1e-40,
    0x1p-149,
    0x1p23 + 1,
    -0x1p24,
    0x1p52 + 1,
    3e38,
    -3e38,
    1e300,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN
  };
  private static final int RANDOM = 40;
  private static final int COUNT = (SPECIAL.length + RANDOM) * (SPECIAL.length + RANDOM);

  static Stream<PointwiseFunction> functions() {
    return Stream.<PointwiseFunction[]>of(
            UnaryFunction.values(), BinaryFunction.values(), ActivationFunction.values())
        .flatMap(Arrays::stream)
        .filter(ExactFunctions::contains);
  }

  /** Each of the values with each, in the order of the second or the first. */
  private static double value(boolean first, int i) {
    int row = first ? i % (SPECIAL.length + RANDOM) : i / (SPECIAL.length + RANDOM);
    if (row < SPECIAL.length) {
      return SPECIAL[row];
    }
    SplittableRandom random = new SplittableRandom(row);
    return random.nextDouble(-4, 4) * Math.scalb(1.0, random.nextInt(-20, 20));
  }

  private static Op op(PointwiseFunction function) {
    return switch (function) {
      case UnaryFunction unary -> new Unary(unary, new double[unary.numbers().size()]);
      case BinaryFunction binary -> new Binary(binary);
      case ActivationFunction.HARDTANH -> new Activation(ActivationFunction.HARDTANH, -0.7, 1.3);
      case ActivationFunction activation ->
          new Activation(
              activation,
              IntStream.range(0, activation.numbers().size()).mapToDouble(i -> 0.3 + i).toArray());
      case GradientFunction _, TernaryFunction _ -> throw new AssertionError(function.spelling());
    };
  }

  @ParameterizedTest
  @MethodSource("functions")
  void vectorsAndPlainJavaGiveTheSameBits(PointwiseFunction function) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Layout layout = Layout.of(dtype, Shape.of(COUNT));
      try (Arena arena = Arena.ofShared()) {
        MemorySegment[] inputs = new MemorySegment[PointwiseLoops.operands(function)];
        for (int i = 0; i < inputs.length; i++) {
          inputs[i] = arena.allocate(layout.byteSpan(), 64);
          for (int j = 0; j < COUNT; j++) {
            if (dtype == DType.F32) {
              inputs[i].setAtIndex(JAVA_FLOAT, j, (float) value(i == 0, j));
            } else {
              inputs[i].setAtIndex(JAVA_DOUBLE, j, value(i == 0, j));
            }
          }
        }
        assertArrayEquals(
            bits(function, layout, false, arena, inputs),
            bits(function, layout, true, arena, inputs),
            () -> function.spelling() + " of " + dtype.spelling());
      }
    }
  }

  /** Returns the bits of the results, one pattern for all NaN. */
  private static long[] bits(
      PointwiseFunction function,
      Layout layout,
      boolean vector,
      Arena arena,
      MemorySegment[] inputs) {
    MemorySegment results =
        Plans.run(
                new PointwiseKernel(),
                op(function),
                Collections.nCopies(inputs.length, layout),
                1,
                vector,
                arena,
                inputs)
            .getFirst();
    return IntStream.range(0, COUNT)
        .mapToLong(
            i ->
                results.byteSize() == COUNT
                    ? results.get(JAVA_BYTE, i)
                    : layout.dtype() == DType.F32
                        ? Float.floatToIntBits(results.getAtIndex(JAVA_FLOAT, i))
                        : Double.doubleToLongBits(results.getAtIndex(JAVA_DOUBLE, i)))
        .toArray();
  }
}
