package org.gatun.kernel.java;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.Ints;
import org.gatun.op.Norm;
import org.gatun.op.Op;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Scan;
import org.gatun.op.ScanFunction;
import org.gatun.op.Variance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reductions of many elements: exact, and the same for any number of threads. */
class ReductionAccuracyTest {
  private static final int MANY = 10_000_000;

  private static float[] reduce(
      Op op, Layout layout, MemorySegment x, int threads, boolean vector) {
    try (Arena arena = Arena.ofShared()) {
      return Plans.run(new ReduceKernel(), op, List.of(layout), threads, vector, arena, x)
          .getFirst()
          .asSlice(0, op.infer(List.of(layout)).getFirst().byteSpan())
          .toArray(JAVA_FLOAT);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theSumOfTenMillionTenthsHasNoErrorToSpeakOf(boolean vector) {
    for (int columns : new int[] {1, 10}) {
      Layout layout = Layout.of(DType.F32, Shape.of(MANY / columns, columns));
      try (Arena arena = Arena.ofShared()) {
        MemorySegment x = arena.allocate(layout.byteSpan(), 64);
        for (int i = 0; i < MANY; i++) {
          x.setAtIndex(JAVA_FLOAT, i, 0.1f);
        }
        Reduce op = new Reduce(ReduceFunction.SUM, Ints.of(0), false);
        double expected = (double) 0.1f * (MANY / columns);
        for (float sum : reduce(op, layout, x, 2, vector)) {
          assertEquals(expected, sum, 5e-7 * expected);
        }
      }
    }
  }

  /** Ten thousand rows that are the same memory: 40 KB stand for 400 MB. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theSumOfAHundredMillionTenthsHasNoErrorToSpeakOf(boolean vector) {
    Layout layout = Layout.of(DType.F32, Shape.of(10_000, 10_000), 0, 1);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment x = arena.allocate(layout.byteSpan(), 64);
      for (int i = 0; i < 10_000; i++) {
        x.setAtIndex(JAVA_FLOAT, i, 0.1f);
      }
      double expected = 0.1f * 1e8;
      Reduce sum = new Reduce(ReduceFunction.SUM, Ints.of(), false);
      assertEquals(expected, reduce(sum, layout, x, 2, vector)[0], 5e-7 * expected);
      Reduce mean = new Reduce(ReduceFunction.MEAN, Ints.of(), false);
      assertEquals(0.1f, reduce(mean, layout, x, 2, vector)[0], 5e-7 * 0.1f);
      Norm norm = new Norm(1, Ints.of(), false);
      assertEquals(expected, reduce(norm, layout, x, 2, vector)[0], 5e-7 * expected);
    }
  }

  @Test
  void theRunningSumOfTenMillionTenthsHasNoErrorToSpeakOf() {
    Layout layout = Layout.of(DType.F32, Shape.of(MANY));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment x = arena.allocate(layout.byteSpan(), 64);
      for (int i = 0; i < MANY; i++) {
        x.setAtIndex(JAVA_FLOAT, i, 0.1f);
      }
      Op op = new Scan(ScanFunction.CUMSUM, 0);
      MemorySegment sums =
          Plans.run(new ScanKernel(), op, List.of(layout), 1, true, arena, x).getFirst();
      for (int i = 1; i < MANY; i += 999) {
        double expected = 0.1f * (double) (i + 1);
        assertEquals(expected, sums.getAtIndex(JAVA_FLOAT, i), 1e-7 * expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNumberOfThreadsChangesNoBit(boolean vector) {
    SplittableRandom random = new SplittableRandom(7);
    for (long[] shape : new long[][] {{1, 3_000_001}, {5, 70_003}, {4_099, 517}, {300_001, 3}}) {
      Layout layout = Layout.of(DType.F32, Shape.of(shape));
      try (Arena arena = Arena.ofShared()) {
        MemorySegment x = arena.allocate(layout.byteSpan(), 64);
        for (long i = 0; i < layout.size(); i++) {
          x.setAtIndex(JAVA_FLOAT, i, (float) (random.nextGaussian() + 3));
        }
        for (int axis : new int[] {0, 1}) {
          for (Op op :
              List.of(
                  new Reduce(ReduceFunction.SUM, Ints.of(axis), false),
                  new Reduce(ReduceFunction.MEAN, Ints.of(axis), false),
                  new Norm(2, Ints.of(axis), false),
                  new Variance(Ints.of(axis), 1, false))) {
            float[] one = reduce(op, layout, x, 1, vector);
            for (int threads = 2; threads <= 7; threads++) {
              assertArrayEquals(one, reduce(op, layout, x, threads, vector), 0f);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theVarianceDoesNotSufferFromAMeanFarFromZero(boolean vector) {
    SplittableRandom random = new SplittableRandom(7);
    Layout layout = Layout.of(DType.F32, Shape.of(20_000, 33));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment x = arena.allocate(layout.byteSpan(), 64);
      for (long i = 0; i < layout.size(); i++) {
        x.setAtIndex(JAVA_FLOAT, i, (float) (random.nextGaussian() + 10_000));
      }
      for (Ints axes : List.of(Ints.of(), Ints.of(0))) {
        float[] variances = reduce(new Variance(axes, 1, false), layout, x, 2, vector);
        for (int column = 0; column < variances.length; column++) {
          double expected = variance(x, column, variances.length == 1 ? 1 : 33);
          int at = column;
          assertTrue(
              Math.abs(variances[at] - expected) < 2e-6,
              () -> variances[at] + ", expected " + expected);
        }
      }
    }
  }

  private static double variance(MemorySegment x, int first, int step) {
    long count = x.byteSize() / Float.BYTES / step;
    double sum = 0;
    for (long i = 0; i < count; i++) {
      sum += x.getAtIndex(JAVA_FLOAT, first + i * step);
    }
    double squares = 0;
    for (long i = 0; i < count; i++) {
      double difference = x.getAtIndex(JAVA_FLOAT, first + i * step) - sum / count;
      squares += difference * difference;
    }
    return squares / (count - 1);
  }
}
