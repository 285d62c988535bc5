package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Numbers of an exponential distribution: {@code -log(u) / rate}, rounded to the dtype.
 *
 * <p>Input: a seed; see {@link Stochastic}. In f64 u is {@code (k + 1/2) / 2^52}, k being the upper
 * 52 of 64 bits; in other dtypes it is {@code (k + 1/2) / 2^32}, k being 32 bits. The logarithm is
 * {@link StrictMath#log}.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.Tensor.exponential_.html">PyTorch,
 * exponential_</a>.
 *
 * @param rate the inverse of the mean, more than 0
 * @param dtype a floating-point one
 * @param shape of the result
 */
public record Exponential(double rate, DType dtype, Shape shape) implements Stochastic {
  /** Checks the arguments. */
  public Exponential {
    Objects.requireNonNull(dtype, "exponential: dtype is null");
    Objects.requireNonNull(shape, "exponential: shape is null");
    if (!(rate > 0) || !Double.isFinite(rate)) {
      throw new IllegalArgumentException(
          "exponential: rate " + rate + ", expected a finite number above 0");
    }
    Draws.floating("exponential", dtype);
  }

  @Override
  public String name() {
    return "exponential";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    return Draws.infer(this, inputs, dtype, shape);
  }
}
