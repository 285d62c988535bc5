package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The inverse of a {@link MaxPool}, as far as there is one: each element back where it stood, and
 * zeros elsewhere. Of elements for the same place the last one stays.
 *
 * <p>Inputs: x of shape (N, C, spatial...) or (C, spatial...) with one to three spatial dimensions,
 * and the indices that the pooling gave, an i64 of the same shape. Result: x's batch and channels
 * with the spatial dimensions asked for.
 *
 * <p>An index that is negative or not less than the number of positions is an {@link
 * IllegalArgumentException}, thrown before anything is written.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool2d.html">PyTorch,
 * max_unpool2d</a>; ONNX MaxUnpool.
 *
 * @param outputSize the spatial dimensions of the result
 */
public record MaxUnpool(Longs outputSize) implements Pooling {
  /** Checks the sizes. */
  public MaxUnpool {
    String name = name(outputSize);
    if (outputSize.size() < 1 || outputSize.size() > 3) {
      throw new IllegalArgumentException(
          name + ": output size " + outputSize + ", expected one for each of 1 to 3 dimensions");
    }
    for (int i = 0; i < outputSize.size(); i++) {
      if (outputSize.get(i) < 1) {
        throw new IllegalArgumentException(
            name
                + ": output size "
                + outputSize.get(i)
                + " in "
                + outputSize
                + ", expected 1 or more");
      }
    }
  }

  /**
   * Returns the operator that undoes a pooling.
   *
   * @param input the shape of what the pooling gave
   * @param outputSize the spatial dimensions of what it was given; none for the smallest that the
   *     pooling uses up, {@code (size - 1) * stride - 2 * padding + kernel} each
   * @throws IllegalArgumentException if the pooling cannot have been given that
   */
  public static MaxUnpool undoing(MaxPool pooling, Shape input, long... outputSize) {
    int dims = pooling.kernel().size();
    String name = "max_unpool" + dims + "d";
    if (input.rank() != dims + 1 && input.rank() != dims + 2) {
      throw new IllegalArgumentException(
          name
              + ": input has shape "
              + input
              + ", expected "
              + (dims + 2)
              + " dimensions, or "
              + (dims + 1)
              + " without a batch");
    }
    if (outputSize.length != 0 && outputSize.length != dims) {
      throw new IllegalArgumentException(
          name + ": output size " + Longs.of(outputSize) + ", expected " + dims + " numbers");
    }
    long[] sizes = new long[dims];
    for (int i = 0; i < dims; i++) {
      long stride = pooling.stride().get(i);
      long smallest = smallest(name, pooling, input.dim(i - dims), i);
      sizes[i] = outputSize.length == 0 ? smallest : outputSize[i];
      if (sizes[i] <= smallest - stride || sizes[i] >= smallest + stride) {
        throw new IllegalArgumentException(
            name
                + ": output size "
                + sizes[i]
                + " in "
                + Longs.of(outputSize)
                + ", expected more"
                + " than "
                + (smallest - stride)
                + " and less than "
                + (smallest + stride));
      }
    }
    return new MaxUnpool(Longs.of(sizes));
  }

  private static long smallest(String name, MaxPool pooling, long size, int dimension) {
    int dims = pooling.kernel().size();
    Ints padding = pooling.padding();
    long before = padding.get(dimension);
    long after = padding.get(padding.size() == dims ? dimension : dims + dimension);
    try {
      return Math.addExact(
          Math.multiplyExact(size - 1, (long) pooling.stride().get(dimension)),
          pooling.kernel().get(dimension) - before - after);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          name
              + ": input size "
              + size
              + " and stride "
              + pooling.stride().get(dimension)
              + " overflow a long",
          e);
    }
  }

  private static String name(Longs outputSize) {
    return "max_unpool" + outputSize.size() + "d";
  }

  @Override
  public String name() {
    return name(outputSize);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2);
    Layout x = inputs.get(0);
    Layout indices = inputs.get(1);
    int dims = outputSize.size();
    Windows.input(this, x, dims);
    Checks.sameDType(this, inputs, 1, DType.I64);
    Checks.check(
        indices.shape().equals(x.shape()),
        this,
        "indices have shape " + indices.shape() + ", expected the input's, " + x.shape());
    Shape shape = x.shape().range(0, x.rank() - dims);
    try {
      shape = shape.concat(Shape.of(outputSize.toArray()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          name() + ": output size " + outputSize + " is too large; " + e.getMessage(), e);
    }
    return List.of(Windows.like(x, dims, shape));
  }
}
