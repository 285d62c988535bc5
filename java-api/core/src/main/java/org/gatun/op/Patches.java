package org.gatun.op;

/**
 * Operators between images and the patches that a sliding window cuts out of them, each patch a
 * column.
 */
public sealed interface Patches extends Op permits Col2Im, Im2Col {
  /** Returns the height and the width of a window. */
  Ints kernel();

  /** Returns the distances between the elements of a window. */
  Ints dilation();

  /** Returns how many zeros surround the image above and below, left and right. */
  Ints padding();

  /** Returns the steps from one window to the next. */
  Ints stride();

  /** Returns how many windows there are along a dimension of this size, 0 or less for none. */
  default long windows(int dimension, long size) {
    long extent = dilation().get(dimension) * (kernel().get(dimension) - 1L) + 1;
    long rest = size + 2L * padding().get(dimension) - extent;
    return Math.floorDiv(rest, stride().get(dimension)) + 1;
  }
}
