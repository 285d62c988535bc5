package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * The matrices that lie along the last two axes with zeros below a diagonal, or above it: {@code
 * triu} and {@code tril}.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.tril.html">PyTorch, tril</a>
 * and <a href="https://pytorch.org/docs/stable/generated/torch.triu.html">triu</a>; ONNX Trilu.
 *
 * @param upper whether the upper triangle stays, else the lower one
 * @param diagonal which diagonal the triangle ends with: how far above the main one, below where
 *     negative
 */
public record Triangle(boolean upper, long diagonal) implements Movement {
  @Override
  public String name() {
    return upper ? "triu" : "tril";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Checks.check(
        input.rank() >= 2, this, "shape " + input.shape() + ", expected two dimensions or more");
    return List.of(Layout.of(input.dtype(), input.shape()));
  }
}
