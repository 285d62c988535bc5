package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * {@code x - m - log(sum(exp(x - m)))} along an axis, where m is the largest element along it: the
 * logarithm of {@link Softmax}, exact also where that is too small to be told from 0. All NaN where
 * an element along the axis is NaN or positive infinity, or all are negative infinity.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html">PyTorch,
 * log_softmax</a>; ONNX LogSoftmax.
 *
 * @param axis the axis; negative counts from the last
 */
public record LogSoftmax(int axis) implements Probability {
  @Override
  public String name() {
    return "log_softmax";
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
