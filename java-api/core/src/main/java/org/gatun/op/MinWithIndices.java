package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The smallest elements along an axis, and where they are: two outputs, values and {@code i64}
 * indices.
 *
 * <p>NaN is smaller than any number; of equal elements the first one is taken.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.min.html">PyTorch, min with
 * dim</a>; the indices are ONNX ArgMin.
 *
 * @param axis the axis; negative counts from the last
 * @param keepDims whether the axis stays as one of size 1
 */
public record MinWithIndices(int axis, boolean keepDims) implements Reduction {
  @Override
  public String name() {
    return "min";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Ints axes = Ints.of(axis);
    Checks.someReduced(this, input.shape(), axes);
    Shape shape = Checks.reduced(this, input.shape(), axes, keepDims);
    return List.of(Layout.of(input.dtype(), shape), Layout.of(DType.I64, shape));
  }
}
