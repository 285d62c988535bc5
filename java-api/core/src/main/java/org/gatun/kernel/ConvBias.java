package org.gatun.kernel;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;

/** What the sums of a convolution begin with: a number for each channel, or zero. */
final class ConvBias {
  private final Layout y;
  private final long step;
  private final long positions;

  /**
   * Makes a bias.
   *
   * @param y the row-major layout of the result, with a batch dimension
   * @param positions the size of its spatial dimensions
   * @param step from one number to the next, in elements
   */
  ConvBias(Layout y, long positions, long step) {
    this.y = y;
    this.positions = positions;
    this.step = step;
  }

  /** Sets some positions of some channels of an image. */
  void fill(
      MemorySegment bias,
      MemorySegment out,
      long image,
      long channel,
      long endChannel,
      long first,
      long end) {
    for (; channel < endChannel; channel++) {
      long to = (image * y.dim(1) + channel) * positions + first;
      long from = channel * step;
      if (y.dtype() == DType.F32) {
        ConvElements.fillFloats(
            bias.address() + from * Float.BYTES, out.address() + to * Float.BYTES, end - first);
      } else {
        ConvElements.fillDoubles(
            bias.address() + from * Double.BYTES, out.address() + to * Double.BYTES, end - first);
      }
    }
  }

  /** Sets all positions of some channels of an image to zero. */
  void zero(MemorySegment out, long image, long channel, long endChannel) {
    int size = y.dtype().byteSize();
    long at = (image * y.dim(1) + channel) * positions;
    out.asSlice(at * size, (endChannel - channel) * positions * size).fill((byte) 0);
  }
}
