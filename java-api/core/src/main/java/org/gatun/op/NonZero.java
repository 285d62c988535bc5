package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The indices at which a mask is true, in row-major order: {@code i64} of shape (count, rank).
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nonzero.html">PyTorch,
 * nonzero</a>; ONNX NonZero is its transpose.
 *
 * @param count how many elements of the mask are true; another number is an {@link
 *     IllegalArgumentException} when the operator runs
 */
public record NonZero(long count) implements Indexing {
  @Override
  public String name() {
    return "nonzero";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout mask = inputs.getFirst();
    Checks.check(
        mask.dtype() == DType.BOOL,
        this,
        "input has dtype " + mask.dtype().spelling() + ", expected bool");
    Indices.checkCount(this, count, mask.size());
    return List.of(Layout.of(DType.I64, Shape.of(count, mask.rank())));
  }
}
