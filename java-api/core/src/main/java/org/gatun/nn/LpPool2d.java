package org.gatun.nn;

import org.gatun.op.LpPool;

/**
 * The norm of each window of an image; see {@link LpPool}. Without parameters, and safe for use by
 * many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.LpPool2d.html">PyTorch,
 * LpPool2d</a>.
 */
public final class LpPool2d extends OperatorLayer {
  /**
   * Makes a layer of any pooling of images.
   *
   * @throws IllegalArgumentException if the windows have not two dimensions
   */
  public LpPool2d(LpPool op) {
    super(ofRank(2, op, op.kernel()));
  }

  /**
   * Makes a layer of square windows side by side.
   *
   * @param norm p
   */
  public LpPool2d(double norm, int kernel) {
    this(LpPool.of(norm, kernel, kernel));
  }
}
