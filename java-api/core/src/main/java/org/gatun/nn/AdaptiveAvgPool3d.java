package org.gatun.nn;

import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.Ints;

/**
 * The means of as many windows of a volume as the result is to have elements; see {@link
 * AdaptiveAveragePool}. Without parameters, and safe for use by many threads.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool3d.html">PyTorch,
 * AdaptiveAvgPool3d</a>.
 */
public final class AdaptiveAvgPool3d extends OperatorLayer {
  /**
   * Makes a layer.
   *
   * @param depth of the result, -1 for that of the input
   * @param height of the result, -1 for that of the input
   * @param width of the result, -1 for that of the input
   * @throws IllegalArgumentException if a size is less than -1
   */
  public AdaptiveAvgPool3d(int depth, int height, int width) {
    super(new AdaptiveAveragePool(Ints.of(depth, height, width)));
  }
}
