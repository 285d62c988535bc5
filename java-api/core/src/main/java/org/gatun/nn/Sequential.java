package org.gatun.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Precision;
import org.gatun.Tensor;
import org.gatun.runtime.Engine;
import org.gatun.runtime.PrecisionSupport;

/**
 * Layers one after the other, each applied to the result of the one before; without any, the tensor
 * as it is. The layers belong to it: it closes them. In {@link Precision#BF16} a function without
 * parameters of its own, such as {@code Tensor::relu}, gets {@code bf16}.
 *
 * <pre>{@code
 * Layer head = new Sequential(new BatchNorm2d(64), Tensor::relu, new Flatten(), classifier);
 * }</pre>
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.Sequential.html">PyTorch,
 * Sequential</a>.
 */
public final class Sequential implements Layer {
  private final Map<String, Layer> children;
  private final List<Layer> layers;
  private volatile Precision precision = Precision.F32;

  /** Makes a sequence of layers named {@code "0"}, {@code "1"} and so on. */
  public Sequential(Layer... layers) {
    this(numbered(layers));
  }

  /**
   * Makes a sequence of layers with names.
   *
   * @param layers in the map's order
   * @throws IllegalArgumentException if a name is empty or has a dot in it
   */
  public Sequential(Map<String, ? extends Layer> layers) {
    for (String name : layers.keySet()) {
      if (name.isEmpty() || name.contains(".")) {
        throw new IllegalArgumentException(
            "sequential: layer named '" + name + "', expected a name without a dot");
      }
    }
    this.children = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
    this.layers = List.copyOf(children.values());
  }

  private static Map<String, Layer> numbered(Layer... layers) {
    Objects.requireNonNull(layers, "sequential: layers is null");
    Map<String, Layer> named = new LinkedHashMap<>();
    for (Layer layer : layers) {
      named.put(String.valueOf(named.size()), layer);
    }
    return named;
  }

  @Override
  public Map<String, Layer> children() {
    return children;
  }

  @Override
  public Tensor forward(Tensor x) {
    Objects.requireNonNull(x, "sequential: x is null");
    boolean rounds =
        precision == Precision.BF16
            && PrecisionSupport.possible(Engine.current(), precision) == Precision.BF16;
    Tensor y = x;
    for (Layer layer : layers) {
      if (rounds) {
        y = step(in(takesBf16(layer) ? DType.BF16 : DType.F32), y, x);
      }
      y = step(layer, y, x);
    }
    if (rounds) {
      y = step(in(x.dtype() == DType.BF16 ? DType.BF16 : DType.F32), y, x);
    }
    return y == x ? x.expand(x.shape().dims()) : y;
  }

  /** Returns the function that gives tensors of the one of the two dtypes the other. */
  private static Layer in(DType wanted) {
    DType other = wanted == DType.F32 ? DType.BF16 : DType.F32;
    return x -> x.dtype() == other ? x.to(wanted) : x;
  }

  /** Returns whether a layer computes with bf16: those without parameters do with any dtype. */
  private static boolean takesBf16(Layer layer) {
    return switch (layer) {
      case ConvLayer _,
          ConvTransposeLayer _,
          DyT _,
          GroupNorm _,
          LayerNorm _,
          Linear _,
          MultiheadAttention _,
          RmsNorm _,
          Sequential _ ->
          true;
      default -> layer.state().isEmpty();
    };
  }

  @Override
  public void computeIn(Precision other) {
    precision = Objects.requireNonNull(other, "sequential: precision is null");
    Layer.super.computeIn(other);
  }

  /** Returns the layer's function of a tensor, which is closed unless it is the caller's. */
  private static Tensor step(Layer layer, Tensor from, Tensor callers) {
    Tensor to = null;
    try {
      to = Objects.requireNonNull(layer.forward(from), "sequential: a layer's result is null");
      return to;
    } finally {
      if (from != callers && from != to) {
        from.close();
      }
    }
  }
}
