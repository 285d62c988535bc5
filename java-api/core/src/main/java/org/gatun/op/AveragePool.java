package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The mean of each window.
 *
 * <p>Input and size of the result: as for {@link MaxPool}, without dilation. The sum of a window is
 * divided by the number of its positions that lie in the input or, with {@code countIncludePad}, in
 * the input and its padding; what {@code ceilMode} adds beyond the padding never counts.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html">PyTorch,
 * avg_pool2d</a>; ONNX AveragePool.
 *
 * @param kernel the size of a window in each spatial dimension
 * @param stride the step from one window to the next
 * @param padding for each dimension the positions added on both sides, at most half the window; or
 *     twice as many numbers, first those added before and then those after
 * @param ceilMode whether the size is rounded up
 * @param countIncludePad whether padding counts as elements, which are 0
 * @param divisorOverride what sums are divided by instead, 0 for none
 */
public record AveragePool(
    Ints kernel,
    Ints stride,
    Ints padding,
    boolean ceilMode,
    boolean countIncludePad,
    int divisorOverride)
    implements Pooling {

  /** Checks the arguments. */
  public AveragePool {
    String name = name(kernel);
    Windows.kernel(name, kernel);
    Windows.perDimension(name, "stride", stride, kernel, 1);
    Windows.padding(name, padding, kernel, Ints.repeat(1, kernel.size()));
  }

  /**
   * Returns the operator on windows side by side: the stride is the kernel, without padding, which
   * would count.
   */
  public static AveragePool of(int... kernel) {
    Ints sizes = Ints.of(kernel);
    return new AveragePool(sizes, sizes, Ints.repeat(0, kernel.length), false, true, 0);
  }

  /** Returns this operator with another stride; one number serves all dimensions. */
  public AveragePool withStride(int... steps) {
    return new AveragePool(
        kernel, spread(steps), padding, ceilMode, countIncludePad, divisorOverride);
  }

  /** Returns this operator with padding; one number serves all dimensions. */
  public AveragePool withPadding(int... sizes) {
    return new AveragePool(
        kernel, stride, spread(sizes), ceilMode, countIncludePad, divisorOverride);
  }

  /** Returns this operator with the size of the result rounded up. */
  public AveragePool withCeilMode() {
    return new AveragePool(kernel, stride, padding, true, countIncludePad, divisorOverride);
  }

  /** Returns this operator with padding that does not count. */
  public AveragePool withoutPadCounted() {
    return new AveragePool(kernel, stride, padding, ceilMode, false, divisorOverride);
  }

  /**
   * Returns this operator with a divisor of its own.
   *
   * @throws IllegalArgumentException if it is 0
   */
  public AveragePool withDivisor(int divisor) {
    if (divisor == 0) {
      throw new IllegalArgumentException(name() + ": divisor 0, expected another number");
    }
    return new AveragePool(kernel, stride, padding, ceilMode, countIncludePad, divisor);
  }

  private Ints spread(int... values) {
    return values.length == 1 ? Ints.repeat(values[0], kernel.size()) : Ints.of(values);
  }

  private static String name(Ints kernel) {
    return "avg_pool" + kernel.size() + "d";
  }

  @Override
  public String name() {
    return name(kernel);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Windows.input(this, input, kernel.size());
    Ints dilation = Ints.repeat(1, kernel.size());
    Shape shape = Windows.output(this, input.shape(), kernel, stride, padding, dilation, ceilMode);
    return List.of(Windows.like(input, kernel.size(), shape));
  }
}
