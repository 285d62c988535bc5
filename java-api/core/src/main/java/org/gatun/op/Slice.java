package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * The elements {@code start, start + step, ...} before {@code end} along one axis. A view.
 *
 * <p>Bounds are Python's: negative ones count from the end, and what lies outside is clamped.
 *
 * <p>Source: PyTorch indexing {@code x[start:end:step]}; ONNX Slice.
 *
 * @param axis the axis; negative counts from the last
 * @param start the first index
 * @param end the index to stop before; {@code Long.MAX_VALUE} for the end
 * @param step from one index to the next, 1 or more
 */
public record Slice(int axis, long start, long end, long step) implements View {
  /** Checks the step. */
  public Slice {
    if (step < 1) {
      throw new IllegalArgumentException("slice: step " + step + ", expected 1 or more");
    }
  }

  @Override
  public String name() {
    return "slice";
  }

  @Override
  public List<Placement> place(Layout input) {
    Checks.check(input.rank() > 0, this, "a scalar input, expected one dimension or more");
    int at = Checks.axis(this, axis, input.shape());
    long size = input.dim(at);
    long from = clamp(start, size);
    long to = Math.max(from, clamp(end, size));
    long count = Math.ceilDiv(to - from, step);
    long[] strides = input.strides();
    long offset = count == 0 ? 0 : from * strides[at];
    strides[at] = count > 1 ? Math.multiplyExact(strides[at], step) : strides[at];
    return List.of(
        new Placement(Layout.of(input.dtype(), input.shape().with(at, count), strides), offset));
  }

  private static long clamp(long index, long size) {
    return Math.clamp(index < 0 ? index + size : index, 0L, size);
  }
}
