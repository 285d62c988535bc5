package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The sum of a layer's input, times a factor, and its result, with the elements of the last
 * dimensions shifted and scaled to mean 0 and variance 1: {@code layer_norm(alpha * x + g)}, see
 * {@link LayerNorm}.
 *
 * <p>Inputs: x, whose last dimensions are {@code normalizedShape}; g of the same shape; then the
 * weight and the bias, of the normalized shape, where there are such.
 *
 * <p>Source: <a href="https://arxiv.org/abs/2203.00555">Wang et al., DeepNet: Scaling Transformers
 * to 1,000 Layers</a>.
 *
 * @param normalizedShape the sizes of the last dimensions, at least one
 * @param alpha the factor of x
 * @param weight whether there is a weight
 * @param bias whether there is a bias
 * @param eps what is added to the variance
 */
public record DeepNorm(
    Longs normalizedShape, double alpha, boolean weight, boolean bias, double eps)
    implements Normalization {

  /** Checks the arguments. */
  public DeepNorm {
    Statistics.normalizedShape("deep_norm", normalizedShape);
    Statistics.finite("deep_norm", "alpha", alpha);
    Statistics.eps("deep_norm", eps);
  }

  @Override
  public String name() {
    return "deep_norm";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2 + (weight ? 1 : 0) + (bias ? 1 : 0));
    Layout x = inputs.getFirst();
    Layout added = inputs.get(1);
    Checks.floating(this, x, "input");
    Checks.sameDType(this, inputs, 1, x.dtype());
    Checks.check(
        added.shape().equals(x.shape()),
        this,
        "result of the layer has shape " + added.shape() + ", expected " + x.shape());
    Statistics.endsIn(this, x, normalizedShape);
    Shape normalized = Shape.of(normalizedShape.toArray());
    Statistics.parameters(this, inputs, 2, weight, bias, normalized);
    return List.of(Layout.of(x.dtype(), x.shape()));
  }
}
