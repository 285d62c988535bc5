package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/** What {@link Conv} and {@link ConvTranspose} check alike. */
final class ConvolutionArguments {
  private static final int MAX_SPATIAL_RANK = 3;

  private ConvolutionArguments() {}

  /** Checks a list of numbers, one for each spatial dimension, none below a minimum. */
  static void numbers(String name, String argument, Ints numbers, int spatialRank, int minimum) {
    if (numbers.size() != spatialRank) {
      throw new IllegalArgumentException(
          name + ": " + argument + " " + numbers + ", expected " + spatialRank + " numbers");
    }
    for (int i = 0; i < numbers.size(); i++) {
      if (numbers.get(i) < minimum) {
        throw new IllegalArgumentException(
            name
                + ": "
                + argument
                + " "
                + numbers.get(i)
                + " in "
                + numbers
                + ", expected "
                + minimum
                + " or more");
      }
    }
  }

  /** Checks the arguments that both have. */
  static void check(String name, Ints stride, Ints before, Ints after, Ints dilation, int groups) {
    int rank = stride.size();
    if (rank < 1 || rank > MAX_SPATIAL_RANK) {
      throw new IllegalArgumentException(
          name + ": stride " + stride + ", expected 1 to " + MAX_SPATIAL_RANK + " numbers");
    }
    numbers(name, "stride", stride, rank, 1);
    numbers(name, "padding", before, rank, 0);
    numbers(name, "padding", after, rank, 0);
    numbers(name, "dilation", dilation, rank, 1);
    if (groups < 1) {
      throw new IllegalArgumentException(name + ": groups " + groups + ", expected 1 or more");
    }
  }

  /**
   * Checks dtypes, ranks and channels of the inputs.
   *
   * @param channelsIn the axis of the weights with the input's channels
   * @param weightsForm the weights' dimensions before the spatial ones, for messages
   */
  static void inputs(Convolution op, List<Layout> inputs, int channelsIn, String weightsForm) {
    Checks.inputs(op, inputs, op.bias() ? 3 : 2);
    Layout x = inputs.get(0);
    Layout weights = inputs.get(1);
    int spatial = op.spatialRank();
    Checks.floating(op, x, "input");
    Checks.sameDType(op, inputs, 1, x.dtype());
    Checks.check(
        x.rank() == spatial + 1 || x.rank() == spatial + 2,
        op,
        "input has shape "
            + x.shape()
            + ", expected "
            + (spatial + 2)
            + " dimensions, or "
            + (spatial + 1)
            + " without a batch");
    Checks.check(
        weights.rank() == spatial + 2,
        op,
        "weights have shape "
            + weights.shape()
            + ", expected ("
            + weightsForm
            + ") and "
            + spatial
            + " spatial dimensions");
    int groups = op.groups();
    Checks.check(
        weights.dim(0) % groups == 0,
        op,
        "groups "
            + groups
            + " for weights of shape "
            + weights.shape()
            + ", expected a divisor of "
            + weights.dim(0));
    long channels = x.dim(-spatial - 1);
    long expected =
        channelsIn == 0 ? weights.dim(0) : exact(op, weights.shape(), weights.dim(1), groups);
    Checks.check(
        channels == expected,
        op,
        "input of shape "
            + x.shape()
            + " has "
            + channels
            + " channels, expected "
            + expected
            + " for weights of shape "
            + weights.shape()
            + " and groups "
            + groups);
    for (int i = 0; i < spatial; i++) {
      Checks.check(
          weights.dim(2 + i) >= 1,
          op,
          "weights have shape " + weights.shape() + ", expected a kernel of 1 or more");
    }
    if (op.bias()) {
      Checks.sameDType(op, inputs, 2, x.dtype());
      long out =
          channelsIn == 0 ? exact(op, weights.shape(), weights.dim(1), groups) : weights.dim(0);
      Checks.check(
          inputs.get(2).shape().equals(Shape.of(out)),
          op,
          "bias has shape " + inputs.get(2).shape() + ", expected [" + out + "]");
    }
  }

  private static long exact(Op op, Shape weights, long channels, int groups) {
    try {
      return Math.multiplyExact(channels, (long) groups);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          op.name()
              + ": groups "
              + groups
              + " for weights of shape "
              + weights
              + ", more than 2^63 - 1 channels",
          e);
    }
  }

  /** Returns how the result lies: as the input does, batch or none. */
  static List<Layout> result(Convolution op, Layout x, long channels, long[] spatial) {
    Layout batched = op.batched(x);
    long[] dims = new long[spatial.length + 2];
    dims[0] = batched.dim(0);
    dims[1] = channels;
    System.arraycopy(spatial, 0, dims, 2, spatial.length);
    Shape shape;
    try {
      shape = Shape.of(dims);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          op.name()
              + ": input of shape "
              + x.shape()
              + ", its result is too large; "
              + e.getMessage(),
          e);
    }
    Layout result = Layout.like(batched, x.dtype(), shape);
    if (x.rank() == batched.rank()) {
      return List.of(result);
    }
    long[] strides = java.util.Arrays.copyOfRange(result.strides(), 1, dims.length);
    return List.of(Layout.of(x.dtype(), shape.range(1, dims.length), strides));
  }

  static Layout batched(Layout layout, int spatialRank) {
    if (layout.rank() == spatialRank + 2) {
      return layout;
    }
    long[] strides = new long[layout.rank() + 1];
    strides[0] = Math.max(1, layout.span());
    System.arraycopy(layout.strides(), 0, strides, 1, layout.rank());
    return Layout.of(layout.dtype(), Shape.of(1).concat(layout.shape()), strides);
  }
}
