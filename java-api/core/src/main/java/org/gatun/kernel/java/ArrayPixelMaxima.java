package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The largest elements of windows of images of floats in channels-last order, a row of windows at a
 * time, in plain Java over arrays: for as long as the vector loops are not compiled. Until then an
 * element that is read from a segment takes 20 ns, and one of an array 1 to 2. Elements are
 * compared in the order of those loops, so that NaN and zeros come out the same.
 */
final class ArrayPixelMaxima {
  private static final long MOST_ELEMENTS = 1 << 24;

  private final WindowAxis width;
  private final int channels;
  private final float[][] lines;
  private final float[] max;

  /** Returns whether arrays hold the rows that a row of windows reaches. */
  static boolean fits(PoolingProblem problem) {
    long rows = (long) problem.depth().mostElements() * problem.height().mostElements();
    long pixels = rows * problem.width().input() + problem.width().output();
    return pixels <= MOST_ELEMENTS / Math.max(1, problem.channels());
  }

  ArrayPixelMaxima(PoolingProblem problem) {
    this.width = problem.width();
    this.channels = (int) problem.channels();
    int rows = problem.depth().mostElements() * problem.height().mostElements();
    this.lines = new float[rows][width.input() * channels];
    this.max = new float[width.output() * channels];
  }

  /**
   * Pools a row of the result.
   *
   * @param starts where the rows of the input begin that its windows reach, in bytes
   * @param rows how many these are
   * @param to where the row of the result begins, in bytes
   */
  void pool(MemorySegment src, long[] starts, int rows, MemorySegment dst, long to) {
    for (int i = 0; i < rows; i++) {
      float[] line = lines[i];
      MemorySegment.copy(src, ValueLayout.JAVA_FLOAT, starts[i], line, 0, line.length);
    }
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
    for (int w = 0; w < width.output(); w++) {
      int from = width.first()[w] * channels;
      for (int k = width.count()[w]; k > 0; k--, from += width.step() * channels) {
        for (int i = 0; i < rows; i++) {
          larger(w * channels, lines[i], from);
        }
      }
    }
    MemorySegment.copy(max, 0, dst, ValueLayout.JAVA_FLOAT, to, max.length);
  }

  private void larger(int to, float[] line, int from) {
    for (int c = 0; c < channels; c++) {
      float value = line[from + c];
      if (value > max[to + c] || Float.isNaN(value)) {
        max[to + c] = value;
      }
    }
  }
}
