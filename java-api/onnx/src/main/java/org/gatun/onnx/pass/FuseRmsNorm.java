package org.gatun.onnx.pass;

import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/**
 * Makes one SimplifiedLayerNormalization of {@code x / sqrt(mean(x^2) + epsilon) * scale}, with the
 * mean over the last dimension.
 */
final class FuseRmsNorm extends Rewrite {
  FuseRmsNorm() {
    super("fuse-rms-norm", "puts x / sqrt(mean(x^2) + epsilon) * scale into one node");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (GraphEdit.is(node, "Div", "Mul") && node.inputs().size() == 2) {
            fuse(graph, node);
          }
        });
  }

  private static void fuse(GraphEdit graph, Node node) {
    boolean divides = GraphEdit.is(node, "Div");
    for (int i = 0; i < (divides ? 1 : 2); i++) {
      String x = node.inputs().get(i);
      String other = node.inputs().get(1 - i);
      String mean = divides ? rooted(graph, other) : inverted(graph, other);
      Node sum = mean == null ? null : graph.producer(mean, "Add");
      GraphEdit.Operand operand = sum == null ? null : graph.operand(sum);
      Node reduction = operand == null ? null : graph.producer(operand.value(), "ReduceMean");
      if (operand != null
          && reduction != null
          && x.equals(FuseLayerNorm.squared(graph, reduction.inputs().getFirst()))
          && FuseLayerNorm.lastAxes(graph, reduction) == 1) {
        fuse(graph, node, x, operand.number());
        return;
      }
    }
  }

  /** Returns what the value is the root of, or null. */
  private static @Nullable String rooted(GraphEdit graph, String value) {
    Node root = graph.producer(value, "Sqrt", "Pow");
    return root != null && (GraphEdit.is(root, "Sqrt") || graph.number(root.inputs().get(1)) == 0.5)
        ? root.inputs().getFirst()
        : null;
  }

  /** Returns what the value is one by the root of, or null. */
  private static @Nullable String inverted(GraphEdit graph, String value) {
    Node node = graph.producer(value, "Reciprocal", "Div", "Pow");
    if (node == null) {
      return null;
    }
    String first = node.inputs().getFirst();
    return switch (node.operator()) {
      case "Reciprocal" -> rooted(graph, first);
      case "Div" -> graph.number(first) == 1 ? rooted(graph, node.inputs().get(1)) : null;
      default -> graph.number(node.inputs().get(1)) == -0.5 ? first : null;
    };
  }

  private static void fuse(GraphEdit graph, Node node, String x, double epsilon) {
    FuseLayerNorm.Narrowing narrowing = FuseLayerNorm.Narrowing.around(graph, x, node);
    Node last = narrowing.last();
    Node scaling = graph.soleUser(last.outputs().getFirst());
    String scale = scaling == null ? null : FuseLayerNorm.parameter(graph, scaling, "Mul", last, 1);
    if (scaling == null || scale == null) {
      return;
    }
    graph.replace(
        scaling,
        new Node(
            scaling.name(),
            "com.microsoft",
            "SimplifiedLayerNormalization",
            "",
            List.of(narrowing.x(), scale),
            scaling.outputs(),
            Map.of("axis", Attributes.of(-1), "epsilon", Attributes.of(epsilon))));
  }
}
