package org.gatun.nn;

import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;
import org.gatun.op.AdaptiveMaxPool;
import org.gatun.op.Ints;

/**
 * The largest elements of as many windows of a volume as the result is to have elements; see {@link
 * AdaptiveMaxPool}. Without parameters, and safe for use by many threads.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool3d.html">PyTorch,
 * AdaptiveMaxPool3d</a>.
 */
public final class AdaptiveMaxPool3d extends OperatorLayer {
  private final int[] sizes;

  /**
   * Makes a layer.
   *
   * @param depth of the result, -1 for that of the input
   * @param height of the result, -1 for that of the input
   * @param width of the result, -1 for that of the input
   * @throws IllegalArgumentException if a size is less than -1
   */
  public AdaptiveMaxPool3d(int depth, int height, int width) {
    super(new AdaptiveMaxPool(Ints.of(depth, height, width), false));
    this.sizes = new int[] {depth, height, width};
  }

  /** Returns the largest elements and where they stand in their channels, for max_unpool. */
  public ValuesAndIndices forwardWithIndices(Tensor x) {
    return Functional.adaptiveMaxPoolWithIndices(x, sizes);
  }
}
