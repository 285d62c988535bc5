package org.gatun.nn;

import org.gatun.op.AveragePool;

/**
 * The mean of each window of a volume; see {@link AveragePool}. Without parameters, and safe for
 * use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.AvgPool3d.html">PyTorch,
 * AvgPool3d</a>.
 */
public final class AvgPool3d extends OperatorLayer {
  /**
   * Makes a layer of any pooling of volumes.
   *
   * @throws IllegalArgumentException if the windows have not three dimensions
   */
  public AvgPool3d(AveragePool op) {
    super(ofRank(3, op, op.kernel()));
  }

  /** Makes a layer of cubic windows side by side. */
  public AvgPool3d(int kernel) {
    this(AveragePool.of(kernel, kernel, kernel));
  }

  /** Makes a layer of cubic windows. */
  public AvgPool3d(int kernel, int stride, int padding) {
    this(AveragePool.of(kernel, kernel, kernel).withStride(stride).withPadding(padding));
  }
}
