package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Numbers that are uniform from {@code low} to {@code high}: {@code low + (high - low) u}, rounded
 * to the dtype. Where the dtype is coarse between the two {@code high} may come out; from 0 to 1 in
 * f32 and f64 it does not.
 *
 * <p>Input: a seed; see {@link Stochastic}. In f64 u is the upper 53 of 64 bits, divided by {@code
 * 2^53}; in other dtypes the upper 24 of 32 bits, divided by {@code 2^24}.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.rand.html">PyTorch, rand</a>
 * and <a href="https://pytorch.org/docs/stable/generated/torch.Tensor.uniform_.html">uniform_</a>;
 * ONNX RandomUniform.
 *
 * @param low the least number
 * @param high the bound above, not less than {@code low}
 * @param dtype a floating-point one
 * @param shape of the result
 */
public record Uniform(double low, double high, DType dtype, Shape shape) implements Stochastic {
  /** Checks the arguments. */
  public Uniform {
    Objects.requireNonNull(dtype, "uniform: dtype is null");
    Objects.requireNonNull(shape, "uniform: shape is null");
    Draws.finite("uniform", "low", low);
    Draws.finite("uniform", "high", high);
    if (low > high || !Double.isFinite(high - low)) {
      throw new IllegalArgumentException(
          "uniform: low "
              + low
              + " and high "
              + high
              + ", expected high not to be less, nor"
              + " further from low than the largest f64");
    }
    Draws.floating("uniform", dtype);
  }

  @Override
  public String name() {
    return "uniform";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    return Draws.infer(this, inputs, dtype, shape);
  }
}
