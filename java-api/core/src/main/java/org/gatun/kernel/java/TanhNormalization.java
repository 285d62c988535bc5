package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Workers;
import org.gatun.op.DyT;
import org.jspecify.annotations.Nullable;

/**
 * {@link DyT} where the channels lie side by side, or the positions of each channel do: two short
 * loops over a piece that is in the cache.
 */
final class TanhNormalization implements Plan {
  /** Elements that are worth a thread. */
  private static final long GRAIN = 8192;

  private static final long BLOCK = 2048;

  private final ScalingLoops loops;
  private final Workers workers;
  private final ScratchMemory memory;
  private final int threads;
  private final int bytes;
  private final DyT op;
  private final boolean rows;
  private final long channels;
  private final long size;

  /** Elements that lie side by side and have a channel, or all channels, in common. */
  private final long run;

  /**
   * Makes the plan.
   *
   * @param channelsSideBySide whether the channels of a position are a row
   */
  TanhNormalization(PlanRequest request, DyT op, boolean channelsSideBySide) {
    Layout x = request.input(0);
    this.loops = ScalingLoops.of(request.context(), x.dtype());
    this.workers = request.context().workers();
    this.memory = request.context().memory();
    this.threads = request.threads();
    this.bytes = x.dtype().byteSize();
    this.op = op;
    this.rows = channelsSideBySide;
    this.channels = x.dim(op.channelsFirst() ? 1 : -1);
    this.size = x.size();
    this.run = rows ? channels : size / x.dim(0) / channels;
  }

  @Override
  public String implementation() {
    return loops.implementation();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    double alpha = loops.get(inputs[1].address());
    long weight = op.weight() ? inputs[2].address() : 0;
    long bias = op.bias() ? inputs[op.weight() ? 3 : 2].address() : 0;
    try (ScratchMemory.Block neutral = neutral()) {
      long neutralAt = neutral == null ? 0 : neutral.segment().address();
      run(
          inputs[0].address(),
          outputs[0].address(),
          alpha,
          op.weight() ? weight : neutralAt,
          op.bias() ? bias : neutralAt);
    }
  }

  /** Ones for a weight that is not there, or zeros for a bias: rare, so that loops take both. */
  private ScratchMemory.@Nullable Block neutral() {
    if (op.weight() == op.bias()) {
      return null;
    }
    ScratchMemory.Block block = memory.borrow(channels * bytes);
    block.segment().fill((byte) 0);
    if (op.bias()) {
      long at = block.segment().address();
      loops.shift(at, at, channels, 0, 1);
    }
    return block;
  }

  private void run(long src, long dst, double alpha, long weight, long bias) {
    long pieces = Math.ceilDiv(run, BLOCK);
    workers.parallel(
        threads,
        size / run * pieces,
        Math.max(1, GRAIN / Math.min(run, BLOCK)),
        (from, to) -> {
          for (long piece = from; piece < to; piece++) {
            long index = piece / pieces;
            long first = piece % pieces * BLOCK;
            long count = Math.min(BLOCK, run - first);
            long at = (index * run + first) * bytes;
            loops.tanh(src + at, dst + at, count, alpha);
            if (!op.weight() && !op.bias()) {
              continue;
            }
            if (rows) {
              long parameter = first * bytes;
              loops.weigh(dst + at, dst + at, count, weight + parameter, bias + parameter);
            } else {
              long parameter = index % channels * bytes;
              double factor = loops.get(weight + parameter);
              loops.shift(dst + at, dst + at, count, factor, loops.get(bias + parameter));
            }
          }
        });
  }
}
