package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * The sum of the singular values of the matrices along two axes.
 *
 * <p>Elements and result have the same floating-point dtype. 0 of an empty matrix, NaN of one with
 * an element that is not finite.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.linalg.matrix_norm.html">PyTorch,
 * matrix_norm</a> of order {@code 'nuc'}.
 *
 * @param first the axis of the rows; negative counts from the last
 * @param second the axis of the columns
 * @param keepDims whether the axes stay with size 1
 */
public record NuclearNorm(int first, int second, boolean keepDims) implements Reduction {
  @Override
  public String name() {
    return "nuclear_norm";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Checks.floating(this, input, "input");
    Checks.check(
        input.rank() >= 2,
        this,
        "input has shape " + input.shape() + ", expected two dimensions or more");
    Ints axes = Ints.of(first, second);
    return List.of(Layout.of(input.dtype(), Checks.reduced(this, input.shape(), axes, keepDims)));
  }
}
