package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The norm of each window: {@code (sum of x^p)^(1/p)}. As in PyTorch x keeps its sign, so that the
 * result is NaN where the sum is negative, as it may be for odd p; and where {@code ceilMode} adds
 * windows that reach over the input, their sum is scaled up to that of a whole window.
 *
 * <p>Input and size of the result: as for {@link AveragePool}, without padding.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool2d.html">PyTorch,
 * lp_pool2d</a>.
 *
 * @param norm p, a finite number but 0
 * @param kernel the size of a window in each spatial dimension
 * @param stride the step from one window to the next
 * @param ceilMode whether the size is rounded up
 */
public record LpPool(double norm, Ints kernel, Ints stride, boolean ceilMode) implements Pooling {
  /** Checks the arguments. */
  public LpPool {
    String name = name(kernel);
    Windows.kernel(name, kernel);
    Windows.perDimension(name, "stride", stride, kernel, 1);
    if (norm == 0 || !Double.isFinite(norm)) {
      throw new IllegalArgumentException(
          name + ": norm " + norm + ", expected a finite number other than 0");
    }
  }

  /** Returns the operator on windows side by side: the stride is the kernel. */
  public static LpPool of(double norm, int... kernel) {
    return new LpPool(norm, Ints.of(kernel), Ints.of(kernel), false);
  }

  /** Returns this operator with another stride; one number serves all dimensions. */
  public LpPool withStride(int... steps) {
    Ints each = steps.length == 1 ? Ints.repeat(steps[0], kernel.size()) : Ints.of(steps);
    return new LpPool(norm, kernel, each, ceilMode);
  }

  /** Returns this operator with the size of the result rounded up. */
  public LpPool withCeilMode() {
    return new LpPool(norm, kernel, stride, true);
  }

  private static String name(Ints kernel) {
    return "lp_pool" + kernel.size() + "d";
  }

  @Override
  public String name() {
    return name(kernel);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    int dims = kernel.size();
    Windows.input(this, input, dims);
    Ints none = Ints.repeat(0, dims);
    Ints ones = Ints.repeat(1, dims);
    Shape shape = Windows.output(this, input.shape(), kernel, stride, none, ones, ceilMode);
    return List.of(Windows.like(input, dims, shape));
  }
}
