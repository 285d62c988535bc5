package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The k-th smallest elements along an axis, and where they are: two outputs, values and {@code i64}
 * indices. Of equal elements the index is that of the first.
 *
 * <p>NaN is larger than any number. Elements are of any dtype.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.kthvalue.html">PyTorch,
 * kthvalue</a>.
 *
 * @param k 1 for the smallest, at most the size of the axis
 * @param axis the axis; negative counts from the last
 * @param keepDims whether the axis stays as one of size 1
 */
public record KthValue(long k, int axis, boolean keepDims) implements Ordering {
  @Override
  public String name() {
    return "kthvalue";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Ints axes = Ints.of(axis);
    Shape shape = Checks.reduced(this, input.shape(), axes, keepDims);
    Checks.someReduced(this, input.shape(), axes);
    long size = input.rank() == 0 ? 1 : input.shape().dim(axis);
    Checks.check(
        k >= 1 && k <= size,
        this,
        "k " + k + " for axis " + axis + " of shape " + input.shape() + ", expected 1 to " + size);
    return List.of(Layout.of(input.dtype(), shape), Layout.of(DType.I64, shape));
  }
}
