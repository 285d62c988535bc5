package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * The transposed convolution, which is the gradient of a convolution by its input: each element of
 * x adds a scaled copy of the kernel to the result, {@code y[n, o, p * stride - padding + k *
 * dilation] += x[n,c,p] * w[c,o,k]}, on top of the bias.
 *
 * <p>Inputs: x of shape (N, in, spatial...) or (in, spatial...), weights (in, out/groups,
 * kernel...), and the bias (out) where there is one. Result: (N, out, spatial...), a spatial size
 * being {@code (size - 1) * stride - padding + dilation * (kernel - 1) + outputPadding + 1}. A
 * channels-last input has a channels-last result.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html">
 * PyTorch, conv_transpose2d</a>; ONNX ConvTranspose.
 *
 * @param stride the steps in the result from one element of x to the next, 1 or more
 * @param paddingBefore what is cut off before each spatial dimension of the result
 * @param paddingAfter what is cut off after it; PyTorch's is the same as before
 * @param outputPadding what is added after each spatial dimension of the result, less than the
 *     stride or the dilation
 * @param dilation the steps in the result between neighbouring elements of the kernel, 1 or more
 * @param groups the groups that both channel dimensions are divided in, 1 or more
 * @param bias whether there is a third input, the bias
 */
public record ConvTranspose(
    Ints stride,
    Ints paddingBefore,
    Ints paddingAfter,
    Ints outputPadding,
    Ints dilation,
    int groups,
    boolean bias)
    implements Convolution {
  /** Checks the numbers. */
  public ConvTranspose {
    String name = name(stride);
    ConvolutionArguments.check(name, stride, paddingBefore, paddingAfter, dilation, groups);
    ConvolutionArguments.numbers(name, "output padding", outputPadding, stride.size(), 0);
    for (int i = 0; i < stride.size(); i++) {
      int limit = Math.max(stride.get(i), dilation.get(i));
      if (outputPadding.get(i) >= limit) {
        throw new IllegalArgumentException(
            name
                + ": output padding "
                + outputPadding.get(i)
                + " in "
                + outputPadding
                + ", expected less than "
                + limit
                + ", the larger of stride and dilation");
      }
    }
  }

  private static String name(Ints stride) {
    return "conv_transpose" + stride.size() + "d";
  }

  @Override
  public String name() {
    return name(stride);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    ConvolutionArguments.inputs(this, inputs, 0, "in, out/groups");
    Layout x = inputs.get(0);
    Layout weights = inputs.get(1);
    long[] spatial = new long[spatialRank()];
    for (int i = 0; i < spatial.length; i++) {
      spatial[i] = size(x, weights, i);
    }
    return ConvolutionArguments.result(
        this, x, Math.multiplyExact(weights.dim(1), (long) groups), spatial);
  }

  private long size(Layout x, Layout weights, int i) {
    long size = x.dim(i - spatialRank());
    long kernel = weights.dim(2 + i);
    Checks.check(
        size >= 1,
        this,
        "input has shape " + x.shape() + ", expected spatial dimensions of 1 or more");
    try {
      long reach = Math.addExact(Math.multiplyExact(kernel - 1, (long) dilation.get(i)), 1);
      long whole =
          Math.addExact(
              Math.addExact(Math.multiplyExact(size - 1, (long) stride.get(i)), reach),
              outputPadding.get(i));
      long cut = (long) paddingBefore.get(i) + paddingAfter.get(i);
      Checks.check(
          cut < whole,
          this,
          "padding "
              + paddingBefore.get(i)
              + " and "
              + paddingAfter.get(i)
              + " for input of shape "
              + x.shape()
              + " cuts "
              + cut
              + " elements off "
              + whole
              + ", expected less");
      return whole - cut;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          name()
              + ": kernel "
              + kernel
              + ", stride "
              + stride.get(i)
              + ", dilation "
              + dilation.get(i)
              + " and input of shape "
              + x.shape()
              + " overflow a long",
          e);
    }
  }
}
