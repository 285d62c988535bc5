package org.gatun.nn;

import java.util.Map;
import java.util.OptionalDouble;
import org.gatun.DType;
import org.gatun.Precision;
import org.gatun.Tensor;
import org.gatun.op.Longs;
import org.jspecify.annotations.Nullable;

/**
 * The elements of the last dimensions scaled to a mean square of 1; see {@link
 * org.gatun.op.RmsNorm}. Safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html">PyTorch,
 * RMSNorm</a>.
 */
public final class RmsNorm implements Layer {
  private final org.gatun.op.RmsNorm op;
  private final Bound bound;

  /**
   * Makes a layer of a given weight, which it owns from now on.
   *
   * @param normalizedShape the last dimensions of the input
   * @param weight of that shape, or null
   * @param eps none for the dtype's epsilon
   * @throws IllegalArgumentException if the shape has no dimension or eps is not finite
   */
  public RmsNorm(long[] normalizedShape, @Nullable Tensor weight, OptionalDouble eps) {
    this.op = new org.gatun.op.RmsNorm(Longs.of(normalizedShape), weight != null, eps);
    this.bound = new Bound("rms_norm", Parameters.byName(weight, null));
  }

  /** Makes a layer of {@code f32} with weight 1 and the dtype's epsilon. */
  public RmsNorm(long... normalizedShape) {
    this(normalizedShape, Tensor.ones(DType.F32, normalizedShape), OptionalDouble.empty());
  }

  @Override
  public Tensor forward(Tensor x) {
    return bound.run(op, x);
  }

  @Override
  public Map<String, Tensor> parameters() {
    return bound.parameters();
  }

  @Override
  public void load(Map<String, Tensor> state) {
    bound.load(state);
  }

  @Override
  public void computeIn(Precision precision) {
    bound.computeIn(precision);
  }

  @Override
  public void close() {
    bound.close();
  }
}
