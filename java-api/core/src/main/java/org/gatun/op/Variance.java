package org.gatun.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.gatun.Layout;

/**
 * The variance of the elements along some axes: the sum of the squared differences from their mean,
 * divided by {@code max(0, count - correction)}. Its square root, the standard deviation, where
 * asked for; with the mean as a second output where asked for.
 *
 * <p>NaN of no elements, and of one with the usual correction of 1. The result does not suffer from
 * a mean that is far from 0.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.var.html">PyTorch, var</a>,
 * std, var_mean and std_mean.
 *
 * @param axes the axes to reduce, none for all; negative ones count from the last
 * @param correction 1 for the variance of a population that the elements are a sample of, 0 for
 *     that of the elements themselves
 * @param root whether the result is the standard deviation
 * @param withMean whether the mean is a second output
 * @param keepDims whether a reduced axis stays as one of size 1
 */
public record Variance(
    Ints axes, double correction, boolean root, boolean withMean, boolean keepDims)
    implements Reduction {
  /** Checks the correction. */
  public Variance {
    Objects.requireNonNull(axes, "variance: axes is null");
    if (!Double.isFinite(correction)) {
      throw new IllegalArgumentException(
          name(root, withMean) + ": correction " + correction + ", expected a finite number");
    }
  }

  /** Makes the variance alone. */
  public Variance(Ints axes, double correction, boolean keepDims) {
    this(axes, correction, false, false, keepDims);
  }

  private static String name(boolean root, boolean withMean) {
    return (root ? "std" : "var") + (withMean ? "_mean" : "");
  }

  @Override
  public String name() {
    return name(root, withMean);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Checks.floating(this, input, "input");
    Layout output = Layout.of(input.dtype(), Checks.reduced(this, input.shape(), axes, keepDims));
    List<Layout> outputs = new ArrayList<>(List.of(output));
    if (withMean) {
      outputs.add(output);
    }
    return List.copyOf(outputs);
  }
}
