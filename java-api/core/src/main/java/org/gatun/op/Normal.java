package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Numbers of a normal distribution, or of what lies of it between two bounds: {@code mean + std z},
 * rounded to the dtype, where z is the number that a standard normal one is below with probability
 * u.
 *
 * <p>Input: a seed; see {@link Stochastic}. In f64 u is {@code (k + 1/2) / 2^52}, k being the upper
 * 52 of 64 bits; in other dtypes it is {@code (k + 1/2) / 2^32}, k being 32 bits, so that z is
 * between -6.4 and 6.4. With bounds u is taken as the part of the way from the probability of the
 * lower one to that of the upper one; bounds above the mean are mirrored, for precision.
 *
 * <p>The quantile is computed by Wichura's algorithm AS 241 from additions, products, divisions and
 * square roots, which are exact to the last digit on every platform, and {@link StrictMath#log}.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.randn.html">PyTorch,
 * randn</a>, <a href="https://pytorch.org/docs/stable/generated/torch.normal.html">normal</a> and
 * trunc_normal_; ONNX RandomNormal.
 *
 * @param mean of the distribution without bounds
 * @param std its standard deviation, 0 or more
 * @param low the least number, negative infinity for no bound
 * @param high the largest number, infinity for no bound, more than {@code low}
 * @param dtype a floating-point one
 * @param shape of the result
 */
public record Normal(double mean, double std, double low, double high, DType dtype, Shape shape)
    implements Stochastic {
  /** Checks the arguments. */
  public Normal {
    Objects.requireNonNull(dtype, "normal: dtype is null");
    Objects.requireNonNull(shape, "normal: shape is null");
    Draws.finite("normal", "mean", mean);
    Draws.finite("normal", "std", std);
    if (std < 0) {
      throw new IllegalArgumentException("normal: std " + std + ", expected 0 or more");
    }
    if (!(low < high)) {
      throw new IllegalArgumentException(
          "normal: low " + low + " and high " + high + ", expected high to be more");
    }
    Draws.floating("normal", dtype);
  }

  /** Makes the operator without bounds. */
  public Normal(double mean, double std, DType dtype, Shape shape) {
    this(mean, std, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, dtype, shape);
  }

  /** Returns whether there is a bound. */
  public boolean isTruncated() {
    return low != Double.NEGATIVE_INFINITY || high != Double.POSITIVE_INFINITY;
  }

  @Override
  public String name() {
    return "normal";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    return Draws.infer(this, inputs, dtype, shape);
  }
}
