package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * Dropout that keeps mean 0 and variance 1, for networks of SELU: {@code a x + a s p} for what is
 * kept and {@code 0 x - a s (1 - p)} for what is dropped, where {@code s = 1.7580993408473766}, the
 * limit of SELU for small numbers with its sign turned, and {@code a = 1 / sqrt((1 - p) (1 + p
 * s^2))}; {@code 0 x} where p is 1.
 *
 * <p>Inputs, and what is dropped: as in {@link Dropout}.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.alpha_dropout.html">PyTorch,
 * alpha_dropout</a> in training, and its feature_alpha_dropout; Klambauer et al., <a
 * href="https://arxiv.org/abs/1706.02515">Self-normalizing neural networks</a>.
 *
 * @param p the probability to be dropped, from 0 to 1
 * @param shared the number of dimensions that are dropped as a whole, 0 for elements by themselves
 */
public record AlphaDropout(double p, int shared) implements Stochastic {
  /** Checks the arguments. */
  public AlphaDropout {
    Draws.probability("alpha_dropout", p);
    if (shared < 0) {
      throw new IllegalArgumentException(
          "alpha_dropout: shared " + shared + ", expected 0 or more");
    }
  }

  @Override
  public String name() {
    return "alpha_dropout";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    return Draws.dropout(this, inputs, shared);
  }
}
