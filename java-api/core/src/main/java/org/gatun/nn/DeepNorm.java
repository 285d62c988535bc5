package org.gatun.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.op.Longs;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * A layer with its input beside it, normalized: {@code layer_norm(alpha * x + layer(x))}; see
 * {@link org.gatun.op.DeepNorm}. The layer inside belongs to it.
 *
 * <pre>{@code
 * DeepNormFactors factors = DeepNormFactors.of(48);
 * Layer block = new DeepNorm(feedForward, factors.alpha(), 512);
 * }</pre>
 *
 * <p>Source: <a href="https://arxiv.org/abs/2203.00555">Wang et al., DeepNet: Scaling Transformers
 * to 1,000 Layers</a>.
 */
public final class DeepNorm implements Layer {
  private static final double EPS = 1e-5;

  private final Layer layer;
  private final org.gatun.op.DeepNorm op;
  private final Map<String, Tensor> own;

  /**
   * Makes a layer of given parameters, which it owns from now on.
   *
   * @param layer whose result has the shape of its input; named {@code layer} among the children
   * @param alpha the factor of the input, see {@link DeepNormFactors}
   * @param normalizedShape the last dimensions of the input
   * @param weight of that shape, or null
   * @param bias of that shape, or null
   * @throws IllegalArgumentException if the shape has no dimension, or a number is not finite
   */
  public DeepNorm(
      Layer layer,
      double alpha,
      long[] normalizedShape,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      double eps) {
    this.layer = Objects.requireNonNull(layer, "deep_norm: layer is null");
    this.op =
        new org.gatun.op.DeepNorm(
            Longs.of(normalizedShape), alpha, weight != null, bias != null, eps);
    this.own = Parameters.byName(weight, bias);
    own.values().forEach(org.gatun.Scope::detach);
  }

  /** Makes a layer of {@code f32} with weight 1, bias 0 and eps 1e-5. */
  public DeepNorm(Layer layer, double alpha, long... normalizedShape) {
    this(
        layer,
        alpha,
        normalizedShape,
        Tensor.ones(DType.F32, normalizedShape),
        Tensor.zeros(DType.F32, normalizedShape),
        EPS);
  }

  @Override
  public Tensor forward(Tensor x) {
    Objects.requireNonNull(x, "deep_norm: x is null");
    try (Tensor result =
        Objects.requireNonNull(layer.forward(x), "deep_norm: the layer's result is null")) {
      Tensor[] inputs = new Tensor[2 + own.size()];
      inputs[0] = x;
      inputs[1] = result;
      int next = 2;
      for (Tensor parameter : own.values()) {
        inputs[next++] = parameter;
      }
      return Engine.current().run(op, inputs);
    }
  }

  @Override
  public Map<String, Layer> children() {
    return Map.of("layer", layer);
  }

  @Override
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> all = new LinkedHashMap<>(own);
    all.putAll(Layer.super.parameters());
    return Collections.unmodifiableMap(all);
  }

  @Override
  public void close() {
    own.values().forEach(Tensor::close);
    layer.close();
  }
}
