package org.gatun.kernel.openblas;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.gatun.DType;
import org.gatun.Layout;

/** What the sums of a convolution begin with: a number for each channel, or zero. */
final class Bias {
  private final Layout y;
  private final long step;
  private final long positions;

  /**
   * Makes a bias.
   *
   * @param y the layout of the result, with a batch dimension
   * @param step from one number to the next, in elements
   */
  Bias(Layout y, long step) {
    this.y = y;
    this.step = step;
    this.positions = y.size() == 0 ? 0 : y.size() / y.dim(0) / y.dim(1);
  }

  /** Sets all positions of some channels of an image. */
  void fill(MemorySegment bias, MemorySegment out, long image, long channel, long end) {
    fill(bias, out, image, channel, end, 0, positions);
  }

  /** Sets some positions of some channels of an image. */
  void fill(
      MemorySegment bias,
      MemorySegment out,
      long image,
      long channel,
      long end,
      long first,
      long last) {
    for (; channel < end; channel++) {
      long at = image * y.stride(0) + channel * y.stride(1);
      if (y.dtype() == DType.F32) {
        set(out, at, first, last, bias.getAtIndex(ValueLayout.JAVA_FLOAT, channel * step));
      } else {
        set(out, at, first, last, bias.getAtIndex(ValueLayout.JAVA_DOUBLE, channel * step));
      }
    }
  }

  /** Sets all positions of some channels of an image to zero. */
  void zero(MemorySegment out, long image, long channel, long end) {
    for (; channel < end; channel++) {
      set(out, image * y.stride(0) + channel * y.stride(1), 0, positions, 0);
    }
  }

  private void set(MemorySegment out, long at, long first, long last, double value) {
    int spatial = y.rank() - 2;
    long width = y.dim(-1);
    long height = spatial >= 2 ? y.dim(-2) : 1;
    long strideWidth = y.stride(-1);
    long strideHeight = spatial >= 2 ? y.stride(-2) : 0;
    long strideDepth = spatial == 3 ? y.stride(-3) : 0;
    for (long position = first; position < last; position++) {
      long line = position / width;
      long index =
          at
              + line / height * strideDepth
              + line % height * strideHeight
              + position % width * strideWidth;
      if (y.dtype() == DType.F32) {
        out.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
      } else {
        out.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
      }
    }
  }
}
