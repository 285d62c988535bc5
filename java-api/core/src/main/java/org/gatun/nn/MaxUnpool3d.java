package org.gatun.nn;

import org.gatun.op.MaxPool;

/**
 * What undoes a {@link MaxPool3d}: each element back where it stood, and zeros elsewhere; see
 * {@link org.gatun.op.MaxUnpool}. Without parameters, and safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool3d.html">PyTorch,
 * MaxUnpool3d</a>.
 */
public final class MaxUnpool3d extends MaxUnpoolLayer {
  /**
   * Makes a layer that undoes any pooling of volumes.
   *
   * @throws IllegalArgumentException if the windows have not three dimensions
   */
  public MaxUnpool3d(MaxPool pooling) {
    super(3, pooling);
  }

  /** Makes a layer that undoes the pooling of cubic windows side by side. */
  public MaxUnpool3d(int kernel) {
    this(kernel, kernel, 0);
  }

  /** Makes a layer that undoes the pooling of cubic windows. */
  public MaxUnpool3d(int kernel, int stride, int padding) {
    super(3, kernel, stride, padding);
  }
}
