package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.QuantizedResult;
import org.jspecify.annotations.Nullable;

/** A library's convolution with weights that have no zero points, and the pass over its sums. */
final class DirectQuantizedConv implements Plan {
  private static final long GRAIN = 16 * 1024;

  private final PlanRequest request;
  private final QuantizedResult result;
  private final ConvOutput output;
  private final SignedWeights weights;
  private final WindowTaps taps;
  private final int @Nullable [][] constantSums;
  private final Plan sums;

  DirectQuantizedConv(
      PlanRequest request,
      QuantizedResult result,
      ConvOutput output,
      SignedWeights weights,
      WindowTaps taps,
      @Nullable MemorySegment constant,
      Plan sums) {
    this.request = request;
    this.result = result;
    this.output = output;
    this.weights = weights;
    this.taps = taps;
    this.constantSums = constant == null ? null : taps.sums(constant.address(), weights.layout());
    this.sums = sums;
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    long own = output.scratchBytes();
    try (ScratchMemory.Block block =
        request.context().memory().borrow(own + weights.scratchBytes())) {
      MemorySegment scratch = block.segment();
      MemorySegment w = weights.at(inputs[result.weights()], scratch.asSlice(own));
      MemorySegment from = output.sums(scratch, outputs[0]);
      MemorySegment to = output.result(scratch, outputs[0]);
      sums.execute(new MemorySegment[] {inputs[0], w}, new MemorySegment[] {from});
      finish(inputs, w, from.address(), to.address());
      output.finish(to, outputs[0]);
    }
  }

  private void finish(MemorySegment[] inputs, MemorySegment w, long from, long to) {
    int zero =
        QuantizationChunk.get(request.input(0).dtype(), inputs[result.zeroPoint()].address(), 0);
    if (zero == 0 && !result.isScaled()) {
      return;
    }
    int channels = Math.toIntExact(output.sums().dim(1));
    long windows = taps.kinds().length;
    QuantizedColumns numbers =
        QuantizedColumns.of(request, result, inputs, weights, channels, 0, 0);
    int[][] corrections = corrections(zero, w.address());
    float scale = result.isScaled() ? ALL.get(FLOAT, inputs[1].address()) : 1;
    request
        .context()
        .workers()
        .parallel(
            request.threads(),
            output.sums().dim(0) * windows,
            Math.max(1, GRAIN / channels),
            (start, end) -> {
              QuantizedRow row =
                  new QuantizedRow(
                      result, numbers, channels, QuantizationLoops.of(request.context()));
              for (long i = start; i < end; i++) {
                long at = i * channels;
                int kind = taps.kinds()[(int) (i % windows)];
                row.run(
                    from + at * Integer.BYTES,
                    to + at * result.dtype().byteSize(),
                    zero,
                    corrections[kind],
                    0,
                    scale);
              }
            });
  }

  private int[][] corrections(int zero, long w) {
    if (zero == 0) {
      return new int[taps.taps().size()][0];
    }
    return constantSums == null ? taps.sums(w, weights.layout()) : constantSums;
  }

  @Override
  public boolean reads(int input) {
    return input != result.weights()
        || (weights.moved() == null && (constantSums == null || sums.reads(1)));
  }

  @Override
  public String implementation() {
    return sums.implementation();
  }

  @Override
  public void close() {
    sums.close();
    output.close();
    weights.close();
  }
}
