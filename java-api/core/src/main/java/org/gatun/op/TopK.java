package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The largest or smallest elements along an axis, in order, and where they were: two outputs,
 * values and {@code i64} indices. Of equal elements the first ones are taken.
 *
 * <p>NaN is larger than any number. Elements are of any dtype.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.topk.html">PyTorch, topk</a>;
 * ONNX TopK.
 *
 * @param k how many, 0 to the size of the axis
 * @param axis the axis; negative counts from the last
 * @param largest whether the largest are wanted, the largest first; else the smallest, the smallest
 *     first
 */
public record TopK(long k, int axis, boolean largest) implements Ordering {
  /** Checks the number. */
  public TopK {
    if (k < 0) {
      throw new IllegalArgumentException("topk: k " + k + ", expected 0 or more");
    }
  }

  @Override
  public String name() {
    return "topk";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    int along = Checks.axis(this, axis, input.shape());
    long size = input.rank() == 0 ? 1 : input.dim(along);
    Checks.check(
        k <= size,
        this,
        "k " + k + " for axis " + axis + " of shape " + input.shape() + ", expected 0 to " + size);
    Shape shape = input.rank() == 0 ? input.shape() : input.shape().with(along, k);
    Checks.check(input.rank() > 0 || k == 1, this, "k " + k + " for a scalar, expected 1");
    return List.of(Layout.of(input.dtype(), shape), Layout.of(DType.I64, shape));
  }
}
