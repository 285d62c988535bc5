package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Workers;
import org.gatun.op.LocalResponseNorm;

/**
 * {@link LocalResponseNorm} where the positions of a channel lie side by side, or the channels of a
 * position do. Each window is summed up anew: sums that move on would lose digits.
 */
final class ResponseNormalization implements Plan {
  /** Elements that are worth a thread. */
  private static final long GRAIN = 4096;

  /** Positions whose channels are read again from the cache, window after window. */
  private static final long BLOCK = 512;

  private final ScalingLoops loops;
  private final ScalingLoops.Response response;
  private final Workers workers;
  private final ScratchMemory memory;
  private final int threads;
  private final int bytes;
  private final boolean rows;
  private final long before;
  private final long behind;
  private final long batch;
  private final long channels;
  private final long positions;

  /**
   * Makes the plan.
   *
   * @param channelsSideBySide whether the channels of a position are a row
   */
  ResponseNormalization(PlanRequest request, LocalResponseNorm op, boolean channelsSideBySide) {
    Layout x = request.input(0);
    this.loops = ScalingLoops.of(request.context(), x.dtype());
    this.response = new ScalingLoops.Response(op.alpha() / op.size(), op.beta(), op.k());
    this.workers = request.context().workers();
    this.memory = request.context().memory();
    this.threads = request.threads();
    this.bytes = x.dtype().byteSize();
    this.rows = channelsSideBySide;
    this.batch = x.dim(0);
    this.channels = x.dim(1);
    this.before = Math.min(op.size() / 2, channels);
    this.behind = Math.min((op.size() - 1) / 2, channels);
    this.positions = x.size() / batch / channels;
  }

  @Override
  public String implementation() {
    return loops.implementation();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    long src = inputs[0].address();
    long dst = outputs[0].address();
    if (rows) {
      workers.parallel(
          threads,
          batch * positions,
          Math.max(1, GRAIN / channels),
          (from, to) -> {
            try (ScratchMemory.Block block = memory.borrow((before + channels + behind) * bytes)) {
              long padded = block.segment().fill((byte) 0).address();
              for (long row = from; row < to; row++) {
                long at = row * channels * bytes;
                acrossRow(src + at, dst + at, padded);
              }
            }
          });
      return;
    }
    long blocks = Math.ceilDiv(positions, BLOCK);
    workers.parallel(
        threads,
        batch * blocks,
        Math.max(1, GRAIN / (channels * Math.min(positions, BLOCK))),
        (from, to) -> {
          for (long block = from; block < to; block++) {
            long first = block % blocks * BLOCK;
            long at = (block / blocks * channels * positions + first) * bytes;
            acrossPlanes(src + at, dst + at, Math.min(BLOCK, positions - first));
          }
        });
  }

  private long firstOf(long channel) {
    return Math.max(0, channel - before);
  }

  private long endOf(long channel) {
    return Math.min(channels, channel + behind + 1);
  }

  /** Normalizes some positions of all channels. */
  private void acrossPlanes(long src, long dst, long count) {
    long plane = positions * bytes;
    for (long channel = 0; channel < channels; channel++) {
      long first = firstOf(channel);
      loops.respond(
          src + channel * plane,
          src + first * plane,
          plane,
          endOf(channel) - first,
          dst + channel * plane,
          count,
          response);
    }
  }

  /**
   * Normalizes all channels of one position.
   *
   * @param padded room for a row with zeros around it, so that all windows are whole
   */
  private void acrossRow(long src, long dst, long padded) {
    long row = padded + before * bytes;
    MemorySegment.copy(ALL, src, ALL, row, channels * bytes);
    loops.respond(row, padded, bytes, before + behind + 1, dst, channels, response);
  }
}
