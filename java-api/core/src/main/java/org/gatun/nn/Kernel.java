package org.gatun.nn;

import org.gatun.Shape;
import org.gatun.op.Ints;

/**
 * The spatial dimensions of a convolution's weights.
 *
 * @param name the operator's, for messages
 * @param weights (channels, channels, kernel...)
 * @param spatialRank the number of the kernel's dimensions
 */
record Kernel(String name, Shape weights, int spatialRank) {
  Kernel {
    if (weights.rank() != spatialRank + 2) {
      throw new IllegalArgumentException(
          name
              + ": weights have shape "
              + weights
              + ", expected "
              + (spatialRank + 2)
              + " dimensions");
    }
  }

  /** Returns the size of one dimension. */
  long size(int dimension) {
    return weights.dim(2 + dimension);
  }

  /** Returns the dimensions of a kernel of these sizes, one for all dimensions or one for each. */
  static Shape shape(String name, int spatialRank, Ints sizes) {
    Ints each = each(name, spatialRank, "kernel", sizes);
    long[] dims = new long[spatialRank];
    for (int i = 0; i < spatialRank; i++) {
      dims[i] = Parameters.positive(name, "kernel", each.get(i));
    }
    return Shape.of(dims);
  }

  /** Returns one number for each dimension. */
  Ints each(String argument, Ints numbers) {
    return each(name, spatialRank, argument, numbers);
  }

  private static Ints each(String name, int spatialRank, String argument, Ints numbers) {
    if (numbers.size() == spatialRank) {
      return numbers;
    }
    if (numbers.size() != 1) {
      throw new IllegalArgumentException(
          name
              + ": "
              + argument
              + " "
              + numbers
              + ", expected "
              + (spatialRank == 1 ? "1 number" : "1 or " + spatialRank + " numbers"));
    }
    return Ints.repeat(numbers.get(0), spatialRank);
  }
}
