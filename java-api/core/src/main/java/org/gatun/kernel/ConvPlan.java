package org.gatun.kernel;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.gatun.op.Conv;
import org.jspecify.annotations.Nullable;

/**
 * A convolution: the weights (out, in * kernel) times the columns of some positions at a time. A
 * thread makes the columns that it multiplies while they are in its cache.
 */
final class ConvPlan implements Plan {
  private final Conv op;
  private final PlanRequest request;
  private final Layout x;
  private final Layout y;
  private final ConvWindow window;
  private final Gemm gemm;
  private final long positions;
  private final int outPerGroup;
  private final int inPerGroup;
  private final int rows;
  private final long block;
  private final long blocks;
  private final long grain;
  private final @Nullable ConvBias bias;

  ConvPlan(Conv op, PlanRequest request, Layout x, Layout weights, Layout y, Gemm gemm) {
    this.op = op;
    this.request = request;
    this.x = x;
    this.y = y;
    this.window = new ConvWindow(op, x, y, weights);
    this.gemm = gemm;
    this.positions = window.positions();
    this.outPerGroup = (int) weights.dim(0) / op.groups();
    this.inPerGroup = (int) weights.dim(1);
    this.rows = inPerGroup * (int) window.elements();
    this.block = ConvBlocks.positions(positions, rows, y.dim(0) * op.groups());
    this.blocks = Math.ceilDiv(positions, block);
    this.grain = ConvBlocks.grain((double) block * rows * outPerGroup);
    this.bias = op.bias() ? new ConvBias(y, positions, request.input(2).stride(0)) : null;
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    long tasks = y.size() == 0 ? 0 : y.dim(0) * op.groups() * blocks;
    request
        .context()
        .workers()
        .parallel(request.threads(), tasks, grain, (from, to) -> run(inputs, outputs[0], from, to));
  }

  private void run(MemorySegment[] inputs, MemorySegment out, long from, long to) {
    long bytes = rows * block * x.dtype().byteSize();
    try (ScratchMemory.Block scratch = request.context().memory().borrow(bytes)) {
      for (long task = from; task < to; task++) {
        long image = task / blocks / op.groups();
        long group = task / blocks % op.groups();
        long first = task % blocks * block;
        long end = Math.min(positions, first + block);
        run(inputs, out, image, group, first, end, scratch.segment());
      }
    }
  }

  private void run(
      MemorySegment[] inputs,
      MemorySegment out,
      long image,
      long group,
      long first,
      long end,
      MemorySegment columns) {
    int size = x.dtype().byteSize();
    long start = image * x.stride(0) + group * inPerGroup * x.stride(1);
    window.gather(inputs[0], start, inPerGroup, first, end, columns);
    MemorySegment weights = inputs[1].asSlice(group * outPerGroup * rows * size);
    long channel = group * outPerGroup;
    if (bias != null) {
      bias.fill(inputs[2], out, image, channel, channel + outPerGroup, first, end);
    }
    int count = (int) (end - first);
    long at = (image * y.dim(1) + channel) * positions + first;
    gemm.multiply(
        false,
        outPerGroup,
        count,
        rows,
        weights,
        Math.max(1, rows),
        columns,
        Math.max(1, count),
        bias != null,
        out.asSlice(at * size),
        (int) positions);
  }

  @Override
  public String implementation() {
    return gemm.implementation();
  }
}
