package org.gatun.nn;

import org.gatun.op.MaxPool;

/**
 * What undoes a {@link MaxPool2d}: each element back where it stood, and zeros elsewhere; see
 * {@link org.gatun.op.MaxUnpool}. Without parameters, and safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html">PyTorch,
 * MaxUnpool2d</a>.
 */
public final class MaxUnpool2d extends MaxUnpoolLayer {
  /**
   * Makes a layer that undoes any pooling of images.
   *
   * @throws IllegalArgumentException if the windows have not two dimensions
   */
  public MaxUnpool2d(MaxPool pooling) {
    super(2, pooling);
  }

  /** Makes a layer that undoes the pooling of square windows side by side. */
  public MaxUnpool2d(int kernel) {
    this(kernel, kernel, 0);
  }

  /** Makes a layer that undoes the pooling of square windows. */
  public MaxUnpool2d(int kernel, int stride, int padding) {
    super(2, kernel, stride, padding);
  }
}
