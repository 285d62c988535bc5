package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * Each element multiplied by 0 with probability p, and by {@code 1 / (1 - p)} otherwise; by 0 where
 * p is 1.
 *
 * <p>Inputs: x, and a seed; see {@link Stochastic}. An element is dropped if its word is less than
 * {@code rint(p * 2^32)}. The elements of the last {@code shared} dimensions take one word
 * together, that of their index among the other dimensions: with two such dimensions whole channels
 * of images are dropped.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html">PyTorch,
 * dropout</a> in training, and its dropout1d, dropout2d and dropout3d.
 *
 * @param p the probability to be dropped, from 0 to 1
 * @param shared the number of dimensions that are dropped as a whole, 0 for elements by themselves
 */
public record Dropout(double p, int shared) implements Stochastic {
  /** Checks the arguments. */
  public Dropout {
    Draws.probability("dropout", p);
    if (shared < 0) {
      throw new IllegalArgumentException("dropout: shared " + shared + ", expected 0 or more");
    }
  }

  /** Makes the operator that drops elements by themselves. */
  public Dropout(double p) {
    this(p, 0);
  }

  @Override
  public String name() {
    return "dropout";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    return Draws.dropout(this, inputs, shared);
  }
}
