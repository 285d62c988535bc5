package org.gatun.nn;

import org.gatun.op.AveragePool;

/**
 * The mean of each window of a signal; see {@link AveragePool}. Without parameters, and safe for
 * use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html">PyTorch,
 * AvgPool1d</a>.
 */
public final class AvgPool1d extends OperatorLayer {
  /**
   * Makes a layer of any pooling of signals.
   *
   * @throws IllegalArgumentException if the windows have not one dimension
   */
  public AvgPool1d(AveragePool op) {
    super(ofRank(1, op, op.kernel()));
  }

  /** Makes a layer of windows side by side. */
  public AvgPool1d(int kernel) {
    this(AveragePool.of(kernel));
  }

  /** Makes a layer of windows. */
  public AvgPool1d(int kernel, int stride, int padding) {
    this(AveragePool.of(kernel).withStride(stride).withPadding(padding));
  }
}
