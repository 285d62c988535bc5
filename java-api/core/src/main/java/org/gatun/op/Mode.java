package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The most frequent elements along an axis, the smallest of those that are as frequent, and where
 * they are last: two outputs, values and {@code i64} indices.
 *
 * <p>NaN is larger than any number, and equal to itself here. Elements are of any dtype.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.mode.html">PyTorch, mode</a>.
 *
 * @param axis the axis; negative counts from the last
 * @param keepDims whether the axis stays as one of size 1
 */
public record Mode(int axis, boolean keepDims) implements Ordering {
  @Override
  public String name() {
    return "mode";
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
