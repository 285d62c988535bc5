package org.gatun.op;

import org.gatun.Layout;

/**
 * Operators that slide a small kernel over the positions of an image, a signal or a volume.
 *
 * <p>Inputs are (N, C, spatial...) or, without a batch, (C, spatial...), with one, two or three
 * spatial dimensions; every list of arguments has one number for each of them.
 */
public sealed interface Convolution extends Op permits Conv, ConvTranspose {
  /** Returns the steps between neighbouring applications of the kernel. */
  Ints stride();

  /** Returns the zeros before the first element of each spatial dimension. */
  Ints paddingBefore();

  /** Returns the zeros after the last element of each spatial dimension. */
  Ints paddingAfter();

  /** Returns the steps between neighbouring elements of the kernel. */
  Ints dilation();

  /** Returns the number of groups that the channels are divided in. */
  int groups();

  /** Returns whether there is a third input, the bias. */
  boolean bias();

  /** Returns the number of spatial dimensions: 1, 2 or 3. */
  default int spatialRank() {
    return stride().size();
  }

  /** Returns the layout of an input or output with a batch dimension in front, of size 1 if new. */
  default Layout batched(Layout layout) {
    return ConvolutionArguments.batched(layout, spatialRank());
  }
}
