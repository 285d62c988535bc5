package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * The cross-correlation of an image, a signal or a volume with kernels: {@code y[n,o,p] = b[o] +
 * sum over c, k of x[n, c, p * stride - padding + k * dilation] * w[o,c,k]}, where x is zero
 * outside; c runs over the channels of o's group.
 *
 * <p>Inputs: x of shape (N, in, spatial...) or (in, spatial...), weights (out, in/groups,
 * kernel...), and the bias (out) where there is one. Result: (N, out, spatial...), a spatial size
 * being {@code (size + padding - dilation * (kernel - 1) - 1) / stride + 1}, rounded down. A
 * channels-last input has a channels-last result.
 *
 * <p>Where a weight is infinite or NaN, its product with padding is 0 in some kernels and NaN in
 * others.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html">PyTorch,
 * conv2d</a>; ONNX Conv.
 *
 * @param stride the steps between neighbouring applications of the kernel, 1 or more
 * @param paddingBefore the zeros before each spatial dimension
 * @param paddingAfter the zeros after it; PyTorch's are the same as those before
 * @param dilation the steps between neighbouring elements of the kernel, 1 or more
 * @param groups the groups that both channel dimensions are divided in, 1 or more
 * @param bias whether there is a third input, the bias
 */
public record Conv(
    Ints stride, Ints paddingBefore, Ints paddingAfter, Ints dilation, int groups, boolean bias)
    implements Convolution {
  /** Checks the numbers. */
  public Conv {
    ConvolutionArguments.check(name(stride), stride, paddingBefore, paddingAfter, dilation, groups);
  }

  private static String name(Ints stride) {
    return "conv" + stride.size() + "d";
  }

  @Override
  public String name() {
    return name(stride);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    ConvolutionArguments.inputs(this, inputs, 1, "out, in/groups");
    Layout x = inputs.get(0);
    Layout weights = inputs.get(1);
    long[] spatial = new long[spatialRank()];
    for (int i = 0; i < spatial.length; i++) {
      spatial[i] = size(x, weights, i);
    }
    return ConvolutionArguments.result(this, x, weights.dim(0), spatial);
  }

  private long size(Layout x, Layout weights, int i) {
    long size = x.dim(i - spatialRank());
    long kernel = weights.dim(2 + i);
    try {
      long padded = Math.addExact(size, (long) paddingBefore.get(i) + paddingAfter.get(i));
      long reach = Math.addExact(Math.multiplyExact(kernel - 1, (long) dilation.get(i)), 1);
      Checks.check(
          reach <= padded,
          this,
          "kernel "
              + kernel
              + " with dilation "
              + dilation.get(i)
              + " reaches over "
              + reach
              + " elements, expected at most the "
              + padded
              + " of the padded input of shape "
              + x.shape());
      return (padded - reach) / stride.get(i) + 1;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          name()
              + ": kernel "
              + kernel
              + ", dilation "
              + dilation.get(i)
              + " and input of shape "
              + x.shape()
              + " overflow a long",
          e);
    }
  }
}
