package org.gatun.nn;

import java.util.Map;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code a^T W_i b + bias_i} over the last dimensions of two tensors; see {@link
 * Functional#bilinear}. Safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.Bilinear.html">PyTorch,
 * Bilinear</a>.
 */
public final class Bilinear implements Layer {
  private static final String NAME = "bilinear";

  private final StateLock lock = new StateLock();
  private final Tensor weight;
  private final @Nullable Tensor bias;

  /**
   * Makes a layer of given parameters, which it owns from now on.
   *
   * @param weight of shape (out, in1, in2)
   * @param bias of shape (out), or null
   * @throws IllegalArgumentException if the weight has another rank, or the bias another shape
   */
  public Bilinear(Tensor weight, @Nullable Tensor bias) {
    if (weight.rank() != 3) {
      throw new IllegalArgumentException(
          NAME + ": weight of shape " + weight.shape() + ", expected (out, in1, in2)");
    }
    if (bias != null && !bias.shape().equals(Shape.of(weight.dim(0)))) {
      throw new IllegalArgumentException(
          NAME + ": bias of shape " + bias.shape() + ", expected [" + weight.dim(0) + "]");
    }
    this.weight = Scope.detach(weight);
    this.bias = bias == null ? null : Scope.detach(bias);
  }

  /**
   * Makes a layer of random parameters of {@code f32}, with a bias, uniform between plus and minus
   * {@code 1 / sqrt(in1)} as PyTorch draws them.
   *
   * @param seed the same gives the same parameters
   * @throws IllegalArgumentException if a size is less than 1
   */
  public Bilinear(int in1, int in2, int out, long seed) {
    this(random(in1, in2, out, seed));
  }

  private Bilinear(Parameters parameters) {
    this(parameters.weight(), parameters.bias());
  }

  private static Parameters random(int in1, int in2, int out, long seed) {
    Parameters.positive(NAME, "first input size", in1);
    Parameters.positive(NAME, "second input size", in2);
    Parameters.positive(NAME, "output size", out);
    return Parameters.random(Shape.of(out, in1, in2), out, in1, seed);
  }

  /** Returns the form of a tensor with itself. */
  @Override
  public Tensor forward(Tensor x) {
    return forward(x, x);
  }

  /**
   * Returns the form of two tensors, of shapes (..., in1) and (..., in2).
   *
   * @throws IllegalArgumentException if the shapes do not fit the weight
   */
  public Tensor forward(Tensor a, Tensor b) {
    return lock.use(() -> Functional.bilinear(a, b, weight, bias));
  }

  @Override
  public Map<String, Tensor> parameters() {
    return Parameters.byName(weight, bias);
  }

  @Override
  public void load(Map<String, Tensor> state) {
    lock.load(parameters(), state);
  }

  @Override
  public void close() {
    weight.close();
    if (bias != null) {
      bias.close();
    }
  }
}
