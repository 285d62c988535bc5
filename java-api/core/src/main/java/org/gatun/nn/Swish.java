package org.gatun.nn;

import java.util.Map;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;

/**
 * {@code x / (1 + exp(-beta x))} with a beta that is learned; see {@link Activations#swish(Tensor,
 * Tensor)}. With a beta of 1 it is the SiLU, with a large one near the ReLU. Safe for use by many
 * threads.
 *
 * <p>Source: Ramachandran et al., <a href="https://arxiv.org/abs/1710.05941">Searching for
 * activation functions</a>.
 */
public final class Swish implements Layer {
  private final StateLock lock = new StateLock();
  private final Tensor beta;

  /**
   * Makes a layer of a given beta, which it owns from now on.
   *
   * @param beta of shape (1)
   * @throws IllegalArgumentException if it has another shape
   */
  public Swish(Tensor beta) {
    if (beta.rank() != 1 || beta.dim(0) != 1) {
      throw new IllegalArgumentException("swish: beta of shape " + beta.shape() + ", expected [1]");
    }
    this.beta = Scope.detach(beta);
  }

  /** Makes a layer that starts with a beta of 1, in {@code f32}. */
  public Swish() {
    this(Tensor.ones(DType.F32, 1));
  }

  @Override
  public Tensor forward(Tensor x) {
    return lock.use(
        () -> {
          try (Tensor number = beta.view()) {
            return Activations.swish(x, number);
          }
        });
  }

  @Override
  public Map<String, Tensor> parameters() {
    return Map.of("beta", beta);
  }

  @Override
  public void load(Map<String, Tensor> state) {
    lock.load(parameters(), state);
  }

  @Override
  public void close() {
    beta.close();
  }
}
