package org.gatun.nn;

import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;
import org.gatun.op.AdaptiveMaxPool;
import org.gatun.op.Ints;

/**
 * The largest elements of as many windows of a signal as the result is to have elements; see {@link
 * AdaptiveMaxPool}. Without parameters, and safe for use by many threads.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html">PyTorch,
 * AdaptiveMaxPool1d</a>.
 */
public final class AdaptiveMaxPool1d extends OperatorLayer {
  private final int[] sizes;

  /**
   * Makes a layer.
   *
   * @param size of the result, -1 for that of the input
   * @throws IllegalArgumentException if a size is less than -1
   */
  public AdaptiveMaxPool1d(int size) {
    super(new AdaptiveMaxPool(Ints.of(size), false));
    this.sizes = new int[] {size};
  }

  /** Returns the largest elements and where they stand in their channels, for max_unpool. */
  public ValuesAndIndices forwardWithIndices(Tensor x) {
    return Functional.adaptiveMaxPoolWithIndices(x, sizes);
  }
}
