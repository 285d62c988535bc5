package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * Ones with given probabilities, and zeros.
 *
 * <p>Inputs: the probabilities, floating-point of any shape, and a seed; see {@link Stochastic}. An
 * element is 1 if its word is less than {@code rint(p * 2^32)}. Result: as the probabilities.
 *
 * <p>A probability that is not from 0 to 1 is an {@link IllegalArgumentException}, thrown before
 * anything is written.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.bernoulli.html">PyTorch,
 * bernoulli</a>; ONNX Bernoulli.
 */
public record Bernoulli() implements Stochastic {
  @Override
  public String name() {
    return "bernoulli";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2);
    Layout p = inputs.getFirst();
    Checks.floating(this, p, "input 0");
    Draws.seed(this, inputs.getLast());
    return List.of(Layout.like(p, p.dtype(), p.shape()));
  }
}
