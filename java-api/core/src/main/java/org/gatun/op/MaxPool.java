package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The largest element of each window. NaN is larger than any number; padding is never chosen.
 *
 * <p>Input: (N, C, spatial...) or (C, spatial...) with one to three spatial dimensions. The size of
 * the result is {@code (input + padding - dilation * (kernel - 1) - 1) / stride + 1}, rounded down
 * or, with {@code ceilMode}, up; then a window that would start behind the input and the padding
 * before it is left out. A second output, an i64 of the same shape, tells where the element stands
 * among those of its channel, counted in row-major order; the first one of equals. A window that is
 * all padding has the lowest number of the dtype, and index -1. Elements are numbers of any dtype.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html">PyTorch,
 * max_pool2d</a>; ONNX MaxPool.
 *
 * @param kernel the size of a window in each spatial dimension
 * @param stride the step from one window to the next
 * @param padding for each dimension the positions added on both sides, at most half the window; or
 *     twice as many numbers, first those added before and then those after
 * @param dilation the step from one element of a window to the next
 * @param ceilMode whether the size is rounded up
 * @param indices whether there is a second output
 */
public record MaxPool(
    Ints kernel, Ints stride, Ints padding, Ints dilation, boolean ceilMode, boolean indices)
    implements Pooling {

  /** Checks the arguments. */
  public MaxPool {
    String name = name(kernel);
    Windows.kernel(name, kernel);
    Windows.perDimension(name, "stride", stride, kernel, 1);
    Windows.perDimension(name, "dilation", dilation, kernel, 1);
    Windows.padding(name, padding, kernel, dilation);
  }

  /** Returns the operator on windows side by side: the stride is the kernel, without padding. */
  public static MaxPool of(int... kernel) {
    Ints sizes = Ints.of(kernel);
    Ints ones = Ints.repeat(1, kernel.length);
    return new MaxPool(sizes, sizes, Ints.repeat(0, kernel.length), ones, false, false);
  }

  /** Returns this operator with another stride; one number serves all dimensions. */
  public MaxPool withStride(int... steps) {
    return new MaxPool(kernel, spread(steps), padding, dilation, ceilMode, indices);
  }

  /** Returns this operator with padding; one number serves all dimensions. */
  public MaxPool withPadding(int... sizes) {
    return new MaxPool(kernel, stride, spread(sizes), dilation, ceilMode, indices);
  }

  /** Returns this operator with another dilation; one number serves all dimensions. */
  public MaxPool withDilation(int... steps) {
    return new MaxPool(kernel, stride, padding, spread(steps), ceilMode, indices);
  }

  /** Returns this operator with the size of the result rounded up. */
  public MaxPool withCeilMode() {
    return new MaxPool(kernel, stride, padding, dilation, true, indices);
  }

  /** Returns this operator with the indices as its second output. */
  public MaxPool withIndices() {
    return new MaxPool(kernel, stride, padding, dilation, ceilMode, true);
  }

  private Ints spread(int... values) {
    return values.length == 1 ? Ints.repeat(values[0], kernel.size()) : Ints.of(values);
  }

  private static String name(Ints kernel) {
    return "max_pool" + kernel.size() + "d";
  }

  @Override
  public String name() {
    return name(kernel);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Checks.check(
        input.dtype() != DType.BOOL, this, "input has dtype bool, expected one of numbers");
    Windows.images(this, input, kernel.size());
    Shape shape = Windows.output(this, input.shape(), kernel, stride, padding, dilation, ceilMode);
    Layout values = Windows.like(input, kernel.size(), shape);
    return indices ? List.of(values, values.withDType(DType.I64)) : List.of(values);
  }
}
