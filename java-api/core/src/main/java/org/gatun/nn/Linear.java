package org.gatun.nn;

import java.util.Map;
import org.gatun.Precision;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code x W^T + b} over the last dimension, with weights and, if it has one, a bias of its own;
 * see {@link org.gatun.op.Linear}. Safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.Linear.html">PyTorch,
 * Linear</a>.
 */
public final class Linear implements Layer {
  private static final String NAME = "linear";

  private final org.gatun.op.Linear op;
  private final Bound bound;

  /**
   * Makes a layer of given parameters, which it owns from now on.
   *
   * @param weight of shape (out, in)
   * @param bias of shape (out), or null
   * @throws IllegalArgumentException if the weight has another rank, or the bias another shape
   */
  public Linear(Tensor weight, @Nullable Tensor bias) {
    if (weight.rank() != 2) {
      throw new IllegalArgumentException(
          NAME + ": weight of shape " + weight.shape() + ", expected (out, in)");
    }
    if (bias != null && !bias.shape().equals(Shape.of(weight.dim(0)))) {
      throw new IllegalArgumentException(
          NAME + ": bias of shape " + bias.shape() + ", expected [" + weight.dim(0) + "]");
    }
    this.op = new org.gatun.op.Linear(bias != null);
    this.bound = new Bound(NAME, new Parameters(weight, bias).byName());
  }

  /**
   * Makes a layer of random parameters of {@code f32}, with a bias, as PyTorch draws them.
   *
   * @param in the size of the last dimension of the input
   * @param out the size of the last dimension of the result
   * @param seed the same gives the same parameters
   * @throws IllegalArgumentException if a size is less than 1
   */
  public Linear(int in, int out, long seed) {
    this(random(in, out, true, seed));
  }

  private Linear(Parameters parameters) {
    this(parameters.weight(), parameters.bias());
  }

  /** Returns a layer of random weights, without a bias; see the constructor that takes a seed. */
  public static Linear withoutBias(int in, int out, long seed) {
    return new Linear(random(in, out, false, seed));
  }

  private static Parameters random(int in, int out, boolean bias, long seed) {
    long rows = Parameters.positive(NAME, "output size", out);
    Shape weight = Shape.of(rows, Parameters.positive(NAME, "input size", in));
    return Parameters.random(weight, bias ? out : 0, seed);
  }

  @Override
  public Tensor forward(Tensor x) {
    return bound.run(op, x);
  }

  @Override
  public Map<String, Tensor> parameters() {
    return bound.parameters();
  }

  @Override
  public void load(Map<String, Tensor> state) {
    bound.load(state);
  }

  @Override
  public void computeIn(Precision precision) {
    bound.computeIn(precision);
  }

  @Override
  public void close() {
    bound.close();
  }
}
