package org.gatun.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Precision;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Dynamic tanh, {@code weight * tanh(alpha * x) + bias}, which takes the place of a normalization;
 * see {@link org.gatun.op.DyT}. Safe for use by many threads.
 *
 * <p>Source: <a href="https://arxiv.org/abs/2503.10622">Zhu et al., Transformers without
 * Normalization</a>. The parameters have the names of its authors' {@code DynamicTanh}.
 */
public final class DyT implements Layer {
  /** What alpha begins with where nothing is said. */
  public static final double ALPHA = 0.5;

  private static final String NAME = "dyt";

  private final org.gatun.op.DyT op;
  private final Bound bound;

  /**
   * Makes a layer of given parameters, which it owns from now on.
   *
   * @param alpha one number
   * @param weight of shape (channels), or null
   * @param bias of shape (channels), or null
   * @param channelsFirst whether the channels are dimension 1 of the input, and not the last
   */
  public DyT(Tensor alpha, @Nullable Tensor weight, @Nullable Tensor bias, boolean channelsFirst) {
    this.op = new org.gatun.op.DyT(channelsFirst, weight != null, bias != null);
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    parameters.put("alpha", Objects.requireNonNull(alpha, NAME + ": alpha is null"));
    parameters.putAll(Parameters.byName(weight, bias));
    this.bound = new Bound(NAME, parameters);
  }

  /**
   * Makes a layer of {@code f32} with weight 1 and bias 0, for inputs of shape (..., channels).
   *
   * @param alpha what alpha begins with
   * @throws IllegalArgumentException if the channels are less than 1
   */
  public DyT(int channels, double alpha) {
    this(
        Tensor.full(DType.F32, alpha, 1),
        Tensor.ones(DType.F32, Parameters.positive(NAME, "channels", channels)),
        Tensor.zeros(DType.F32, channels),
        false);
  }

  /** Makes a layer with an alpha of {@link #ALPHA}. */
  public DyT(int channels) {
    this(channels, ALPHA);
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
