package org.gatun.nn;

import org.gatun.Generator;
import org.gatun.Tensor;
import org.gatun.op.Op;

/**
 * Each element multiplied by 0 with probability p, else by {@code 1 / (1 - p)}; see {@link
 * org.gatun.op.Dropout}. In evaluation the tensor itself. New layers are in training. Safe for use
 * by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html">PyTorch,
 * Dropout</a>.
 */
public final class Dropout extends DropoutLayer {
  private final org.gatun.op.Dropout op;

  /**
   * Makes a layer.
   *
   * @param p the probability to be dropped, from 0 to 1
   * @param generator says at each call in training what is dropped
   * @throws IllegalArgumentException if p is not from 0 to 1
   */
  public Dropout(double p, Generator generator) {
    super(generator);
    this.op = new org.gatun.op.Dropout(p, 0);
  }

  @Override
  Op operator(Tensor x) {
    return op;
  }
}
