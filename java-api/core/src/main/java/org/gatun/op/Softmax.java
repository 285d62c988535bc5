package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * {@code exp(x - m) / sum(exp(x - m))} along an axis, where m is the largest element along it:
 * numbers between 0 and 1 that add up to 1. All NaN where an element along the axis is NaN or
 * positive infinity.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html">PyTorch,
 * softmax</a>; ONNX Softmax.
 *
 * @param axis the axis; negative counts from the last
 */
public record Softmax(int axis) implements Probability {
  @Override
  public String name() {
    return "softmax";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Checks.floating(this, input, "input");
    Checks.axis(this, axis, input.shape());
    return List.of(Layout.like(input, input.dtype(), input.shape()));
  }
}
