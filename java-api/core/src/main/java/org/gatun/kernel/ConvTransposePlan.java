package org.gatun.kernel;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.gatun.op.ConvTranspose;

/**
 * A transposed convolution: the weights' transpose (out * kernel, in) times the input gives
 * columns, which are added to the result. A thread has channels of the result for itself.
 */
final class ConvTransposePlan implements Plan {
  /** Fewer rows of columns than this make a slow product. */
  private static final int FEWEST_ROWS = 32;

  private final ConvTranspose op;
  private final PlanRequest request;
  private final Layout x;
  private final Layout y;
  private final ConvWindow window;
  private final Gemm gemm;
  private final long positions;
  private final long outPositions;
  private final int outPerGroup;
  private final int inPerGroup;
  private final int elements;
  private final int channels;
  private final long channelBlocks;
  private final long block;
  private final long grain;
  private final ConvBias bias;

  ConvTransposePlan(
      ConvTranspose op, PlanRequest request, Layout x, Layout weights, Layout y, Gemm gemm) {
    this.op = op;
    this.request = request;
    this.x = x;
    this.y = y;
    this.window = new ConvWindow(op, y, x, weights);
    this.gemm = gemm;
    this.positions = window.positions();
    this.outPerGroup = (int) weights.dim(1);
    this.inPerGroup = (int) weights.dim(0) / op.groups();
    this.elements = (int) window.elements();
    long others = Math.max(1, y.dim(0) * op.groups());
    long shared = Math.ceilDiv(outPerGroup, Math.ceilDiv(ConvBlocks.TASKS, others));
    long fewest = Math.ceilDiv(FEWEST_ROWS, Math.max(1, elements));
    this.channels = (int) Math.clamp(Math.max(fewest, shared), 1, Math.max(1, outPerGroup));
    this.channelBlocks = Math.ceilDiv(outPerGroup, channels);
    this.block = ConvBlocks.cached(positions, (long) channels * elements);
    this.grain = ConvBlocks.grain((double) positions * channels * elements * inPerGroup);
    this.outPositions = y.size() == 0 ? 0 : y.size() / y.dim(0) / y.dim(1);
    this.bias = new ConvBias(y, outPositions, op.bias() ? request.input(2).stride(0) : 0);
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    long tasks = y.size() == 0 ? 0 : y.dim(0) * op.groups() * channelBlocks;
    request
        .context()
        .workers()
        .parallel(request.threads(), tasks, grain, (from, to) -> run(inputs, outputs[0], from, to));
  }

  private void run(MemorySegment[] inputs, MemorySegment out, long from, long to) {
    long bytes = (long) channels * elements * block * x.dtype().byteSize();
    try (ScratchMemory.Block scratch = request.context().memory().borrow(bytes)) {
      for (long task = from; task < to; task++) {
        long image = task / channelBlocks / op.groups();
        int group = (int) (task / channelBlocks % op.groups());
        int first = (int) (task % channelBlocks) * channels;
        int end = Math.min(outPerGroup, first + channels);
        run(inputs, out, image, group, first, end, scratch.segment());
      }
    }
  }

  private void run(
      MemorySegment[] inputs,
      MemorySegment out,
      long image,
      int group,
      int firstChannel,
      int endChannel,
      MemorySegment columns) {
    int size = x.dtype().byteSize();
    long channel = (long) group * outPerGroup + firstChannel;
    int count = endChannel - firstChannel;
    long start = image * y.stride(0) + channel * y.stride(1);
    if (op.bias()) {
      bias.fill(inputs[2], out, image, channel, channel + count, 0, outPositions);
    } else {
      bias.zero(out, image, channel, channel + count);
    }
    if (inPerGroup == 0) {
      return; // Nothing to add, and the input has no memory to point into.
    }
    long firstIn = (long) group * inPerGroup;
    int weightColumns = outPerGroup * elements;
    MemorySegment weights =
        inputs[1].asSlice((firstIn * weightColumns + (long) firstChannel * elements) * size);
    for (long first = 0; first < positions; first += block) {
      long end = Math.min(positions, first + block);
      long at = (image * x.dim(1) + firstIn) * positions + first;
      gemm.multiply(
          true,
          count * elements,
          (int) (end - first),
          inPerGroup,
          weights,
          weightColumns,
          inputs[0].asSlice(at * size),
          (int) positions,
          false,
          columns,
          (int) (end - first));
      window.scatter(columns, first, end, out, start, count);
    }
  }

  @Override
  public String implementation() {
    return gemm.implementation();
  }
}
