package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Workers;

/**
 * Pooling of images in row-major order, some channels at a time: they are interleaved, so that the
 * elements of a position fill a cache line, pooled as channels-last images are, and taken apart
 * again. So rows may be as short as they like, and windows as irregular.
 *
 * <p>Windows are joined along columns first and then along rows.
 */
final class BlockPooling implements Plan {
  /** Elements read that are worth a thread. */
  private static final long GRAIN = 32768;

  /** What the scratch of a block may take: half of a second-level cache. */
  private static final long LARGEST = 1 << 19;

  private final PoolingProblem problem;
  private final PoolingLoops loops;
  private final MoveLoops moves;
  private final Workers workers;
  private final ScratchMemory memory;
  private final int threads;
  private final int bytes;
  private final int lanes;

  BlockPooling(PlanRequest request, PoolingProblem problem) {
    this.problem = problem;
    this.loops = PoolingLoops.of(request.context(), request.input(0).dtype());
    this.moves = MoveLoops.of(request.context());
    this.workers = request.context().workers();
    this.memory = request.context().memory();
    this.threads = request.threads();
    this.bytes = request.input(0).dtype().byteSize();
    this.lanes = PoolingLoops.LINE / bytes;
  }

  /** Returns whether a block of the problem's channels and of its results stays in the cache. */
  static boolean fits(PoolingProblem problem) {
    return scratch(problem) <= LARGEST;
  }

  private static long scratch(PoolingProblem problem) {
    long lines = problem.inputPositions() + problem.outputPositions() + problem.width().input();
    return lines * PoolingLoops.LINE;
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
    long planes = problem.batch() * problem.channels();
    long work = problem.inputPositions() * lanes;
    workers.parallel(
        threads,
        Math.ceilDiv(planes, lanes),
        Math.max(1, GRAIN / work),
        (from, to) -> {
          try (Block block = new Block(inputs[0].address(), outputs[0].address())) {
            for (long next = from; next < to; next++) {
              block.run(next * lanes, Math.min(lanes, planes - next * lanes));
            }
          }
        });
  }

  /** One block after the other, with the scratch for it. */
  private final class Block implements AutoCloseable {
    private final long src;
    private final long dst;
    private final ScratchMemory.Block memory;
    private final long interleaved;
    private final long pooled;
    private final long row;
    private final long[] rowsAt;

    Block(long src, long dst) {
      this.src = src;
      this.dst = dst;
      this.memory = BlockPooling.this.memory.borrow(scratch(problem));
      this.interleaved = memory.segment().address();
      this.pooled = interleaved + problem.inputPositions() * PoolingLoops.LINE;
      this.row = pooled + problem.outputPositions() * PoolingLoops.LINE;
      this.rowsAt = new long[problem.depth().mostElements() * problem.height().mostElements()];
    }

    @Override
    public void close() {
      memory.close();
    }

    void run(long plane, long planes) {
      long elements = problem.inputPositions();
      long results = problem.outputPositions();
      if (planes < lanes) {
        // What lies in the other lanes is pooled too, and better not odd numbers.
        memory.segment().asSlice(0, elements * PoolingLoops.LINE).fill((byte) 0);
      }
      moves.block(
          bytes,
          src + plane * elements * bytes,
          bytes,
          elements * bytes,
          interleaved,
          PoolingLoops.LINE,
          bytes,
          elements,
          planes);
      long to = pooled;
      for (int d = 0; d < problem.depth().output(); d++) {
        for (int h = 0; h < problem.height().output(); h++) {
          pool(d, h, to);
          to += (long) problem.width().output() * PoolingLoops.LINE;
        }
      }
      moves.block(
          bytes,
          pooled,
          bytes,
          PoolingLoops.LINE,
          dst + plane * results * bytes,
          results * bytes,
          bytes,
          planes,
          results);
    }

    /** Pools a row of the result. */
    private void pool(int d, int h, long to) {
      WindowAxis depth = problem.depth();
      WindowAxis height = problem.height();
      WindowAxis width = problem.width();
      int rows = 0;
      for (int i = 0; i < depth.count()[d]; i++) {
        for (int j = 0; j < height.count()[h]; j++) {
          long above = (long) (depth.first()[d] + i * depth.step()) * height.input();
          above += height.first()[h] + (long) j * height.step();
          rowsAt[rows++] = interleaved + above * width.input() * PoolingLoops.LINE;
        }
      }
      long joined = row;
      long elements = (long) width.input() * lanes;
      if (rows == 1) {
        joined = rowsAt[0];
      } else if (problem.max()) {
        loops.max(ALL, rowsAt, rows, ALL, row, elements);
      } else {
        loops.mean(ALL, rowsAt, rows, 1, ALL, row, elements);
      }
      if (problem.max()) {
        loops.maxOfLines(joined, width, to);
      } else if (problem.divisor() != 0) {
        loops.meanOfLines(joined, width, problem.divisor(), false, to);
      } else {
        double factor = (double) depth.share()[d] * height.share()[h];
        loops.meanOfLines(joined, width, factor, true, to);
      }
    }
  }
}
