package org.gatun.op;

import java.util.Arrays;
import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * All windows of {@code size} elements along one axis, one every {@code step}: the axis counts the
 * windows, and their elements are a new last dimension. A view, in which windows that overlap share
 * memory.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.Tensor.unfold.html">PyTorch,
 * Tensor.unfold</a>.
 *
 * @param axis the axis; negative counts from the last
 * @param size the elements of a window, 0 or more
 * @param step from one window to the next, 1 or more
 */
public record UnfoldAxis(int axis, long size, long step) implements View {
  /** Checks size and step. */
  public UnfoldAxis {
    if (size < 0) {
      throw new IllegalArgumentException("unfold: size " + size + ", expected 0 or more");
    }
    if (step < 1) {
      throw new IllegalArgumentException("unfold: step " + step + ", expected 1 or more");
    }
  }

  @Override
  public String name() {
    return "unfold";
  }

  @Override
  public List<Placement> place(Layout input) {
    Shape shape = input.shape();
    int rank = input.rank();
    int at = Checks.axis(this, axis, shape);
    long has = rank == 0 ? 1 : shape.dim(at);
    Checks.check(
        size <= has,
        this,
        "size "
            + size
            + " for axis "
            + axis
            + " of shape "
            + shape
            + ", expected "
            + has
            + " or less");
    long[] dims = Arrays.copyOf(shape.dims(), rank + 1);
    long[] strides = Arrays.copyOf(input.strides(), rank + 1);
    dims[rank] = size;
    strides[rank] = rank == 0 ? 1 : strides[at];
    if (rank > 0) {
      dims[at] = (has - size) / step + 1;
      strides[at] = dims[at] > 1 ? Math.multiplyExact(strides[at], step) : strides[at];
    }
    return List.of(new Placement(Layout.of(input.dtype(), Shape.of(dims), strides), 0));
  }
}
