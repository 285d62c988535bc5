package org.gatun.op;

import java.util.List;
import java.util.OptionalDouble;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The elements of the last dimensions scaled to a mean square of 1: {@code x / sqrt(mean(x^2) +
 * eps) * weight}.
 *
 * <p>Inputs: x, whose last dimensions are {@code normalizedShape}; then the weight, of that shape,
 * where there is one.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.rms_norm.html">PyTorch,
 * rms_norm</a>; <a href="https://arxiv.org/abs/1910.07467">Zhang and Sennrich, Root Mean Square
 * Layer Normalization</a>; ONNX RMSNormalization.
 *
 * @param normalizedShape the sizes of the last dimensions, at least one
 * @param weight whether there is a weight
 * @param eps what is added to the mean square; none for the distance from 1 to the next number of
 *     the dtype, of {@code f32} for shorter ones
 */
public record RmsNorm(Longs normalizedShape, boolean weight, OptionalDouble eps)
    implements Normalization {

  /** Checks the arguments. */
  public RmsNorm {
    Statistics.normalizedShape("rms_norm", normalizedShape);
    eps.ifPresent(value -> Statistics.eps("rms_norm", value));
  }

  @Override
  public String name() {
    return "rms_norm";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1 + (weight ? 1 : 0));
    Layout x = inputs.getFirst();
    Checks.floating(this, x, "input");
    Statistics.endsIn(this, x, normalizedShape);
    Shape normalized = Shape.of(normalizedShape.toArray());
    Statistics.parameters(this, inputs, 1, weight, false, normalized);
    return List.of(Layout.of(x.dtype(), x.shape()));
  }
}
