package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.kernel.PlanRequest;
import org.jspecify.annotations.Nullable;

/**
 * The windows of a row of a channels-last image that lie inside it along the width, whose largest
 * elements {@link PixelMaxima} takes together.
 */
final class InnerWindows {
  private static final int SLICE_CHANNELS = 96;
  private static final int SLICE_WINDOWS = 5;

  private static final WarmUp PAIRS = compiled(2, 2);
  private static final WarmUp THREES = compiled(3, 1);
  private static final WarmUp THREES_BY_TWO = compiled(3, 2);

  private final PixelMaxima loops;
  private final WarmUp compiled;
  private final WindowAxis width;
  private final long channels;
  private final long pixel;
  private final int first;
  private final int end;

  private InnerWindows(PixelMaxima loops, PoolingProblem problem, long pixel) {
    this.loops = loops;
    this.width = problem.width();
    this.channels = problem.channels();
    this.pixel = pixel;
    this.compiled = width.kernel() == 2 ? PAIRS : width.stride() == 1 ? THREES : THREES_BY_TWO;
    int window = 0;
    while (window < width.output() && width.count()[window] < width.kernel()) {
      window++;
    }
    this.first = window;
    while (window < width.output() && width.count()[window] == width.kernel()) {
      window++;
    }
    this.end = window;
  }

  /** Returns the windows, or null where there are no loops for such. */
  static @Nullable InnerWindows of(PlanRequest request, PoolingProblem problem) {
    WindowAxis width = problem.width();
    int rows = problem.depth().mostElements() * problem.height().mostElements();
    boolean takes = problem.max() && request.context().vector() && width.step() == 1;
    if (!takes
        || rows > PixelMaxima.MOST_ROWS
        || !PixelMaxima.takes(width.kernel(), width.stride())) {
      return null;
    }
    DType dtype = request.input(0).dtype();
    PixelMaxima loops = VectorProvider.pixelMaxima(dtype);
    if (problem.channels() < loops.lanes()) {
      return null;
    }
    return new InnerWindows(loops, problem, problem.channels() * dtype.byteSize());
  }

  private static WarmUp compiled(int kernel, int stride) {
    long pixel = (long) SLICE_CHANNELS * Float.BYTES;
    long row = (long) (SLICE_WINDOWS * stride + kernel) * pixel;
    return new WarmUp(
        memory ->
            VectorProvider.pixelMaxima(DType.F32)
                .along(
                    memory,
                    memory + row / 2,
                    memory + row,
                    pixel,
                    kernel,
                    stride,
                    memory + 3 * WarmUp.OPERAND_BYTES,
                    SLICE_WINDOWS,
                    SLICE_CHANNELS));
  }

  /** Returns whether the loop is compiled, as {@link WarmUp#isDone(long)} does. */
  boolean isCompiled(long elements) {
    return compiled.isDone(elements);
  }

  /** Returns the first of the windows. */
  int first() {
    return first;
  }

  /** Returns what comes behind the last of the windows. */
  int end() {
    return end;
  }

  /**
   * Stores the largest elements of the windows.
   *
   * @param src the address of the image
   * @param starts where the rows of the image begin that the windows reach
   * @param rows how many, one or more
   * @param dst the address of the row of the result
   */
  void run(long src, long[] starts, int rows, long dst) {
    if (first == end) {
      return;
    }
    long from = src + width.first()[first] * pixel;
    loops.along(
        from + starts[0],
        from + starts[Math.min(1, rows - 1)],
        from + starts[rows - 1],
        pixel,
        width.kernel(),
        width.stride(),
        dst + first * pixel,
        end - first,
        channels);
  }
}
