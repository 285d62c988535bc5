package org.gatun.onnx.pass;

import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/**
 * Makes one node of {@code x clip(x + 3, 0, 6) / 6}, also where it is written with HardSigmoid, and
 * a HardSigmoid of {@code clip(x + 3, 0, 6) / 6} alone. Of minus infinity hard-swish is 0 and not
 * NaN.
 */
final class FuseHardSwish extends Rewrite {
  FuseHardSwish() {
    super("fuse-hard-swish", "puts x * clip(x + 3, 0, 6) / 6 into one node");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          Product product = Product.of(graph, node);
          Node fused = product == null ? null : fused(graph, node, product);
          if (fused != null) {
            graph.replace(node, fused);
          }
        });
    // What is left without the factor x.
    graph.forEach(
        node -> {
          Product product = Product.of(graph, node);
          if (product != null && product.isConstant(1.0 / 6) && product.factors().size() == 1) {
            String x = clipped(graph, product.factors().getFirst());
            if (x != null) {
              graph.replace(node, hardSigmoid(node, x));
            }
          }
        });
  }

  private static @Nullable Node fused(GraphEdit graph, Node root, Product product) {
    if (product.factors().size() != 2) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      String x = product.factors().get(1 - i);
      String gate = product.factors().get(i);
      Node sigmoid = graph.producer(gate, "HardSigmoid");
      boolean written =
          sigmoid != null
              && product.isConstant(1)
              && sigmoid.inputs().getFirst().equals(x)
              && Math.abs(Attributes.number(sigmoid, "alpha", 0.2) - 1.0 / 6) < 1e-4
              && Attributes.number(sigmoid, "beta", 0.5) == 0.5;
      if (written || (product.isConstant(1.0 / 6) && x.equals(clipped(graph, gate)))) {
        return FuseSilu.call(root, "HardSwish", x);
      }
    }
    return null;
  }

  /** Returns x where the value is clip(x + 3, 0, 6), else null. */
  private static @Nullable String clipped(GraphEdit graph, String value) {
    Node clip = graph.producer(value, "Clip");
    if (clip == null || !isClip(graph, clip, 0, 6)) {
      return null;
    }
    Node add = graph.producer(clip.inputs().getFirst(), "Add");
    GraphEdit.Operand operand = add == null ? null : graph.operand(add);
    return operand != null && operand.number() == 3 ? operand.value() : null;
  }

  private static boolean isClip(GraphEdit graph, Node clip, double min, double max) {
    return FusedActivations.bound(graph, clip, 1, "min", Double.NEGATIVE_INFINITY) == min
        && FusedActivations.bound(graph, clip, 2, "max", Double.POSITIVE_INFINITY) == max;
  }

  private static Node hardSigmoid(Node root, String x) {
    return new Node(
        root.name(),
        "",
        "HardSigmoid",
        "",
        List.of(x),
        root.outputs(),
        Map.of("alpha", Attributes.of(1.0 / 6), "beta", Attributes.of(0.5)));
  }
}
