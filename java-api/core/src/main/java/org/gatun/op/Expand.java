package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Dimensions of size 1 repeated, and new ones put in front. A view: the repeated elements are the
 * same memory.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.Tensor.expand.html">PyTorch,
 * expand</a>; ONNX Expand.
 *
 * @param dims the new dimensions; -1 keeps the input's
 */
public record Expand(Longs dims) implements View {
  /** Checks that nothing is null. */
  public Expand {
    Objects.requireNonNull(dims, "expand: dims is null");
  }

  @Override
  public String name() {
    return "expand";
  }

  @Override
  public List<Placement> place(Layout input) {
    int rank = dims.size();
    int added = rank - input.rank();
    Checks.check(
        added >= 0,
        this,
        "dimensions "
            + dims
            + " for shape "
            + input.shape()
            + ", expected "
            + input.rank()
            + " or more");
    long[] expanded = dims.toArray();
    long[] strides = new long[rank];
    for (int i = 0; i < rank; i++) {
      long wanted = dims.get(i);
      if (i < added) {
        Checks.check(
            wanted >= 0,
            this,
            "dimension " + wanted + " in " + dims + " is a new one, expected 0 or more");
        continue;
      }
      long has = input.dim(i - added);
      if (wanted == -1 || wanted == has) {
        expanded[i] = has;
        strides[i] = input.stride(i - added);
      } else {
        Checks.check(
            has == 1 && wanted >= 0,
            this,
            "dimensions "
                + dims
                + " for shape "
                + input.shape()
                + ", dimension "
                + (i - added)
                + " of size "
                + has
                + " does not become "
                + wanted);
      }
    }
    return List.of(new Placement(Layout.of(input.dtype(), Shape.of(expanded), strides), 0));
  }
}
