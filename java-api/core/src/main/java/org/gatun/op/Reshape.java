package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The same elements in row-major order under another shape.
 *
 * <p>One dimension may be -1: it follows from the others. Where the strides of the input allow it
 * the result is a view; where they do not, {@code copy} decides between a copy and an exception.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.reshape.html">PyTorch,
 * reshape</a> and <a
 * href="https://pytorch.org/docs/stable/generated/torch.Tensor.view.html">view</a>; ONNX Reshape.
 *
 * @param dims the new dimensions
 * @param copy whether strides that allow no view are answered by a copy ({@code reshape}) or by an
 *     exception ({@code view})
 */
public record Reshape(Longs dims, boolean copy) implements View {
  /** Checks the dimensions. */
  public Reshape {
    int inferred = 0;
    for (int i = 0; i < dims.size(); i++) {
      if (dims.get(i) == -1) {
        inferred++;
      }
      if (dims.get(i) < -1 || inferred > 1) {
        throw new IllegalArgumentException(
            (copy ? "reshape" : "view")
                + ": dimensions "
                + dims
                + ", expected 0 or more and at most one -1");
      }
    }
  }

  @Override
  public String name() {
    return copy ? "reshape" : "view";
  }

  private long times(long known, long dim) {
    try {
      return Math.multiplyExact(known, dim);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          name() + ": shape " + dims + " has more than 2^63 - 1 elements", e);
    }
  }

  /** Returns the shape that an input of this shape gets. */
  private Shape resolve(Shape input) {
    long[] resolved = dims.toArray();
    int inferred = -1;
    long known = 1;
    for (int i = 0; i < resolved.length; i++) {
      if (resolved[i] == -1) {
        inferred = i;
      } else {
        known = times(known, resolved[i]);
      }
    }
    if (inferred >= 0) {
      Checks.check(
          known != 0 && input.size() % known == 0,
          this,
          "shape "
              + dims
              + " for an input of shape "
              + input
              + ", "
              + input.size()
              + " elements do not divide by "
              + known);
      resolved[inferred] = input.size() / known;
    }
    Shape shape = Shape.of(resolved);
    Checks.check(
        shape.size() == input.size(),
        this,
        "shape "
            + dims
            + " for an input of shape "
            + input
            + ", expected "
            + input.size()
            + " elements and not "
            + shape.size());
    return shape;
  }

  @Override
  public @Nullable List<Placement> place(Layout input) {
    Shape shape = resolve(input.shape());
    long[] strides = viewStrides(input, shape);
    if (strides == null) {
      Checks.check(
          copy,
          this,
          "shape "
              + shape
              + " of an input "
              + input
              + " is no view of its strides; reshape copies where view cannot");
      return null;
    }
    return List.of(new Placement(Layout.of(input.dtype(), shape, strides), 0));
  }

  /**
   * Returns the strides under which the input's memory has the shape, or null if there are none.
   */
  private static long @Nullable [] viewStrides(Layout input, Shape shape) {
    if (input.isContiguous()) {
      return Layout.of(input.dtype(), shape).strides();
    }
    long[] strides = new long[shape.rank()];
    int target = shape.rank() - 1;
    // Walks the input's dimensions from the last, joining those that lie side by side in memory.
    long chunkBase = input.stride(-1);
    long chunk = 1;
    long taken = 1;
    for (int axis = input.rank() - 1; axis >= 0; axis--) {
      chunk *= input.dim(axis);
      boolean ends =
          axis == 0 || (input.dim(axis - 1) != 1 && input.stride(axis - 1) != chunk * chunkBase);
      if (!ends) {
        continue;
      }
      while (target >= 0 && (taken < chunk || shape.dim(target) == 1)) {
        strides[target] = taken * chunkBase;
        taken *= shape.dim(target);
        target--;
      }
      if (taken != chunk) {
        return null;
      }
      if (axis > 0) {
        chunkBase = input.stride(axis - 1);
        chunk = 1;
        taken = 1;
      }
    }
    return target < 0 ? strides : null;
  }
}
