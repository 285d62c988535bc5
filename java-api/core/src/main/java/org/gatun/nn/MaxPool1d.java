package org.gatun.nn;

import org.gatun.op.MaxPool;

/**
 * The largest element of each window of a signal; see {@link MaxPool}. Without parameters, and safe
 * for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html">PyTorch,
 * MaxPool1d</a>.
 */
public final class MaxPool1d extends MaxPoolLayer {
  /**
   * Makes a layer of any pooling of signals.
   *
   * @throws IllegalArgumentException if the windows have not one dimension, or for indices, which
   *     {@link #forwardWithIndices} returns without
   */
  public MaxPool1d(MaxPool op) {
    super(1, op);
  }

  /** Makes a layer of windows side by side. */
  public MaxPool1d(int kernel) {
    this(kernel, kernel, 0);
  }

  /** Makes a layer of windows. */
  public MaxPool1d(int kernel, int stride, int padding) {
    super(1, kernel, stride, padding);
  }
}
