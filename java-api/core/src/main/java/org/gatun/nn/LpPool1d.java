package org.gatun.nn;

import org.gatun.op.LpPool;

/**
 * The norm of each window of a signal; see {@link LpPool}. Without parameters, and safe for use by
 * many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.LpPool1d.html">PyTorch,
 * LpPool1d</a>.
 */
public final class LpPool1d extends OperatorLayer {
  /**
   * Makes a layer of any pooling of signals.
   *
   * @throws IllegalArgumentException if the windows have not one dimension
   */
  public LpPool1d(LpPool op) {
    super(ofRank(1, op, op.kernel()));
  }

  /**
   * Makes a layer of windows side by side.
   *
   * @param norm p
   */
  public LpPool1d(double norm, int kernel) {
    this(LpPool.of(norm, kernel));
  }
}
