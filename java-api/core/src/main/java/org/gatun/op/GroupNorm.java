package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * Each group of channels of each member of the batch shifted and scaled to mean 0 and variance 1:
 * {@code (x - mean) / sqrt(variance + eps) * weight + bias}.
 *
 * <p>Inputs: x of shape (N, C, ...), then the weight and the bias of shape (C) where there are
 * such. The variance is divided by the number of elements.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.group_norm.html">PyTorch,
 * group_norm</a>; ONNX GroupNormalization.
 *
 * @param groups the number of groups, which divides that of the channels
 * @param weight whether there is a weight
 * @param bias whether there is a bias
 * @param eps what is added to the variance
 */
public record GroupNorm(int groups, boolean weight, boolean bias, double eps)
    implements Normalization {

  /** Checks the arguments. */
  public GroupNorm {
    if (groups < 1) {
      throw new IllegalArgumentException("group_norm: groups " + groups + ", expected 1 or more");
    }
    Statistics.eps("group_norm", eps);
  }

  @Override
  public String name() {
    return "group_norm";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1 + (weight ? 1 : 0) + (bias ? 1 : 0));
    Layout x = inputs.getFirst();
    Checks.floating(this, x, "input");
    Checks.check(x.rank() >= 2, this, "input has shape " + x.shape() + ", expected (N, C, ...)");
    Checks.check(
        x.dim(1) % groups == 0,
        this,
        "groups " + groups + " do not divide the " + x.dim(1) + " channels of shape " + x.shape());
    Statistics.perChannel(this, inputs, false, weight, bias);
    Checks.check(
        x.size() == 0 || x.size() / groups > 1,
        this,
        "input of shape " + x.shape() + " has one value for each group, expected more");
    return List.of(Layout.like(x, x.dtype(), x.shape()));
  }
}
