package org.gatun.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
  /** How many parts there are at most: each is an object of its own. */
  public static final int MOST_PARTS = 1 << 18;

  /** Checks the sizes. */
  public Split {
    Objects.requireNonNull(sizes, "split: sizes is null");
    if (sizes.size() > MOST_PARTS) {
      throw new IllegalArgumentException(
          "split: " + sizes.size() + " sizes, expected at most " + MOST_PARTS);
    }
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
    long sum = 0;
    for (int i = 0; i < sizes.size() && sum >= 0; i++) {
      sum += sizes.get(i); // Negative once it is more than a long holds.
    }
    Checks.check(
        sum == input.dim(at),
        this,
        "sizes "
            + sizes
            + " add up to "
            + (sum >= 0 ? sum : "more than 2^63 - 1")
            + ", expected "
            + input.dim(at)
            + ", the size of axis "
            + axis
            + " in shape "
            + input.shape());
    List<Placement> parts = new ArrayList<>();
    long from = 0;
    for (int i = 0; i < sizes.size(); i++) {
      long size = sizes.get(i);
      Layout part = Layout.of(input.dtype(), input.shape().with(at, size), input.strides());
      parts.add(new Placement(part, size == 0 ? 0 : from * input.stride(at)));
      from += size;
    }
    return parts;
  }
}
