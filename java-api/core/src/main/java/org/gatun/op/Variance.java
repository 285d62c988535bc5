package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * The variance of the elements along some axes: the sum of the squared differences from their mean,
 * divided by {@code max(0, count - correction)}.
 *
 * <p>NaN of no elements, and of one with the usual correction of 1. The result does not suffer from
 * a mean that is far from 0.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.var.html">PyTorch, var</a>.
 *
 * @param axes the axes to reduce, none for all; negative ones count from the last
 * @param correction 1 for the variance of a population that the elements are a sample of, 0 for
 *     that of the elements themselves
 * @param keepDims whether a reduced axis stays as one of size 1
 */
public record Variance(Ints axes, double correction, boolean keepDims) implements Reduction {
  /** Checks the correction. */
  public Variance {
    if (!Double.isFinite(correction)) {
      throw new IllegalArgumentException(
          "var: correction " + correction + ", expected a finite number");
    }
  }

  @Override
  public String name() {
    return "var";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Checks.floating(this, input, "input");
    return List.of(Layout.of(input.dtype(), Checks.reduced(this, input.shape(), axes, keepDims)));
  }
}
