package org.gatun.nn;

import java.util.Arrays;
import java.util.Objects;
import org.gatun.op.Conv;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.Pad;
import org.gatun.op.PadMode;

/**
 * The arguments of a convolution, each one number for all spatial dimensions or one for each.
 *
 * <pre>{@code
 * ConvOptions.defaults().withStride(2).withPadding(1)
 * ConvOptions.defaults().withSamePadding().withGroups(32)
 * ConvOptions.defaults().withPadding(1).withPaddingMode(PadMode.REFLECT)
 * }</pre>
 *
 * @param stride the steps between neighbouring applications of the kernel
 * @param padding how many elements are put around the input
 * @param paddingMode which ones: {@code CONSTANT} for zeros, or elements of the input
 * @param dilation the steps between neighbouring elements of the kernel
 * @param groups the groups that the channels are divided in
 */
public record ConvOptions(
    Ints stride, Padding padding, PadMode paddingMode, Ints dilation, int groups) {
  /** Checks that nothing is null. */
  public ConvOptions {
    Objects.requireNonNull(stride, "conv options: stride is null");
    Objects.requireNonNull(padding, "conv options: padding is null");
    Objects.requireNonNull(paddingMode, "conv options: paddingMode is null");
    Objects.requireNonNull(dilation, "conv options: dilation is null");
  }

  private static final ConvOptions DEFAULTS =
      new ConvOptions(
          Ints.of(1), new Padding.Sizes(Ints.of(0), Ints.of(0)), PadMode.CONSTANT, Ints.of(1), 1);

  /** How many elements are put around the input. */
  public sealed interface Padding {
    /** So many before and after each spatial dimension. */
    record Sizes(Ints before, Ints after) implements Padding {
      /** Checks that nothing is null. */
      public Sizes {
        Objects.requireNonNull(before, "conv options: before is null");
        Objects.requireNonNull(after, "conv options: after is null");
      }
    }

    /** As many as give the result the input's size, one more after than before if need be. */
    record Same() implements Padding {}
  }

  /** Returns the options of PyTorch's defaults: stride 1, no padding, dilation 1, one group. */
  public static ConvOptions defaults() {
    return DEFAULTS;
  }

  /** Returns these options with another stride. */
  public ConvOptions withStride(int... numbers) {
    return new ConvOptions(Ints.of(numbers), padding, paddingMode, dilation, groups);
  }

  /** Returns these options with so much padding before as well as after each dimension. */
  public ConvOptions withPadding(int... numbers) {
    return withPadding(Ints.of(numbers), Ints.of(numbers));
  }

  /** Returns these options with another padding before each dimension than after it. */
  public ConvOptions withPadding(Ints before, Ints after) {
    return new ConvOptions(stride, new Padding.Sizes(before, after), paddingMode, dilation, groups);
  }

  /** Returns these options with PyTorch's padding "same", which stride 1 allows alone. */
  public ConvOptions withSamePadding() {
    return new ConvOptions(stride, new Padding.Same(), paddingMode, dilation, groups);
  }

  /** Returns these options with PyTorch's padding "valid": none. */
  public ConvOptions withValidPadding() {
    return withPadding(0);
  }

  /**
   * Returns these options with padding of another kind: {@code CONSTANT}, PyTorch's "zeros", {@code
   * REFLECT}, {@code REPLICATE} or {@code CIRCULAR}.
   */
  public ConvOptions withPaddingMode(PadMode mode) {
    return new ConvOptions(stride, padding, mode, dilation, groups);
  }

  /** Returns these options with another dilation. */
  public ConvOptions withDilation(int... numbers) {
    return new ConvOptions(stride, padding, paddingMode, Ints.of(numbers), groups);
  }

  /** Returns these options with another number of groups. */
  public ConvOptions withGroups(int count) {
    return new ConvOptions(stride, padding, paddingMode, dilation, count);
  }

  /**
   * Returns the operator for weights of this shape, and the padding before it.
   *
   * @throws IllegalArgumentException if a number is out of range, there are more or fewer of them
   *     than spatial dimensions, or padding is "same" with a stride
   */
  PaddedConv operator(Kernel kernel, boolean bias) {
    Ints steps = kernel.each("stride", stride);
    Ints spread = kernel.each("dilation", dilation);
    Conv conv =
        switch (padding) {
          case Padding.Sizes(Ints before, Ints after) ->
              new Conv(
                  steps,
                  kernel.each("padding", before),
                  kernel.each("padding", after),
                  spread,
                  groups,
                  bias);
          case Padding.Same _ -> same(kernel, steps, spread, bias);
        };
    Ints none = Ints.repeat(0, kernel.spatialRank());
    boolean padded = !conv.paddingBefore().equals(none) || !conv.paddingAfter().equals(none);
    if (paddingMode == PadMode.CONSTANT || !padded) {
      return new PaddedConv(null, conv);
    }
    Pad pad = new Pad(longs(conv.paddingBefore()), longs(conv.paddingAfter()), paddingMode, 0);
    return new PaddedConv(pad, new Conv(steps, none, none, spread, groups, bias));
  }

  private static Longs longs(Ints values) {
    return Longs.of(Arrays.stream(values.toArray()).asLongStream().toArray());
  }

  private Conv same(Kernel kernel, Ints steps, Ints spread, boolean bias) {
    int rank = kernel.spatialRank();
    if (!steps.equals(Ints.repeat(1, rank))) {
      throw new IllegalArgumentException(
          kernel.name() + ": padding same with stride " + steps + ", expected stride 1");
    }
    int[] before = new int[rank];
    int[] after = new int[rank];
    for (int i = 0; i < rank; i++) {
      long total = (kernel.size(i) - 1) * spread.get(i);
      if (total > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            kernel.name()
                + ": padding same is "
                + total
                + " for kernel "
                + kernel.size(i)
                + " and dilation "
                + spread.get(i)
                + ", expected at most "
                + Integer.MAX_VALUE);
      }
      before[i] = (int) Math.max(0, total / 2);
      after[i] = (int) Math.max(0, total - total / 2);
    }
    return new Conv(steps, Ints.of(before), Ints.of(after), spread, groups, bias);
  }
}
