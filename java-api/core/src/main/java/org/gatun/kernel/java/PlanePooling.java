package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Workers;

/**
 * Pooling of images in row-major order, a row of the result at a time: the rows of the input that
 * its windows reach are joined element by element into one padded row, and that is pooled along
 * itself. For windows at equal distances the padded row is split by the stride first, so that
 * neighbours in the result read neighbours again.
 */
final class PlanePooling implements Plan {
  /** Elements read that are worth a thread. */
  private static final long GRAIN = 32768;

  /** Elements between the parts of the scratch, so that none shares a cache line. */
  private static final int SLACK = 16;

  /** A padded row has a multiple of so many elements: two vectors of the widest. */
  private static final int PIECE = 32;

  private final PoolingProblem problem;
  private final PoolingLoops loops;
  private final StatisticsLoops sums;
  private final Workers workers;
  private final ScratchMemory memory;
  private final int threads;
  private final int bytes;

  /** Whether windows are taken one by one along a row, and not all at once. */
  private final boolean oneByOne;

  private final int before;
  private final int padded;
  private final int phaseLength;

  PlanePooling(PlanRequest request, PoolingProblem problem) {
    this.problem = problem;
    this.loops = PoolingLoops.of(request.context(), request.input(0).dtype());
    this.sums = StatisticsLoops.of(request.context(), request.input(0).dtype());
    this.workers = request.context().workers();
    this.memory = request.context().memory();
    this.threads = request.threads();
    this.bytes = request.input(0).dtype().byteSize();
    WindowAxis width = problem.width();
    boolean regular = width.kernel() > 0;
    boolean few = width.kernel() > width.output() || width.output() == 1 || width.reachesFar();
    this.oneByOne = !regular || (width.step() == 1 && few);
    this.before = oneByOne ? 0 : width.before();
    this.padded =
        oneByOne ? width.input() : Math.toIntExact(Math.ceilDiv(width.padded(), PIECE) * PIECE);
    this.phaseLength = oneByOne ? 0 : Math.ceilDiv(padded, width.stride()) + SLACK;
  }

  @Override
  public String implementation() {
    return loops.implementation();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    long rows = (long) problem.depth().output() * problem.height().output();
    workers.parallel(
        threads,
        problem.batch() * problem.channels() * rows,
        Math.max(1, GRAIN / Math.max(1, problem.workOfRow())),
        (from, to) -> {
          try (Row row = new Row(inputs[0], outputs[0])) {
            for (long next = from; next < to; next++) {
              row.run(next);
            }
          }
        });
  }

  /** One row of the result after the other, with the scratch for it. */
  private final class Row implements AutoCloseable {
    private final MemorySegment src;
    private final MemorySegment dst;
    private final ScratchMemory.Block block;
    private final MemorySegment scratch;
    private final long[] rowsAt;
    private final long[] columnsAt;
    private final long phasesAt;
    private final long divisorsAt;
    private final int commonShare;

    Row(MemorySegment src, MemorySegment dst) {
      WindowAxis width = problem.width();
      this.src = src;
      this.dst = dst;
      this.rowsAt = new long[problem.depth().mostElements() * problem.height().mostElements()];
      this.columnsAt = new long[oneByOne ? 0 : width.kernel()];
      this.phasesAt = (padded + SLACK) * (long) bytes;
      boolean split = !oneByOne && width.stride() > 1;
      this.divisorsAt = phasesAt + (split ? (long) width.stride() * phaseLength * bytes : 0);
      this.block = memory.borrow(divisorsAt + (long) width.output() * bytes);
      this.scratch = block.segment();
      this.commonShare = width.commonShare();
      for (int i = 0; i < padded; i++) {
        loops.set(scratch, (long) i * bytes, problem.max() ? Double.NEGATIVE_INFINITY : 0);
      }
      for (int i = 0; i < width.output(); i++) {
        loops.set(scratch, divisorsAt + (long) i * bytes, width.share()[i]);
      }
      for (int k = 0; k < columnsAt.length; k++) {
        int at = k * width.step();
        columnsAt[k] =
            split
                ? phasesAt
                    + ((long) (at % width.stride()) * phaseLength + at / width.stride()) * bytes
                : (long) at * bytes;
      }
    }

    @Override
    public void close() {
      block.close();
    }

    void run(long index) {
      WindowAxis depth = problem.depth();
      WindowAxis height = problem.height();
      int h = (int) (index % height.output());
      int d = (int) (index / height.output() % depth.output());
      long plane = index / height.output() / depth.output() * problem.inputPositions();
      int rows = 0;
      for (int i = 0; i < depth.count()[d]; i++) {
        for (int j = 0; j < height.count()[h]; j++) {
          long at = (long) (depth.first()[d] + i * depth.step()) * height.input();
          at += height.first()[h] + (long) j * height.step();
          rowsAt[rows++] = (plane + at * problem.width().input()) * bytes;
        }
      }
      long to = (long) before * bytes;
      if (problem.max()) {
        loops.max(src, rowsAt, rows, scratch, to, problem.width().input());
      } else {
        loops.mean(src, rowsAt, rows, 1, scratch, to, problem.width().input());
      }
      long out = index * problem.width().output() * bytes;
      if (oneByOne) {
        windows(out, d, h);
      } else {
        along(out, d, h);
      }
    }

    private void windows(long out, int d, int h) {
      WindowAxis width = problem.width();
      for (int w = 0; w < width.output(); w++) {
        long at = (long) width.first()[w] * bytes;
        int count = width.count()[w];
        double value =
            problem.max()
                ? loops.max(scratch, at, count)
                : sums.sum(scratch, at, count) / problem.divisor(d, h, w);
        loops.set(dst, out + (long) w * bytes, value);
      }
    }

    private void along(long out, int d, int h) {
      WindowAxis width = problem.width();
      if (width.stride() > 1) {
        loops.split(scratch, 0, padded, width.stride(), scratch, phasesAt, phaseLength);
      }
      if (problem.max()) {
        loops.max(scratch, columnsAt, columnsAt.length, dst, out, width.output());
        return;
      }
      boolean common = commonShare > 0 || problem.divisor() != 0;
      double divisor = common ? problem.divisor(d, h, 0) : 1;
      loops.mean(scratch, columnsAt, columnsAt.length, divisor, dst, out, width.output());
      if (!common) {
        double factor = (double) problem.depth().share()[d] * problem.height().share()[h];
        loops.divide(dst, out, scratch, divisorsAt, factor, width.output());
      }
    }
  }
}
