package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;

/** The p-norms of windows one by one, in double. */
final class WindowNorms implements Plan {
  /** Elements read that are worth a thread. */
  private static final long GRAIN = 4096;

  private final PoolingProblem problem;
  private final PoolingLoops loops;
  private final double norm;
  private final double window;
  private final Workers workers;
  private final int threads;
  private final int bytes;
  private final boolean channelsLast;

  /**
   * Makes the plan.
   *
   * @param window the elements of a window that lies in the input
   */
  WindowNorms(
      PlanRequest request,
      PoolingProblem problem,
      double norm,
      double window,
      boolean channelsLast) {
    this.problem = problem;
    this.loops = PoolingLoops.of(request.context(), request.input(0).dtype());
    this.norm = norm;
    this.window = window;
    this.workers = request.context().workers();
    this.threads = request.threads();
    this.bytes = request.input(0).dtype().byteSize();
    this.channelsLast = channelsLast;
  }

  @Override
  public String implementation() {
    return "java:scalar";
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    workers.parallel(
        threads,
        problem.batch() * problem.channels(),
        Math.max(1, GRAIN / problem.inputPositions()),
        (from, to) -> {
          for (long plane = from; plane < to; plane++) {
            pool(plane, inputs[0], outputs[0]);
          }
        });
  }

  private void pool(long plane, MemorySegment src, MemorySegment dst) {
    long step = channelsLast ? problem.channels() : 1;
    long start = problem.plane(plane, problem.inputPositions(), channelsLast);
    long to = problem.plane(plane, problem.outputPositions(), channelsLast);
    for (int d = 0; d < problem.depth().output(); d++) {
      for (int h = 0; h < problem.height().output(); h++) {
        for (int w = 0; w < problem.width().output(); w++, to += step) {
          double sum = sum(src, start, step, d, h, w);
          double whole = sum * (window / problem.divisor(d, h, w));
          loops.set(dst, to * bytes, norm == 2 ? Math.sqrt(whole) : Math.pow(whole, 1 / norm));
        }
      }
    }
  }

  private double sum(MemorySegment src, long start, long step, int d, int h, int w) {
    WindowAxis depth = problem.depth();
    WindowAxis height = problem.height();
    WindowAxis width = problem.width();
    double sum = 0;
    for (int i = 0; i < depth.count()[d]; i++) {
      for (int j = 0; j < height.count()[h]; j++) {
        long row = ((long) depth.first()[d] + i) * height.input() + height.first()[h] + j;
        long index = start + (row * width.input() + width.first()[w]) * step;
        for (int k = 0; k < width.count()[w]; k++, index += step) {
          double value = loops.get(src, index * bytes);
          sum += norm == 2 ? value * value : Math.pow(value, norm);
        }
      }
    }
    return sum;
  }
}
