package org.gatun.nn;

import org.gatun.op.LpPool;

/**
 * The norm of each window of a volume; see {@link LpPool}. Without parameters, and safe for use by
 * many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.LpPool3d.html">PyTorch,
 * LpPool3d</a>.
 */
public final class LpPool3d extends OperatorLayer {
  /**
   * Makes a layer of any pooling of volumes.
   *
   * @throws IllegalArgumentException if the windows have not three dimensions
   */
  public LpPool3d(LpPool op) {
    super(ofRank(3, op, op.kernel()));
  }

  /**
   * Makes a layer of cubic windows side by side.
   *
   * @param norm p
   */
  public LpPool3d(double norm, int kernel) {
    this(LpPool.of(norm, kernel, kernel, kernel));
  }
}
