package org.gatun.nn;

import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.Ints;

/**
 * The means of as many windows of an image as the result is to have elements; see {@link
 * AdaptiveAveragePool}. Without parameters, and safe for use by many threads.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html">PyTorch,
 * AdaptiveAvgPool2d</a>.
 */
public final class AdaptiveAvgPool2d extends OperatorLayer {
  /**
   * Makes a layer.
   *
   * @param height of the result, -1 for that of the input
   * @param width of the result, -1 for that of the input
   * @throws IllegalArgumentException if a size is less than -1
   */
  public AdaptiveAvgPool2d(int height, int width) {
    super(new AdaptiveAveragePool(Ints.of(height, width)));
  }
}
