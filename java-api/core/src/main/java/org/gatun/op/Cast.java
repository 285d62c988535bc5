package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Layout;

/**
 * The elements converted to another type.
 *
 * <p>Floating to floating rounds to nearest, ties to even; floating to integer truncates, and NaN
 * and what lies outside the integer's range give what Java's conversions give; integer to narrower
 * integer keeps the low bits; to {@code bool} is "not zero" (NaN is not zero).
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.Tensor.to.html">PyTorch,
 * to</a>; ONNX Cast.
 *
 * @param dtype the type of the result
 */
public record Cast(DType dtype) implements Movement {
  /** Checks that nothing is null. */
  public Cast {
    Objects.requireNonNull(dtype, "to: dtype is null");
  }

  @Override
  public String name() {
    return "to";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    return List.of(Layout.like(input, dtype, input.shape()));
  }
}
