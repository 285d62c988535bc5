package org.gatun.nn;

import java.util.Objects;
import org.gatun.Shape;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Ints;
import org.gatun.op.Longs;

/**
 * The arguments of a transposed convolution, each one number for all spatial dimensions or one for
 * each.
 *
 * <pre>{@code
 * ConvTransposeOptions.defaults().withStride(2).withPadding(1).withOutputPadding(1)
 * ConvTransposeOptions.defaults().withStride(2).withOutputSize(64, 64)
 * }</pre>
 *
 * @param stride the steps in the result from one element of the input to the next
 * @param paddingBefore what is cut off before each dimension of the result
 * @param paddingAfter what is cut off after it
 * @param output how what is added after each dimension of the result is told
 * @param dilation the steps in the result between neighbouring elements of the kernel
 * @param groups the groups that the channels are divided in
 */
public record ConvTransposeOptions(
    Ints stride, Ints paddingBefore, Ints paddingAfter, Output output, Ints dilation, int groups) {
  /** Checks that nothing is null. */
  public ConvTransposeOptions {
    Objects.requireNonNull(stride, "conv_transpose options: stride is null");
    Objects.requireNonNull(paddingBefore, "conv_transpose options: paddingBefore is null");
    Objects.requireNonNull(paddingAfter, "conv_transpose options: paddingAfter is null");
    Objects.requireNonNull(output, "conv_transpose options: output is null");
    Objects.requireNonNull(dilation, "conv_transpose options: dilation is null");
  }

  private static final ConvTransposeOptions DEFAULTS =
      new ConvTransposeOptions(
          Ints.of(1), Ints.of(0), Ints.of(0), new Output.Padding(Ints.of(0)), Ints.of(1), 1);

  /** How what is added after each dimension of the result is told. */
  public sealed interface Output {
    /** So many elements, less than the stride or the dilation. */
    record Padding(Ints numbers) implements Output {
      /** Checks that nothing is null. */
      public Padding {
        Objects.requireNonNull(numbers, "conv_transpose options: numbers is null");
      }
    }

    /** As many as give the result these spatial dimensions. */
    record Size(Longs dims) implements Output {
      /** Checks that nothing is null. */
      public Size {
        Objects.requireNonNull(dims, "conv_transpose options: dims is null");
      }
    }
  }

  /** Returns the options of PyTorch's defaults: stride 1, no padding, dilation 1, one group. */
  public static ConvTransposeOptions defaults() {
    return DEFAULTS;
  }

  /** Returns these options with another stride. */
  public ConvTransposeOptions withStride(int... numbers) {
    return new ConvTransposeOptions(
        Ints.of(numbers), paddingBefore, paddingAfter, output, dilation, groups);
  }

  /** Returns these options with so much cut off before as well as after each dimension. */
  public ConvTransposeOptions withPadding(int... numbers) {
    return withPadding(Ints.of(numbers), Ints.of(numbers));
  }

  /** Returns these options with another padding before each dimension than after it. */
  public ConvTransposeOptions withPadding(Ints before, Ints after) {
    return new ConvTransposeOptions(stride, before, after, output, dilation, groups);
  }

  /** Returns these options with so much added after each dimension of the result. */
  public ConvTransposeOptions withOutputPadding(int... numbers) {
    return new ConvTransposeOptions(
        stride,
        paddingBefore,
        paddingAfter,
        new Output.Padding(Ints.of(numbers)),
        dilation,
        groups);
  }

  /** Returns these options with the spatial dimensions of the result, one or all of them. */
  public ConvTransposeOptions withOutputSize(long... dims) {
    return new ConvTransposeOptions(
        stride, paddingBefore, paddingAfter, new Output.Size(Longs.of(dims)), dilation, groups);
  }

  /** Returns these options with another dilation. */
  public ConvTransposeOptions withDilation(int... numbers) {
    return new ConvTransposeOptions(
        stride, paddingBefore, paddingAfter, output, Ints.of(numbers), groups);
  }

  /** Returns these options with another number of groups. */
  public ConvTransposeOptions withGroups(int count) {
    return new ConvTransposeOptions(stride, paddingBefore, paddingAfter, output, dilation, count);
  }

  /**
   * Returns the operator for weights and an input of these shapes.
   *
   * @throws IllegalArgumentException if a number is out of range, there are more or fewer of them
   *     than spatial dimensions, or the input cannot have a result of the size asked for
   */
  ConvTranspose operator(Kernel kernel, Shape input, boolean bias) {
    Ints added =
        switch (output) {
          case Output.Padding(Ints numbers) -> kernel.each("output padding", numbers);
          case Output.Size(Longs dims) -> toReach(dims, kernel, input);
        };
    return new ConvTranspose(
        kernel.each("stride", stride),
        kernel.each("padding", paddingBefore),
        kernel.each("padding", paddingAfter),
        added,
        kernel.each("dilation", dilation),
        groups,
        bias);
  }

  /** Returns what is to be added to a result without output padding. */
  private Ints toReach(Longs dims, Kernel kernel, Shape input) {
    int rank = kernel.spatialRank();
    if (dims.size() != 1 && dims.size() != rank) {
      throw new IllegalArgumentException(
          kernel.name()
              + ": output size "
              + dims
              + ", expected "
              + (rank == 1 ? "1 number" : "1 or " + rank + " numbers"));
    }
    if (input.rank() != rank + 1 && input.rank() != rank + 2) {
      throw new IllegalArgumentException(
          kernel.name()
              + ": input has shape "
              + input
              + ", expected "
              + (rank + 2)
              + " dimensions, or "
              + (rank + 1)
              + " without a batch");
    }
    int[] added = new int[rank];
    for (int i = 0; i < rank; i++) {
      long wanted = dims.get(dims.size() == 1 ? 0 : i);
      long step = kernel.each("stride", stride).get(i);
      long least =
          (input.dim(i - rank) - 1) * step
              - kernel.each("padding", paddingBefore).get(i)
              - kernel.each("padding", paddingAfter).get(i)
              + (kernel.size(i) - 1) * kernel.each("dilation", dilation).get(i)
              + 1;
      long most = least + step - 1;
      if (wanted < least || wanted > most) {
        throw new IllegalArgumentException(
            kernel.name()
                + ": output size "
                + wanted
                + " in "
                + dims
                + " for input of shape "
                + input
                + ", expected "
                + least
                + " to "
                + most);
      }
      added[i] = (int) (wanted - least);
    }
    return Ints.of(added);
  }
}
