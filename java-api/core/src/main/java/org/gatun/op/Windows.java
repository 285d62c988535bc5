package org.gatun.op;

import org.gatun.Layout;
import org.gatun.Shape;

/** What the operators on sliding windows have in common: their checks and the size they give. */
final class Windows {
  private static final int MOST_DIMENSIONS = 3;

  private Windows() {}

  /** Checks the size of windows and returns it. */
  static Ints kernel(String name, Ints kernel) {
    check(
        kernel.size() >= 1 && kernel.size() <= MOST_DIMENSIONS,
        name,
        "kernel " + kernel + ", expected a size for each of 1 to 3 dimensions");
    return atLeast(name, "kernel", kernel, 1);
  }

  /** Checks a list of one number for each dimension of the windows, and returns it. */
  static Ints perDimension(String name, String argument, Ints values, Ints kernel, int least) {
    check(
        values.size() == kernel.size(),
        name,
        argument
            + " "
            + values
            + ", expected "
            + kernel.size()
            + " numbers, as the kernel "
            + kernel
            + " has");
    return atLeast(name, argument, values, least);
  }

  /**
   * Checks the padding and returns it. PyTorch's, the same on both sides, is at most half the
   * window; ONNX's, begins and then ends, is less than the window, so that none is all padding.
   */
  static Ints padding(String name, Ints padding, Ints kernel, Ints dilation) {
    int dims = kernel.size();
    check(
        padding.size() == dims || padding.size() == 2 * dims,
        name,
        "padding "
            + padding
            + ", expected "
            + dims
            + " numbers, or "
            + 2 * dims
            + ": all begins, then all ends");
    for (int i = 0; i < padding.size(); i++) {
      long window = extent(kernel, dilation, i % dims);
      long most = padding.size() == dims ? window / 2 : window - 1;
      check(
          padding.get(i) >= 0 && padding.get(i) <= most,
          name,
          "padding "
              + padding.get(i)
              + " in "
              + padding
              + ", expected 0 to "
              + most
              + " for a window of "
              + window);
    }
    return padding;
  }

  private static Ints atLeast(String name, String argument, Ints values, int least) {
    for (int i = 0; i < values.size(); i++) {
      check(
          values.get(i) >= least,
          name,
          argument + " " + values.get(i) + " in " + values + ", expected " + least + " or more");
    }
    return values;
  }

  private static void check(boolean condition, String name, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(name + ": " + problem);
    }
  }

  /** Returns how many elements a window spans, from its first to its last. */
  private static long extent(Ints kernel, Ints dilation, int dimension) {
    return (kernel.get(dimension) - 1L) * dilation.get(dimension) + 1;
  }

  /** Checks the sizes of a result that are given for each of one to three dimensions. */
  static void outputSize(String name, Ints outputSize) {
    check(
        outputSize.size() >= 1 && outputSize.size() <= MOST_DIMENSIONS,
        name,
        "output size " + outputSize + ", expected one for each of 1 to 3 dimensions");
    for (int i = 0; i < outputSize.size(); i++) {
      check(
          outputSize.get(i) >= -1,
          name,
          "output size "
              + outputSize.get(i)
              + " in "
              + outputSize
              + ", expected 0 or more, or -1 for the input's");
    }
  }

  /**
   * Checks that the input is floating-point and a batch of channels, or the channels of one without
   * a batch, with as many further dimensions as the windows have; only the batch may be empty.
   */
  static void input(Op op, Layout input, int dims) {
    Checks.floating(op, input, "input");
    images(op, input, dims);
  }

  /** Checks the dimensions of the input as {@link #input} does, whatever its elements. */
  static void images(Op op, Layout input, int dims) {
    Checks.check(
        input.rank() == dims + 1 || input.rank() == dims + 2,
        op,
        "input has shape "
            + input.shape()
            + ", expected "
            + (dims + 2)
            + " dimensions, or "
            + (dims + 1)
            + " without a batch");
    int first = input.rank() - dims - 1;
    for (int axis = first; axis < input.rank(); axis++) {
      Checks.check(
          input.dim(axis) > 0,
          op,
          "input has shape " + input.shape() + ", expected no dimension but the batch to be 0");
    }
  }

  /**
   * Returns the shape of the result. With {@code ceilMode} the last window may reach beyond the
   * padding, but it starts in the input or in the padding before it.
   */
  static Shape output(
      Op op, Shape input, Ints kernel, Ints stride, Ints padding, Ints dilation, boolean ceilMode) {
    Shape result = input;
    int dims = kernel.size();
    for (int i = 0; i < dims; i++) {
      int axis = input.rank() - dims + i;
      long before = padding.get(i);
      long after = padding.get(padding.size() == dims ? i : dims + i);
      long padded = input.dim(axis) + before + after;
      long window = extent(kernel, dilation, i);
      Checks.check(
          window <= padded,
          op,
          "kernel "
              + kernel.get(i)
              + (dilation.get(i) == 1 ? "" : " with dilation " + dilation.get(i))
              + " larger than padded input "
              + padded
              + " in dimension "
              + axis);
      long steps = padded - window;
      long size = (ceilMode ? Math.ceilDiv(steps, stride.get(i)) : steps / stride.get(i)) + 1;
      if (ceilMode && (size - 1) * stride.get(i) >= input.dim(axis) + before) {
        size--;
      }
      result = result.with(axis, size);
    }
    return result;
  }

  /** Returns the shape of a result of given sizes, -1 for those of the input. */
  static Shape output(Shape input, Ints outputSize) {
    Shape shape = input;
    for (int i = 0; i < outputSize.size(); i++) {
      if (outputSize.get(i) >= 0) {
        shape = shape.with(input.rank() - outputSize.size() + i, outputSize.get(i));
      }
    }
    return shape;
  }

  /** Returns the layout of a result: channels-last if there is a batch and the input is. */
  static Layout like(Layout input, int dims, Shape shape) {
    return input.rank() == dims + 2
        ? Layout.like(input, input.dtype(), shape)
        : Layout.of(input.dtype(), shape);
  }
}
