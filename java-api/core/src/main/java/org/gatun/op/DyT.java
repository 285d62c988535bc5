package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Dynamic tanh, which takes the place of a normalization without statistics: {@code tanh(alpha * x)
 * * weight + bias}.
 *
 * <p>Inputs: x; alpha, a single number; then the weight and the bias, with a number for each
 * channel, where there are such.
 *
 * <p>Source: <a href="https://arxiv.org/abs/2503.10622">Zhu et al., Transformers without
 * Normalization</a>.
 *
 * @param channelsFirst whether the channels are dimension 1 of x, as in images, and not the last
 * @param weight whether there is a weight
 * @param bias whether there is a bias
 */
public record DyT(boolean channelsFirst, boolean weight, boolean bias) implements Normalization {
  @Override
  public String name() {
    return "dyt";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2 + (weight ? 1 : 0) + (bias ? 1 : 0));
    Layout x = inputs.getFirst();
    Layout alpha = inputs.get(1);
    Checks.floating(this, x, "input");
    Checks.check(
        x.rank() >= (channelsFirst ? 2 : 1),
        this,
        "input has shape "
            + x.shape()
            + ", expected "
            + (channelsFirst ? "(N, C, ...)" : "(..., C)"));
    Checks.sameDType(this, inputs, 1, x.dtype());
    Checks.check(
        alpha.size() == 1, this, "alpha has shape " + alpha.shape() + ", expected one number");
    Shape channels = Shape.of(x.dim(channelsFirst ? 1 : -1));
    Statistics.parameters(this, inputs, 2, weight, bias, channels);
    return List.of(Layout.like(x, x.dtype(), x.shape()));
  }
}
