package org.gatun.nn;

import org.gatun.Tensor;
import org.gatun.runtime.Engine;

/**
 * Each element divided by a power of what its neighbours in adjacent channels amount to; see {@link
 * org.gatun.op.LocalResponseNorm}. Without a state, and safe for use by many threads.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html">PyTorch,
 * LocalResponseNorm</a>.
 */
public final class LocalResponseNorm implements Layer {
  private final org.gatun.op.LocalResponseNorm op;

  /**
   * Makes a layer.
   *
   * @param size the channels of a window
   * @throws IllegalArgumentException if the size is less than 1 or a number is not finite
   */
  public LocalResponseNorm(int size, double alpha, double beta, double k) {
    this.op = new org.gatun.op.LocalResponseNorm(size, alpha, beta, k);
  }

  /** Makes a layer with PyTorch's numbers: alpha 1e-4, beta 0.75 and k 1. */
  public LocalResponseNorm(int size) {
    this(size, 1e-4, 0.75, 1);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Engine.current().run(op, x);
  }
}
