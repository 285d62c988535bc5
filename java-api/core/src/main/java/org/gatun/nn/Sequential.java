package org.gatun.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.Tensor;

/**
 * Layers one after the other, each applied to the result of the one before; without any, the tensor
 * as it is. The layers belong to it: it closes them.
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
    Tensor y = x;
    for (Layer layer : layers) {
      y = step(layer, y, x);
    }
    return y == x ? x.expand(x.shape().dims()) : y;
  }

  /** Returns the layer's function of a tensor, which is closed unless it is the caller's. */
  private static Tensor step(Layer layer, Tensor from, Tensor callers) {
    Tensor to = null;
    try {
      to = layer.forward(from);
      return to;
    } finally {
      if (from != callers && from != to) {
        from.close();
      }
    }
  }
}
