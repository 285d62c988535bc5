package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;

/**
 * The elements along an axis in order, and where they were: two outputs, values and {@code i64}
 * indices. Equal elements keep their order.
 *
 * <p>NaN is larger than any number, and zeros of either sign are equal. Elements are of any dtype.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.sort.html">PyTorch, sort</a>
 * with {@code stable=True}.
 *
 * @param axis the axis; negative counts from the last
 * @param descending whether the largest comes first
 */
public record Sort(int axis, boolean descending) implements Ordering {
  @Override
  public String name() {
    return "sort";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Checks.axis(this, axis, input.shape());
    return List.of(Layout.of(input.dtype(), input.shape()), Layout.of(DType.I64, input.shape()));
  }
}
