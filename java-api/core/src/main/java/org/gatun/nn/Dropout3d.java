package org.gatun.nn;

import org.gatun.Generator;
import org.gatun.Tensor;
import org.gatun.op.Op;

/**
 * Whole channels of volumes, (N, C, depth, height, width) or (C, depth, height, width), multiplied
 * by 0 with probability p, else by {@code 1 / (1 - p)}. In evaluation the tensor itself. New layers
 * are in training. Safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.Dropout3d.html">PyTorch,
 * Dropout3d</a>.
 */
public final class Dropout3d extends DropoutLayer {
  private final double p;

  /**
   * Makes a layer.
   *
   * @param p the probability to be dropped, from 0 to 1
   * @param generator says at each call in training what is dropped
   * @throws IllegalArgumentException if p is not from 0 to 1
   */
  public Dropout3d(double p, Generator generator) {
    super(generator);
    this.p = new org.gatun.op.Dropout(p, 0).p();
  }

  @Override
  Op operator(Tensor x) {
    return ofVolumes(p, x);
  }
}
