package org.gatun.op;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;

/**
 * Consecutive parts along one axis, one output each. Views.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.split.html">PyTorch,
 * split</a>; ONNX Split.
 *
 * @param axis the axis; negative counts from the last
 * @param sizes the size of each part; they add up to the dimension
 */
public record Split(int axis, Longs sizes) implements View {
  /** Checks the sizes. */
  public Split {
    for (int i = 0; i < sizes.size(); i++) {
      if (sizes.get(i) < 0) {
        throw new IllegalArgumentException(
            "split: size " + sizes.get(i) + " in " + sizes + ", expected 0 or more");
      }
    }
  }

  @Override
  public String name() {
    return "split";
  }

  @Override
  public List<Placement> place(Layout input) {
    Checks.check(input.rank() > 0, this, "a scalar input, expected one dimension or more");
    int at = Checks.axis(this, axis, input.shape());
    List<Placement> parts = new ArrayList<>();
    long from = 0;
    for (int i = 0; i < sizes.size(); i++) {
      long size = sizes.get(i);
      Layout part = Layout.of(input.dtype(), input.shape().with(at, size), input.strides());
      parts.add(new Placement(part, size == 0 ? 0 : from * input.stride(at)));
      from = Math.addExact(from, size);
    }
    Checks.check(
        from == input.dim(at),
        this,
        "sizes "
            + sizes
            + " add up to "
            + from
            + ", expected "
            + input.dim(at)
            + ", the size of axis "
            + axis
            + " in shape "
            + input.shape());
    return parts;
  }
}
