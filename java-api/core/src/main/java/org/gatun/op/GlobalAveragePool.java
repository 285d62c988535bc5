package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The mean of each channel.
 *
 * <p>Input: (N, C, spatial...) with one spatial dimension or more. Result: (N, C, 1...).
 *
 * <p>Source: <a href="https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html">ONNX,
 * GlobalAveragePool</a>.
 */
public record GlobalAveragePool() implements Pooling {
  @Override
  public String name() {
    return "global_avg_pool";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Checks.check(
        input.rank() >= 3,
        this,
        "input has shape " + input.shape() + ", expected (N, C, spatial...)");
    Windows.input(this, input, input.rank() - 2);
    Shape shape = input.shape().range(0, 2);
    for (int axis = 2; axis < input.rank(); axis++) {
      shape = shape.concat(Shape.of(1));
    }
    return List.of(Layout.like(input, input.dtype(), shape));
  }
}
