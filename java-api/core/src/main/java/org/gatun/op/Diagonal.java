package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The diagonal of the matrices that lie along two axes, as the last dimension. A view.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.diagonal.html">PyTorch,
 * diagonal</a>.
 *
 * @param offset how far above the main diagonal, or below where it is negative
 * @param axis1 the axis of the matrices' rows; negative counts from the last
 * @param axis2 that of their columns
 */
public record Diagonal(long offset, int axis1, int axis2) implements View {
  @Override
  public String name() {
    return "diagonal";
  }

  @Override
  public List<Placement> place(Layout input) {
    Shape shape = input.shape();
    Checks.check(input.rank() >= 2, this, "shape " + shape + ", expected two dimensions or more");
    int rows = Checks.axis(this, axis1, shape);
    int columns = Checks.axis(this, axis2, shape);
    Checks.check(
        rows != columns,
        this,
        "axes " + axis1 + " and " + axis2 + " of shape " + shape + " are the same");
    long down = offset < 0 ? Math.negateExact(Math.max(offset, -Long.MAX_VALUE)) : 0;
    long right = Math.max(0, offset);
    long count =
        Math.min(Math.max(0, shape.dim(rows) - down), Math.max(0, shape.dim(columns) - right));
    long[] dims = new long[input.rank() - 1];
    long[] strides = new long[dims.length];
    int next = 0;
    for (int axis = 0; axis < input.rank(); axis++) {
      if (axis != rows && axis != columns) {
        dims[next] = shape.dim(axis);
        strides[next++] = input.stride(axis);
      }
    }
    dims[next] = count;
    strides[next] = Math.addExact(input.stride(rows), input.stride(columns));
    long start = count == 0 ? 0 : down * input.stride(rows) + right * input.stride(columns);
    return List.of(new Placement(Layout.of(input.dtype(), Shape.of(dims), strides), start));
  }
}
