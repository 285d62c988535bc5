package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * The elements in memory of their own, in row-major or in channels-last order.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.Tensor.contiguous.html">
 * PyTorch, contiguous</a>; ONNX Identity.
 *
 * @param channelsLast whether the result is channels-last, for inputs of three dimensions or more
 */
public record Copy(boolean channelsLast) implements Movement {
  @Override
  public String name() {
    return "contiguous";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    if (!channelsLast) {
      return List.of(Layout.of(input.dtype(), input.shape()));
    }
    Checks.check(
        input.rank() >= 3,
        this,
        "channels-last of shape " + input.shape() + ", expected three dimensions or more");
    return List.of(Layout.channelsLast(input.dtype(), input.shape()));
  }
}
