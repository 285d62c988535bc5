package org.gatun.kernel.java;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoftmaxLoopsTest {
  /** Numbers whose exponentials, added to each other, round the same way for long. */
  private static final double[] NUMBERS = {
    -0.01223436453152260, -1.1667077141968223, -1.5843142191926693, -1.8943898353263877
  };

  @Test
  void sumsOfTheSameNumberAreExact() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment row = arena.allocate(JAVA_DOUBLE, SoftmaxLoops.BLOCK);
      MemorySegment result = arena.allocate(JAVA_DOUBLE, SoftmaxLoops.BLOCK);
      for (SoftmaxLoops loops :
          List.of(new ScalarSoftmaxLoops(true), new VectorDoubleSoftmaxLoops())) {
        for (double number : NUMBERS) {
          for (int count : new int[] {1, 7, 100, 1023, SoftmaxLoops.BLOCK}) {
            for (int i = 0; i < count; i++) {
              row.setAtIndex(JAVA_DOUBLE, i, number);
            }
            double expected = count * Math.exp(number);
            double ulps = 2 * Math.ulp(expected);
            String name = loops.implementation() + " " + number + " x " + count;
            assertEquals(
                expected, loops.exp(row.address(), 0, result.address(), count), ulps, name);
            assertEquals(expected, loops.sumOfExp(row.address(), 0, count), ulps, name);
          }
        }
      }
    }
  }

  @Test
  void sumsOfTheSameFloatAreCloserThanATolerance() {
    int count = SoftmaxLoops.BLOCK;
    int rows = 4;
    VectorFloatSoftmaxLoops line = new VectorFloatSoftmaxLoops();
    VectorFloatRowLoops together = new VectorFloatRowLoops();
    float[] lanes = new float[RowLoops.SCRATCH];
    double[] shifts = new double[RowLoops.MOST_ROWS];
    double[] sums = new double[RowLoops.MOST_ROWS];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment src = arena.allocate(JAVA_FLOAT, (long) rows * count);
      MemorySegment dst = arena.allocate(JAVA_FLOAT, (long) rows * count);
      long stride = (long) count * Float.BYTES;
      for (int k = 1; k <= 200; k++) {
        float number = -k / 100f;
        for (int i = 0; i < rows * count; i++) {
          src.setAtIndex(JAVA_FLOAT, i, number);
        }
        double expected = count * Math.exp(number);
        double ulps = 6 * Math.ulp((float) expected);
        long from = src.address();
        assertEquals(expected, line.exp(from, 0, dst.address(), count), ulps, number + " x");
        assertEquals(expected, line.sumOfExp(from, 0, count), ulps, number + " x");
        together.exps(from, stride, dst.address(), stride, rows, count, shifts, sums, lanes);
        assertEquals(expected, sums[rows - 1], ulps, number + " x");
        together.sumsOfExps(from, stride, rows, count, shifts, sums, lanes);
        assertEquals(expected, sums[0], ulps, number + " x");
      }
    }
  }
}
