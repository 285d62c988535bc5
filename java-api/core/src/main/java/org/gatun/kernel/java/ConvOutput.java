package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Copy;
import org.gatun.op.QuantizedResult;
import org.jspecify.annotations.Nullable;

/**
 * Where the channels-last sums of a convolution and the channels-last result lie: in the result
 * itself where that is right, else in scratch.
 *
 * @param sums the layout of the sums
 * @param arranged that of the result, channels-last
 * @param copy brings the result into its own order, null where that is channels-last
 * @param scaled whether the result is not the sums
 */
record ConvOutput(Layout sums, Layout arranged, @Nullable Plan copy, boolean scaled) {
  static ConvOutput of(PlanRequest request, QuantizedResult result, Layout y) {
    Layout sums = Layout.channelsLast(DType.I32, y.shape());
    Layout arranged = sums.withDType(result.dtype());
    Plan copy =
        y.sameArrangement(arranged)
            ? null
            : new CopyKernel().plan(request.with(new Copy(false), List.of(arranged), List.of(y)));
    return new ConvOutput(sums, arranged, copy, result.isScaled());
  }

  private static long rounded(long bytes) {
    return (bytes + 63) / 64 * 64;
  }

  private long sumBytes() {
    return scaled || copy != null ? rounded(sums.byteSpan()) : 0;
  }

  /** Returns the bytes of scratch that an execution needs. */
  long scratchBytes() {
    return sumBytes() + (scaled && copy != null ? rounded(arranged.byteSpan()) : 0);
  }

  /** Returns where the sums are to go. */
  MemorySegment sums(MemorySegment scratch, MemorySegment y) {
    return sumBytes() > 0 ? scratch : y;
  }

  /** Returns where the channels-last result is to go. */
  MemorySegment result(MemorySegment scratch, MemorySegment y) {
    if (copy == null) {
      return y;
    }
    return scaled ? scratch.asSlice(sumBytes()) : scratch;
  }

  /** Puts the result where it belongs. */
  void finish(MemorySegment result, MemorySegment y) {
    if (copy != null) {
      copy.execute(new MemorySegment[] {result}, new MemorySegment[] {y});
    }
  }

  void close() {
    if (copy != null) {
      copy.close();
    }
  }
}
