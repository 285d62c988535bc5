package org.gatun.nn;

import java.util.Map;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;

/**
 * x above 0, and x times a slope of its own elsewhere: one slope for all elements, or one for each
 * channel; see {@link Activations#prelu}. Safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.PReLU.html">PyTorch,
 * PReLU</a>.
 */
public final class PRelu implements Layer {
  private static final double INITIAL = 0.25;

  private final StateLock lock = new StateLock();
  private final Tensor weight;

  /**
   * Makes a layer of given slopes, which it owns from now on.
   *
   * @param weight of shape (1), or (C) for inputs of shape (N, C, ...)
   * @throws IllegalArgumentException if it has another rank
   */
  public PRelu(Tensor weight) {
    if (weight.rank() != 1) {
      throw new IllegalArgumentException(
          "prelu: weight of shape " + weight.shape() + ", expected (1) or (C)");
    }
    this.weight = Scope.detach(weight);
  }

  /**
   * Makes a layer of slopes of 1/4 in {@code f32}.
   *
   * @param channels the number of slopes: 1 for one for all elements
   */
  public PRelu(int channels) {
    this(Tensor.full(DType.F32, INITIAL, Parameters.positive("prelu", "channels", channels)));
  }

  @Override
  public Tensor forward(Tensor x) {
    return lock.use(() -> Activations.prelu(x, weight));
  }

  @Override
  public Map<String, Tensor> parameters() {
    return Map.of("weight", weight);
  }

  @Override
  public void load(Map<String, Tensor> state) {
    lock.load(parameters(), state);
  }

  @Override
  public void close() {
    weight.close();
  }
}
