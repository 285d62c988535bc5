package org.gatun.onnx.operator;

import java.util.Arrays;
import org.gatun.Shape;
import org.gatun.op.Ints;
import org.gatun.op.Longs;

/**
 * How a kernel slides over the spatial dimensions of an input: the attributes that convolutions and
 * poolings share, {@code auto_pad} resolved.
 *
 * @param kernel the size of the kernel
 * @param strides the steps from one position of the kernel to the next
 * @param dilations the steps from one element of the kernel to the next
 * @param begins what is put before each dimension
 * @param ends what is put after it
 */
record SlidingWindow(Ints kernel, Ints strides, Ints dilations, Ints begins, Ints ends) {
  /**
   * Returns the window of a node whose kernel is told by its attribute {@code kernel_shape}.
   *
   * @param x the shape of the input, (N, C, spatial...)
   */
  static SlidingWindow of(Call call, Shape x) {
    long[] kernel = call.integers("kernel_shape");
    if (kernel == null) {
      throw call.failure("attribute kernel_shape is missing");
    }
    return of(call, x, kernel);
  }

  /**
   * Returns the window of a node with weights, which tell the kernel.
   *
   * @param x the shape of the input, (N, C, spatial...)
   * @param weights their shape, (out, in, spatial...)
   */
  static SlidingWindow of(Call call, Shape x, Shape weights) {
    return of(call, x, kernel(call, x, weights));
  }

  /** Returns the spatial dimensions of weights, after a check that all agree. */
  static long[] kernel(Call call, Shape x, Shape weights) {
    if (x.rank() < 3 || weights.rank() != x.rank()) {
      throw call.failure(
          "input of shape "
              + x
              + " and weights of shape "
              + weights
              + ", expected (N, C, spatial...) and as many dimensions");
    }
    long[] kernel = weights.range(2, weights.rank()).dims();
    long[] declared = call.integers("kernel_shape");
    if (declared != null && !Arrays.equals(declared, kernel)) {
      throw call.failure(
          "attribute kernel_shape is "
              + Longs.of(declared)
              + ", expected that of the weights of shape "
              + weights);
    }
    return kernel;
  }

  private static SlidingWindow of(Call call, Shape x, long[] kernel) {
    int rank = kernel.length;
    if (x.rank() != rank + 2) {
      throw call.failure(
          "input has shape "
              + x
              + ", expected (N, C) and "
              + rank
              + " more dimensions, as the kernel "
              + Longs.of(kernel)
              + " has");
    }
    int[] sizes = ints(call, "kernel_shape", kernel, rank);
    int[] strides = ints(call, "strides", 1, rank);
    int[] dilations = ints(call, "dilations", 1, rank);
    checkPositive(call, "kernel_shape", sizes);
    checkPositive(call, "strides", strides);
    checkPositive(call, "dilations", dilations);
    int[] begins = new int[rank];
    int[] ends = new int[rank];
    String mode = call.text("auto_pad", "NOTSET");
    switch (mode) {
      case "NOTSET", "" -> {
        int[] pads = ints(call, "pads", 0, 2 * rank);
        begins = Arrays.copyOf(pads, rank);
        ends = Arrays.copyOfRange(pads, rank, 2 * rank);
      }
      case "VALID" -> {}
      case "SAME_UPPER", "SAME_LOWER" -> {
        for (int i = 0; i < rank; i++) {
          long total = samePadding(x.dim(2 + i), sizes[i], strides[i], dilations[i]);
          int less = Math.toIntExact(total / 2);
          int more = Math.toIntExact(total - total / 2);
          begins[i] = mode.equals("SAME_UPPER") ? less : more;
          ends[i] = mode.equals("SAME_UPPER") ? more : less;
        }
      }
      default ->
          throw call.failure(
              "attribute auto_pad is '"
                  + mode
                  + "', expected NOTSET, SAME_UPPER, SAME_LOWER or VALID");
    }
    return new SlidingWindow(
        Ints.of(sizes), Ints.of(strides), Ints.of(dilations), Ints.of(begins), Ints.of(ends));
  }

  private static void checkPositive(Call call, String name, int[] values) {
    for (int value : values) {
      if (value < 1) {
        throw call.failure(
            "attribute " + name + " is " + Ints.of(values) + ", expected numbers from 1 on");
      }
    }
  }

  /** The padding with which there are {@code ceil(size / stride)} positions. */
  private static long samePadding(long size, long kernel, long stride, long dilation) {
    long positions = Math.ceilDiv(size, stride);
    return Math.max(0, (positions - 1) * stride + (kernel - 1) * dilation + 1 - size);
  }

  /** Returns an attribute of so many small integers. */
  static int[] ints(Call call, String name, int otherwise, int count) {
    long[] values = call.integers(name);
    if (values == null || values.length == 0) {
      int[] repeated = new int[count];
      Arrays.fill(repeated, otherwise);
      return repeated;
    }
    return ints(call, name, values, count);
  }

  private static int[] ints(Call call, String name, long[] values, int count) {
    if (values.length != count) {
      throw call.failure(
          "attribute " + name + " is " + Longs.of(values) + ", expected " + count + " numbers");
    }
    int[] small = new int[count];
    for (int i = 0; i < count; i++) {
      small[i] = (int) values[i];
      if (small[i] != values[i]) {
        throw call.failure(
            "attribute " + name + " is " + Longs.of(values) + ", expected 32-bit integers");
      }
    }
    return small;
  }

  /** Returns whether the padding is to be found from the sizes, or none. */
  static boolean isAutomatic(Call call) {
    return switch (call.text("auto_pad", "NOTSET")) {
      case "NOTSET", "" -> false;
      default -> true;
    };
  }

  /** Returns the number of spatial dimensions. */
  int rank() {
    return kernel.size();
  }

  /** Returns what is put before each dimension and then after each, as poolings are told it. */
  Ints pads() {
    int[] pads = Arrays.copyOf(begins.toArray(), 2 * rank());
    System.arraycopy(ends.toArray(), 0, pads, rank(), rank());
    return Ints.of(pads);
  }

  /** Returns whether elements of the kernel lie apart. */
  boolean isDilated() {
    return !dilations.equals(Ints.repeat(1, rank()));
  }

  /** Returns the elements from the first to the last of the kernel in a dimension. */
  long reach(int dimension) {
    return (kernel.get(dimension) - 1L) * dilations.get(dimension) + 1;
  }

  /**
   * Returns the number of positions in a dimension. With {@code ceilMode} a last one may reach
   * beyond the padding, but it starts in the input or in the padding before it.
   */
  long positions(int dimension, long size, boolean ceilMode) {
    long steps = size + begins.get(dimension) + ends.get(dimension) - reach(dimension);
    long stride = strides.get(dimension);
    long count = (ceilMode ? Math.ceilDiv(steps, stride) : Math.floorDiv(steps, stride)) + 1;
    return ceilMode && (count - 1) * stride >= size + begins.get(dimension) ? count - 1 : count;
  }
}
