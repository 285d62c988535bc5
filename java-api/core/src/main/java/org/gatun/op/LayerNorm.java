package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The elements of the last dimensions shifted and scaled to mean 0 and variance 1: {@code (x -
 * mean) / sqrt(variance + eps) * weight + bias}.
 *
 * <p>Inputs: x, whose last dimensions are {@code normalizedShape}; then the weight and the bias, of
 * that shape, where there are such. The variance is divided by the number of elements.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.layer_norm.html">PyTorch,
 * layer_norm</a>; ONNX LayerNormalization.
 *
 * @param normalizedShape the sizes of the last dimensions, at least one
 * @param weight whether there is a weight
 * @param bias whether there is a bias
 * @param eps what is added to the variance
 */
public record LayerNorm(Longs normalizedShape, boolean weight, boolean bias, double eps)
    implements Normalization {

  /** Checks the arguments. */
  public LayerNorm {
    Statistics.normalizedShape("layer_norm", normalizedShape);
    Statistics.eps("layer_norm", eps);
  }

  @Override
  public String name() {
    return "layer_norm";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1 + (weight ? 1 : 0) + (bias ? 1 : 0));
    Layout x = inputs.getFirst();
    Checks.floating(this, x, "input");
    Statistics.endsIn(this, x, normalizedShape);
    Shape normalized = Shape.of(normalizedShape.toArray());
    Statistics.parameters(this, inputs, 1, weight, bias, normalized);
    return List.of(Layout.of(x.dtype(), x.shape()));
  }
}
