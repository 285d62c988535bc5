package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;

/** Pooling of images in channels-last order: all channels of a position of the result at a time. */
final class PixelPooling implements Plan {
  /** Elements read that are worth a thread. */
  private static final long GRAIN = 32768;

  private final PoolingProblem problem;
  private final PoolingLoops loops;
  private final Workers workers;
  private final int threads;
  private final int bytes;

  PixelPooling(PlanRequest request, PoolingProblem problem) {
    this.problem = problem;
    this.loops = PoolingLoops.of(request.context(), request.input(0).dtype());
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
    int most = mostElements();
    long pixels = problem.batch() * problem.outputPositions();
    workers.parallel(
        threads,
        pixels,
        Math.max(1, GRAIN / Math.max(1, most * problem.channels())),
        (from, to) -> {
          long[] at = new long[most];
          for (long pixel = from; pixel < to; pixel++) {
            pool(pixel, at, inputs[0], outputs[0]);
          }
        });
  }

  private int mostElements() {
    return problem.depth().mostElements()
        * problem.height().mostElements()
        * problem.width().mostElements();
  }

  private void pool(long pixel, long[] at, MemorySegment src, MemorySegment dst) {
    WindowAxis depth = problem.depth();
    WindowAxis height = problem.height();
    WindowAxis width = problem.width();
    int w = (int) (pixel % width.output());
    int h = (int) (pixel / width.output() % height.output());
    long rest = pixel / width.output() / height.output();
    int d = (int) (rest % depth.output());
    long channels = problem.channels() * bytes;
    long start = rest / depth.output() * problem.inputPositions();
    int elements = 0;
    for (int i = 0; i < depth.count()[d]; i++) {
      long plane =
          start + (long) (depth.first()[d] + i * depth.step()) * height.input() * width.input();
      for (int j = 0; j < height.count()[h]; j++) {
        long row = plane + (long) (height.first()[h] + j * height.step()) * width.input();
        for (int k = 0; k < width.count()[w]; k++) {
          at[elements++] = (row + width.first()[w] + (long) k * width.step()) * channels;
        }
      }
    }
    long to = pixel * channels;
    if (problem.max()) {
      loops.max(src, at, elements, dst, to, problem.channels());
    } else {
      loops.mean(src, at, elements, problem.divisor(d, h, w), dst, to, problem.channels());
    }
  }
}
