package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Spares;
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
  private final Spares<Columns> spares = new Spares<>(Columns::new);
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
    long positions = problem.inputPositions();
    if (channelsLast) {
      long grain = GRAIN / (positions * Math.min(CHANNELS, problem.channels()));
      long units = problem.batch() * pieces();
      workers.parallel(
          threads, units, Math.max(1, grain), this, inputs, outputs, GlobalPooling::columns);
    } else {
      long units = problem.batch() * problem.channels();
      workers.parallel(
          threads,
          units,
          Math.max(1, GRAIN / positions),
          this,
          inputs,
          outputs,
          GlobalPooling::planes);
    }
  }

  private long pieces() {
    return Math.ceilDiv(problem.channels(), CHANNELS);
  }

  private void planes(MemorySegment[] inputs, MemorySegment[] outputs, long from, long to) {
    long planeBytes = problem.inputPositions() * bytes;
    for (long plane = from; plane < to; plane++) {
      loops.set(outputs[0], plane * bytes, ofPlane(inputs[0], plane * planeBytes));
    }
  }

  private void columns(MemorySegment[] inputs, MemorySegment[] outputs, long from, long to) {
    Columns columns = spares.take();
    long pieces = pieces();
    for (long next = from; next < to; next++) {
      long first = next % pieces * CHANNELS;
      int count = (int) Math.min(CHANNELS, problem.channels() - first);
      ofColumns(inputs[0], outputs[0], next / pieces, first, count, columns);
    }
    spares.giveBack(columns);
  }

  /** The results of some channels so far, and where the rows of a block begin. */
  private final class Columns {
    private final double[] totals = new double[(int) Math.min(CHANNELS, problem.channels())];
    private final long[] at = new long[StatisticsLoops.BLOCK_ROWS];
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
      MemorySegment src,
      MemorySegment dst,
      long member,
      long first,
      int channels,
      Columns columns) {
    long row = problem.channels() * bytes;
    long start = member * problem.inputPositions() * row + first * bytes;
    long to = member * row + first * bytes;
    double[] totals = columns.totals;
    long[] at = columns.at;
    Arrays.fill(totals, problem.max() ? Double.NEGATIVE_INFINITY : 0);
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
