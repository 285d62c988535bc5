package org.gatun.nn;

import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.Ints;

/**
 * The means of as many windows of a signal as the result is to have elements; see {@link
 * AdaptiveAveragePool}. Without parameters, and safe for use by many threads.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html">PyTorch,
 * AdaptiveAvgPool1d</a>.
 */
public final class AdaptiveAvgPool1d extends OperatorLayer {
  /**
   * Makes a layer.
   *
   * @param size of the result, -1 for that of the input
   * @throws IllegalArgumentException if a size is less than -1
   */
  public AdaptiveAvgPool1d(int size) {
    super(new AdaptiveAveragePool(Ints.of(size)));
  }
}
