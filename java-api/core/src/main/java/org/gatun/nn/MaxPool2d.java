package org.gatun.nn;

import org.gatun.op.MaxPool;

/**
 * The largest element of each window of an image; see {@link MaxPool}. Without parameters, and safe
 * for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html">PyTorch,
 * MaxPool2d</a>.
 */
public final class MaxPool2d extends MaxPoolLayer {
  /**
   * Makes a layer of any pooling of images.
   *
   * @throws IllegalArgumentException if the windows have not two dimensions, or for indices, which
   *     {@link #forwardWithIndices} returns without
   */
  public MaxPool2d(MaxPool op) {
    super(2, op);
  }

  /** Makes a layer of square windows side by side. */
  public MaxPool2d(int kernel) {
    this(kernel, kernel, 0);
  }

  /** Makes a layer of square windows. */
  public MaxPool2d(int kernel, int stride, int padding) {
    super(2, kernel, stride, padding);
  }
}
