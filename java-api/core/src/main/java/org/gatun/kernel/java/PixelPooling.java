package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.jspecify.annotations.Nullable;

/** Pooling of images in channels-last order: all channels of a position of the result at a time. */
final class PixelPooling implements Plan {
  /** Elements read that are worth a thread. */
  private static final long GRAIN = 32768;

  /** Whether the loop of the largest elements is compiled; until then plain Java gives the same. */
  private static final WarmUp COMPILED = new WarmUp(PixelPooling::slice);

  /** Of the third use on. */
  private static final long USE = WarmUp.ENOUGH / 3 + 1;

  private static final int SLICE_CHANNELS = 96;
  private static final int SLICE_ELEMENTS = 9;

  private final PoolingProblem problem;
  private final PoolingLoops loops;
  private final PoolingLoops cold;
  private final boolean inArrays;

  /** The windows that are taken a row at a time, or null if none are. */
  private final @Nullable InnerWindows inner;

  private final Workers workers;
  private final int threads;
  private final int bytes;

  PixelPooling(PlanRequest request, PoolingProblem problem) {
    this.problem = problem;
    this.loops = PoolingLoops.of(request.context(), request.input(0).dtype());
    boolean warms = problem.max() && request.context().vector();
    this.cold = warms ? new ScalarPoolingLoops(request.input(0).dtype()) : loops;
    this.inArrays =
        warms && request.input(0).dtype() == DType.F32 && ArrayPixelMaxima.fits(problem);
    this.inner = InnerWindows.of(request, problem);
    this.workers = request.context().workers();
    this.threads = request.threads();
    this.bytes = request.input(0).dtype().byteSize();
  }

  @Override
  public String implementation() {
    return loops.implementation();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    if (problem.outputPositions() == 0) {
      return;
    }
    int most = mostElements();
    PoolingLoops now = loops == cold || COMPILED.isDone(USE) ? loops : cold;
    boolean rowsCompiled = inner != null && inner.isCompiled(USE);
    InnerWindows together = rowsCompiled && now != cold ? inner : null;
    long rows = problem.batch() * problem.depth().output() * problem.height().output();
    long work = most * problem.channels() * problem.width().output();
    workers.parallel(
        threads,
        rows,
        Math.max(1, GRAIN / Math.max(1, work)),
        (from, to) -> {
          long[] starts = new long[most];
          long[] at = new long[most];
          ArrayPixelMaxima maxima = now == cold && inArrays ? new ArrayPixelMaxima(problem) : null;
          for (long row = from; row < to; row++) {
            pool(row, now, maxima, together, starts, at, inputs[0], outputs[0]);
          }
        });
  }

  /** Takes the largest elements of windows that overlap. */
  private static void slice(long memory) {
    MemorySegment src = Elements.ALL.asSlice(memory, 3 * WarmUp.OPERAND_BYTES);
    MemorySegment dst =
        Elements.ALL.asSlice(memory + 3 * WarmUp.OPERAND_BYTES, WarmUp.OPERAND_BYTES);
    long[] at = new long[SLICE_ELEMENTS];
    for (int i = 0; i < at.length; i++) {
      at[i] = (long) i * SLICE_CHANNELS * Float.BYTES;
    }
    VectorProvider.poolingLoops(DType.F32).max(src, at, at.length, dst, 0, SLICE_CHANNELS);
  }

  private int mostElements() {
    return problem.depth().mostElements()
        * problem.height().mostElements()
        * problem.width().mostElements();
  }

  /**
   * Pools a row of the result.
   *
   * @param loops what is compiled
   * @param maxima what takes the largest elements while nothing is
   * @param together the windows that are taken together, or null if none are
   * @param starts room for where the rows of the input begin that its windows reach
   * @param at room for where the elements of a window lie
   */
  private void pool(
      long row,
      PoolingLoops loops,
      @Nullable ArrayPixelMaxima maxima,
      @Nullable InnerWindows together,
      long[] starts,
      long[] at,
      MemorySegment src,
      MemorySegment dst) {
    WindowAxis depth = problem.depth();
    WindowAxis height = problem.height();
    WindowAxis width = problem.width();
    int h = (int) (row % height.output());
    int d = (int) (row / height.output() % depth.output());
    long pixel = problem.channels() * bytes;
    long start = row / height.output() / depth.output() * problem.inputPositions();
    int rows = 0;
    for (int i = 0; i < depth.count()[d]; i++) {
      for (int j = 0; j < height.count()[h]; j++) {
        long above = (long) (depth.first()[d] + i * depth.step()) * height.input();
        above += height.first()[h] + (long) j * height.step();
        starts[rows++] = (start + above * width.input()) * pixel;
      }
    }
    long to = row * width.output() * pixel;
    if (maxima != null) {
      maxima.pool(src, starts, rows, dst, to);
      return;
    }
    InnerWindows inside = rows > 0 ? together : null;
    if (inside != null) {
      inside.run(src.address(), starts, rows, dst.address() + to);
    }
    for (int w = 0; w < width.output(); w++) {
      if (inside != null && w >= inside.first() && w < inside.end()) {
        continue;
      }
      int elements = window(w, pixel, starts, rows, at);
      long result = to + w * pixel;
      if (problem.max()) {
        loops.max(src, at, elements, dst, result, problem.channels());
      } else {
        loops.mean(src, at, elements, problem.divisor(d, h, w), dst, result, problem.channels());
      }
    }
  }

  /**
   * Lists where the elements of a window lie, column after column: then what wins among zeros and
   * among NaNs is what wins where columns are shared by windows.
   */
  private int window(int w, long pixel, long[] starts, int rows, long[] at) {
    WindowAxis width = problem.width();
    long next = width.first()[w] * pixel;
    int elements = 0;
    for (int k = 0; k < width.count()[w]; k++, next += width.step() * pixel) {
      for (int i = 0; i < rows; i++) {
        at[elements++] = starts[i] + next;
      }
    }
    return elements;
  }
}
