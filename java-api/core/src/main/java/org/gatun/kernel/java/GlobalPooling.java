package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Workers;

/** Pooling where the window is the whole channel. */
final class GlobalPooling implements Plan {
  /** Elements that are worth a thread. */
  private static final long GRAIN = 32768;

  /** Channels of a position that are pooled together: some cache lines of each. */
  private static final int CHANNELS = 256;

  private final PoolingProblem problem;
  private final boolean channelsLast;
  private final PoolingLoops loops;
  private final StatisticsLoops sums;
  private final Workers workers;
  private final ScratchMemory memory;
  private final int threads;
  private final int bytes;

  GlobalPooling(PlanRequest request, PoolingProblem problem, boolean channelsLast) {
    this.problem = problem;
    this.channelsLast = channelsLast;
    this.loops = PoolingLoops.of(request.context(), request.input(0).dtype());
    this.sums = StatisticsLoops.of(request.context(), request.input(0).dtype());
    this.workers = request.context().workers();
    this.memory = request.context().memory();
    this.threads = request.threads();
    this.bytes = request.input(0).dtype().byteSize();
  }

  @Override
  public String implementation() {
    return loops.implementation();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    MemorySegment src = inputs[0];
    MemorySegment dst = outputs[0];
    long positions = problem.inputPositions();
    if (!channelsLast) {
      workers.parallel(
          threads,
          problem.batch() * problem.channels(),
          Math.max(1, GRAIN / positions),
          (from, to) -> {
            for (long plane = from; plane < to; plane++) {
              loops.set(dst, plane * bytes, ofPlane(src, plane * positions * bytes));
            }
          });
      return;
    }
    long pieces = Math.ceilDiv(problem.channels(), CHANNELS);
    workers.parallel(
        threads,
        problem.batch() * pieces,
        Math.max(1, GRAIN / (positions * Math.min(CHANNELS, problem.channels()))),
        (from, to) -> {
          for (long next = from; next < to; next++) {
            long first = next % pieces * CHANNELS;
            int count = (int) Math.min(CHANNELS, problem.channels() - first);
            ofColumns(src, dst, next / pieces, first, count);
          }
        });
  }

  private double ofPlane(MemorySegment src, long at) {
    long positions = problem.inputPositions();
    if (problem.max()) {
      return loops.max(src, at, positions);
    }
    double sum = 0;
    for (long from = 0; from < positions; from += StatisticsLoops.BLOCK) {
      long count = Math.min(StatisticsLoops.BLOCK, positions - from);
      sum += sums.sum(src, at + from * bytes, count);
    }
    return sum / problem.divisor(0, 0, 0);
  }

  /** Pools some channels of a member: by blocks of rows, whose sums are added in double. */
  private void ofColumns(
      MemorySegment src, MemorySegment dst, long member, long first, int channels) {
    long row = problem.channels() * bytes;
    long start = member * problem.inputPositions() * row + first * bytes;
    long to = member * row + first * bytes;
    double[] totals = new double[channels];
    if (problem.max()) {
      java.util.Arrays.fill(totals, Double.NEGATIVE_INFINITY);
    }
    long[] at = new long[StatisticsLoops.BLOCK_ROWS];
    try (ScratchMemory.Block block = memory.borrow((long) channels * bytes)) {
      MemorySegment part = block.segment();
      for (long from = 0; from < problem.inputPositions(); from += at.length) {
        int rows = (int) Math.min(at.length, problem.inputPositions() - from);
        if (problem.max()) {
          for (int i = 0; i < rows; i++) {
            at[i] = start + (from + i) * row;
          }
          loops.max(src, at, rows, part, 0, channels);
        } else {
          sums.sumRows(src, start + from * row, row, rows, channels, part, 0);
        }
        for (int c = 0; c < channels; c++) {
          double value = loops.get(part, (long) c * bytes);
          totals[c] = problem.max() ? Math.max(totals[c], value) : totals[c] + value;
        }
      }
    }
    double divisor = problem.max() ? 1 : problem.divisor(0, 0, 0);
    for (int c = 0; c < channels; c++) {
      loops.set(dst, to + (long) c * bytes, totals[c] / divisor);
    }
  }
}
