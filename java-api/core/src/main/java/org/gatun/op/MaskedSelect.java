package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The elements where a mask is true, in row-major order and one dimension.
 *
 * <p>Inputs: x and the mask, {@code bool} of the same shape.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.masked_select.html">PyTorch,
 * masked_select</a>; ONNX Compress.
 *
 * @param count how many elements of the mask are true; another number is an {@link
 *     IllegalArgumentException} when the operator runs
 */
public record MaskedSelect(long count) implements Indexing {
  @Override
  public String name() {
    return "masked_select";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2);
    Layout x = inputs.getFirst();
    Layout mask = inputs.getLast();
    Checks.check(
        mask.dtype() == DType.BOOL && mask.shape().equals(x.shape()),
        this,
        "mask is " + mask + ", expected bool" + x.shape());
    Indices.checkCount(this, count, mask.size());
    return List.of(Layout.of(x.dtype(), Shape.of(count)));
  }
}
