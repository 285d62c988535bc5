package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The dimensions in another order: dimension {@code i} of the result is dimension {@code axes[i]}
 * of the input. A view.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.permute.html">PyTorch,
 * permute</a>; ONNX Transpose.
 *
 * @param axes each axis of the input once; negative ones count from the last
 */
public record Permute(Ints axes) implements View {
  /** Checks that nothing is null. */
  public Permute {
    Objects.requireNonNull(axes, "permute: axes is null");
  }

  @Override
  public String name() {
    return "permute";
  }

  @Override
  public List<Placement> place(Layout input) {
    int rank = input.rank();
    Checks.check(
        axes.size() == rank,
        this,
        "axes " + axes + " for shape " + input.shape() + ", expected " + rank + " axes");
    long[] dims = new long[rank];
    long[] strides = new long[rank];
    boolean[] seen = new boolean[rank];
    for (int i = 0; i < rank; i++) {
      int axis = Checks.axis(this, axes.get(i), input.shape());
      Checks.check(!seen[axis], this, "axis " + axes.get(i) + " given twice in " + axes);
      seen[axis] = true;
      dims[i] = input.dim(axis);
      strides[i] = input.stride(axis);
    }
    return List.of(new Placement(Layout.of(input.dtype(), Shape.of(dims), strides), 0));
  }
}
