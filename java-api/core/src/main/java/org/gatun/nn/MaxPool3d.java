package org.gatun.nn;

import org.gatun.op.MaxPool;

/**
 * The largest element of each window of a volume; see {@link MaxPool}. Without parameters, and safe
 * for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html">PyTorch,
 * MaxPool3d</a>.
 */
public final class MaxPool3d extends MaxPoolLayer {
  /**
   * Makes a layer of any pooling of volumes.
   *
   * @throws IllegalArgumentException if the windows have not three dimensions, or for indices,
   *     which {@link #forwardWithIndices} returns without
   */
  public MaxPool3d(MaxPool op) {
    super(3, op);
  }

  /** Makes a layer of cubic windows side by side. */
  public MaxPool3d(int kernel) {
    this(kernel, kernel, 0);
  }

  /** Makes a layer of cubic windows. */
  public MaxPool3d(int kernel, int stride, int padding) {
    super(3, kernel, stride, padding);
  }
}
