package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;

import org.gatun.Layout;
import org.gatun.op.Conv;

/**
 * The windows of images of bytes as rows of a matrix, each the channels of a group one after the
 * other, and of each the elements that the kernel meets.
 *
 * @param conv the convolution
 * @param x the layout of the images
 * @param weights that of the weights
 * @param windows the windows of an image
 * @param outSize the spatial dimensions of the result
 * @param length the elements of a row
 */
record ConvColumns(Conv conv, Layout x, Layout weights, int windows, int[] outSize, int length) {
  static ConvColumns of(Conv conv, Layout x, Layout weights, Layout y) {
    int[] outSize = new int[conv.spatialRank()];
    int windows = 1;
    for (int i = 0; i < outSize.length; i++) {
      outSize[i] = Math.toIntExact(y.dim(2 + i));
      windows = Math.multiplyExact(windows, outSize[i]);
    }
    long length = weights.shape().range(1, weights.rank()).size();
    return new ConvColumns(conv, x, weights, windows, outSize, Math.toIntExact(length));
  }

  /** Returns whether rows have no elements. */
  boolean isEmpty() {
    return length == 0;
  }

  int outPerGroup() {
    return Math.toIntExact(weights.dim(0) / conv.groups());
  }

  /**
   * Writes some rows.
   *
   * @param image the address of an image
   * @param group the group
   * @param from the first window
   * @param to the window after the last
   * @param padding what is there beyond the image
   * @param rows the address of the first row of the image
   */
  void fill(long image, int group, long from, long to, byte padding, long rows) {
    int rank = outSize.length;
    int channels = Math.toIntExact(weights.dim(1));
    int taps = length / channels;
    long first = image + (long) group * channels * x.stride(1);
    long[] start = new long[rank];
    for (long window = from; window < to; window++) {
      long rest = window;
      for (int i = rank - 1; i >= 0; i--) {
        start[i] = rest % outSize[i] * conv.stride().get(i) - conv.paddingBefore().get(i);
        rest /= outSize[i];
      }
      long row = rows + window * length;
      for (int tap = 0; tap < taps; tap++) {
        long at = offset(start, tap);
        for (int c = 0; c < channels; c++) {
          byte value = at < 0 ? padding : ALL.get(BYTE, first + at + c * x.stride(1));
          ALL.set(BYTE, row + (long) c * taps + tap, value);
        }
      }
    }
  }

  /** Returns where in a channel an element of the kernel is, -1 beyond the image. */
  private long offset(long[] start, int tap) {
    long at = 0;
    int rest = tap;
    for (int i = start.length - 1; i >= 0; i--) {
      long size = weights.dim(2 + i);
      long position = start[i] + rest % size * conv.dilation().get(i);
      if (position < 0 || position >= x.dim(2 + i)) {
        return -1;
      }
      at += position * x.stride(2 + i);
      rest /= (int) size;
    }
    return at;
  }
}
