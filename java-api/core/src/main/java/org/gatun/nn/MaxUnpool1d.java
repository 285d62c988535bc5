package org.gatun.nn;

import org.gatun.op.MaxPool;

/**
 * What undoes a {@link MaxPool1d}: each element back where it stood, and zeros elsewhere; see
 * {@link org.gatun.op.MaxUnpool}. Without parameters, and safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool1d.html">PyTorch,
 * MaxUnpool1d</a>.
 */
public final class MaxUnpool1d extends MaxUnpoolLayer {
  /**
   * Makes a layer that undoes any pooling of signals.
   *
   * @throws IllegalArgumentException if the windows have not one dimension
   */
  public MaxUnpool1d(MaxPool pooling) {
    super(1, pooling);
  }

  /** Makes a layer that undoes the pooling of windows side by side. */
  public MaxUnpool1d(int kernel) {
    this(kernel, kernel, 0);
  }

  /** Makes a layer that undoes the pooling of windows. */
  public MaxUnpool1d(int kernel, int stride, int padding) {
    super(1, kernel, stride, padding);
  }
}
