package org.gatun.kernel.java;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.gatun.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of windows at once, and their elements one by one: the same bits. */
class PixelMaximaTest {
  private static final float[] SPECIAL = {
    0f, -0f, Float.NaN, Float.intBitsToFloat(0xffc00001), Float.NEGATIVE_INFINITY, 3e38f
  };
  private static final int PIXELS = 19;

  /** Width and distance of windows, their rows, channels. */
  static Stream<int[]> windows() {
    int[][] shapes = {{2, 2}, {3, 1}, {3, 2}};
    return Stream.of(shapes)
        .flatMap(
            shape ->
                Stream.of(16, 17, 47, 64)
                    .flatMap(
                        channels ->
                            Stream.of(1, 2, 3)
                                .map(rows -> new int[] {shape[0], shape[1], rows, channels})));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void rowsOfWindows(int[] window) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      check(dtype, window[0], window[1], window[2], window[3]);
    }
  }

  private static void check(DType dtype, int kernel, int stride, int rows, int channels) {
    int windows = (PIXELS - kernel) / stride + 1;
    long pixel = (long) channels * dtype.byteSize();
    long row = PIXELS * pixel;
    PixelMaxima loops = VectorProvider.pixelMaxima(dtype);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment src = arena.allocate(rows * row, 64);
      fill(src, dtype);
      MemorySegment together = arena.allocate(windows * pixel, 64);
      MemorySegment single = arena.allocate(windows * pixel, 64);
      long first = src.address();
      loops.along(
          first,
          first + Math.min(1, rows - 1) * row,
          first + (rows - 1) * row,
          pixel,
          kernel,
          stride,
          together.address(),
          windows,
          channels);
      long[] at = new long[kernel * rows];
      for (int w = 0; w < windows; w++) {
        for (int i = 0; i < at.length; i++) {
          at[i] = i % rows * row + (w * stride + i / rows) * pixel;
        }
        new ScalarPoolingLoops(dtype).max(src, at, at.length, single, w * pixel, channels);
      }

      assertArrayEquals(
          single.toArray(ValueLayout.JAVA_BYTE), together.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  private static void fill(MemorySegment src, DType dtype) {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < src.byteSize() / dtype.byteSize(); i++) {
      boolean special = random.nextInt(4) == 0;
      float value =
          special ? SPECIAL[random.nextInt(SPECIAL.length)] : (float) random.nextDouble(-2, 0);
      if (dtype == DType.F32) {
        src.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
      } else {
        src.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
      }
    }
  }
}
