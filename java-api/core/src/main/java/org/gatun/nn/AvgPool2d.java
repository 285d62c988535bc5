package org.gatun.nn;

import org.gatun.op.AveragePool;

/**
 * The mean of each window of an image; see {@link AveragePool}. Without parameters, and safe for
 * use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html">PyTorch,
 * AvgPool2d</a>.
 */
public final class AvgPool2d extends OperatorLayer {
  /**
   * Makes a layer of any pooling of images.
   *
   * @throws IllegalArgumentException if the windows have not two dimensions
   */
  public AvgPool2d(AveragePool op) {
    super(ofRank(2, op, op.kernel()));
  }

  /** Makes a layer of square windows side by side. */
  public AvgPool2d(int kernel) {
    this(AveragePool.of(kernel, kernel));
  }

  /** Makes a layer of square windows. */
  public AvgPool2d(int kernel, int stride, int padding) {
    this(AveragePool.of(kernel, kernel).withStride(stride).withPadding(padding));
  }
}
