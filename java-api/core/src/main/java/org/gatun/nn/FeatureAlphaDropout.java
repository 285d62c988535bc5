package org.gatun.nn;

import org.gatun.Generator;
import org.gatun.Tensor;
import org.gatun.op.Op;

/**
 * Dropout of whole channels, (N, C, ...), that keeps mean 0 and variance 1, for networks of SELU;
 * see {@link org.gatun.op.AlphaDropout}. In evaluation the tensor itself. New layers are in
 * training. Safe for use by many threads.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.FeatureAlphaDropout.html">PyTorch,
 * FeatureAlphaDropout</a>.
 */
public final class FeatureAlphaDropout extends DropoutLayer {
  private final double p;

  /**
   * Makes a layer.
   *
   * @param p the probability to be dropped, from 0 to 1
   * @param generator says at each call in training what is dropped
   * @throws IllegalArgumentException if p is not from 0 to 1
   */
  public FeatureAlphaDropout(double p, Generator generator) {
    super(generator);
    this.p = new org.gatun.op.AlphaDropout(p, 0).p();
  }

  @Override
  Op operator(Tensor x) {
    return ofFeatures(p, x);
  }
}
