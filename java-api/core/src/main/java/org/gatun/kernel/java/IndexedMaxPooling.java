package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;

/** The largest elements of windows with their positions in the channel, element by element. */
final class IndexedMaxPooling implements Plan {
  /** Elements read that are worth a thread. */
  private static final long GRAIN = 4096;

  private final PoolingProblem problem;
  private final PoolingLoops loops;
  private final Workers workers;
  private final int threads;
  private final int bytes;
  private final boolean channelsLast;

  IndexedMaxPooling(PlanRequest request, PoolingProblem problem, boolean channelsLast) {
    this.problem = problem;
    this.loops = PoolingLoops.of(request.context(), request.input(0).dtype());
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
            pool(plane, inputs[0], outputs[0], outputs[1]);
          }
        });
  }

  private void pool(long plane, MemorySegment src, MemorySegment dst, MemorySegment where) {
    long step = channelsLast ? problem.channels() : 1;
    long start = start(plane, problem.inputPositions());
    long to = start(plane, problem.outputPositions());
    WindowAxis depth = problem.depth();
    WindowAxis height = problem.height();
    WindowAxis width = problem.width();
    for (int d = 0; d < depth.output(); d++) {
      for (int h = 0; h < height.output(); h++) {
        for (int w = 0; w < width.output(); w++, to += step) {
          long index = largest(src, start, step, d, h, w);
          double max =
              index < 0 ? Double.NEGATIVE_INFINITY : loops.get(src, (start + index * step) * bytes);
          loops.set(dst, to * bytes, max);
          where.set(ValueLayout.JAVA_LONG, to * Long.BYTES, index);
        }
      }
    }
  }

  private long start(long plane, long positions) {
    long member = plane / problem.channels();
    long channel = plane % problem.channels();
    return channelsLast ? member * positions * problem.channels() + channel : plane * positions;
  }

  /** Returns where the largest element of a window is, -1 if the window is all padding. */
  private long largest(MemorySegment src, long start, long step, int d, int h, int w) {
    WindowAxis depth = problem.depth();
    WindowAxis height = problem.height();
    WindowAxis width = problem.width();
    long found = -1;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < depth.count()[d]; i++) {
      for (int j = 0; j < height.count()[h]; j++) {
        for (int k = 0; k < width.count()[w]; k++) {
          long row = (long) (depth.first()[d] + i * depth.step()) * height.input();
          row += height.first()[h] + (long) j * height.step();
          long index = row * width.input() + width.first()[w] + (long) k * width.step();
          double value = loops.get(src, (start + index * step) * bytes);
          if (found < 0 || value > max || Double.isNaN(value)) {
            max = value;
            found = index;
          }
        }
      }
    }
    return found;
  }
}
