package org.gatun.nn;

import org.gatun.Generator;
import org.gatun.Tensor;

/**
 * The randomized leaky ReLU: in training each element below 0 is multiplied by a random slope of
 * its own, in evaluation by the middle of their range; see {@link Activations#rrelu(Tensor, double,
 * double, Generator)}. A new layer is in training. Safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.RReLU.html">PyTorch,
 * RReLU</a>.
 */
public final class RRelu implements Layer {
  private final double lower;
  private final double upper;
  private final Generator generator;
  private volatile boolean training = true;

  /**
   * Makes a layer.
   *
   * @param lower the least slope
   * @param upper the largest slope
   * @param seed the same gives the same sequence of slopes
   * @throws IllegalArgumentException if {@code lower} is more than {@code upper}
   */
  public RRelu(double lower, double upper, long seed) {
    Activations.checkRange(lower, upper);
    this.lower = lower;
    this.upper = upper;
    this.generator = new Generator(seed);
  }

  /** Makes a layer of slopes from 1/8 to 1/3. */
  public RRelu(long seed) {
    this(1.0 / 8, 1.0 / 3, seed);
  }

  @Override
  public Tensor forward(Tensor x) {
    return training
        ? Activations.rrelu(x, lower, upper, generator)
        : Activations.rrelu(x, lower, upper);
  }

  @Override
  public void train() {
    training = true;
  }

  @Override
  public void eval() {
    training = false;
  }

  @Override
  public boolean isTraining() {
    return training;
  }
}
