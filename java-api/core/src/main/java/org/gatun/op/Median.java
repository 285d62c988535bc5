package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The medians of the elements along an axis, and where they are: two outputs, values and {@code
 * i64} indices. Of an even number of elements the lower of the two in the middle; of equal elements
 * the index is that of the first.
 *
 * <p>If there is a NaN, the result is the first one, unless they are to be ignored; then it is NaN
 * only where there are no numbers. Elements are of any dtype.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.median.html">PyTorch,
 * median</a> and nanmedian.
 *
 * @param axis the axis; negative counts from the last
 * @param ignoreNan whether only numbers count
 * @param keepDims whether the axis stays as one of size 1
 */
public record Median(int axis, boolean ignoreNan, boolean keepDims) implements Ordering {
  @Override
  public String name() {
    return ignoreNan ? "nanmedian" : "median";
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
