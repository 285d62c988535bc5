package org.gatun.nn;

import java.util.Map;
import org.gatun.DType;
import org.gatun.Precision;
import org.gatun.Tensor;
import org.gatun.op.Longs;
import org.jspecify.annotations.Nullable;

/**
 * The elements of the last dimensions shifted and scaled to mean 0 and variance 1; see {@link
 * org.gatun.op.LayerNorm}. Safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html">PyTorch,
 * LayerNorm</a>.
 */
public final class LayerNorm implements Layer {
  private final org.gatun.op.LayerNorm op;
  private final Bound bound;

  /**
   * Makes a layer of given parameters, which it owns from now on.
   *
   * @param normalizedShape the last dimensions of the input
   * @param weight of that shape, or null
   * @param bias of that shape, or null
   * @throws IllegalArgumentException if the shape has no dimension or eps is negative
   */
  public LayerNorm(
      long[] normalizedShape, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
    this.op =
        new org.gatun.op.LayerNorm(Longs.of(normalizedShape), weight != null, bias != null, eps);
    this.bound = new Bound("layer_norm", Parameters.byName(weight, bias));
  }

  /** Makes a layer of {@code f32} with weight 1, bias 0 and eps 1e-5. */
  public LayerNorm(long... normalizedShape) {
    this(
        normalizedShape,
        Tensor.ones(DType.F32, normalizedShape),
        Tensor.zeros(DType.F32, normalizedShape),
        1e-5);
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
