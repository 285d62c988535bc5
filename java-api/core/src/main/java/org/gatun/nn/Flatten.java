package org.gatun.nn;

import org.gatun.Tensor;

/**
 * The tensor with dimensions joined into one, a view where its strides allow it. Without a state,
 * and safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html">PyTorch,
 * Flatten</a>.
 *
 * @param start the first dimension to be joined; negative ones count from the last
 * @param end the last dimension to be joined, likewise
 */
public record Flatten(int start, int end) implements Layer {
  /** Makes a layer that joins all dimensions but the batch's. */
  public Flatten() {
    this(1, -1);
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.flatten(start, end);
  }
}
