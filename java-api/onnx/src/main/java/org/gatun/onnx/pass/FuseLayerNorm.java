package org.gatun.onnx.pass;

import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.jspecify.annotations.Nullable;

/**
 * Makes one LayerNormalization of {@code (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon) *
 * scale + bias}, with the mean over the last dimensions.
 */
final class FuseLayerNorm extends Rewrite {
  FuseLayerNorm() {
    super("fuse-layer-norm", "puts mean, variance, scale and bias into one LayerNormalization");
  }

  /** What a Div normalizes. */
  private record Normalized(String x, int axes, double epsilon) {}

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          Normalized found = GraphEdit.is(node, "Div", "Mul") ? normalized(graph, node) : null;
          if (found != null) {
            fuse(graph, node, found);
          }
        });
  }

  private static @Nullable Normalized normalized(GraphEdit graph, Node node) {
    if (node.inputs().size() != 2) {
      return null;
    }
    boolean divides = GraphEdit.is(node, "Div");
    for (int i = 0; i < (divides ? 1 : 2); i++) {
      Node centred = graph.producer(node.inputs().get(i), "Sub");
      String other = node.inputs().get(1 - i);
      Node inverse = divides ? null : graph.producer(other, "Reciprocal");
      String deviation = divides ? other : inverse == null ? null : inverse.inputs().getFirst();
      Node root = deviation == null ? null : graph.producer(deviation, "Sqrt");
      if (centred != null && root != null) {
        Normalized found = normalized(graph, centred, root);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static @Nullable Normalized normalized(GraphEdit graph, Node centred, Node root) {
    String x = centred.inputs().getFirst();
    Node mean = graph.producer(centred.inputs().get(1), "ReduceMean");
    Node sum = graph.producer(root.inputs().getFirst(), "Add");
    GraphEdit.Operand operand = sum == null ? null : graph.operand(sum);
    Node variance = operand == null ? null : graph.producer(operand.value(), "ReduceMean");
    if (operand == null
        || mean == null
        || variance == null
        || !mean.inputs().getFirst().equals(x)) {
      return null;
    }
    int axes = lastAxes(graph, mean);
    String base = squared(graph, variance.inputs().getFirst());
    Node again = base == null ? null : graph.producer(base, "Sub");
    return axes > 0
            && axes == lastAxes(graph, variance)
            && again != null
            && again.inputs().equals(centred.inputs())
        ? new Normalized(x, axes, operand.number())
        : null;
  }

  /** Returns what the value is the square of, or null. */
  static @Nullable String squared(GraphEdit graph, String value) {
    Node power = graph.producer(value, "Pow", "Mul");
    if (power == null || power.inputs().size() != 2) {
      return null;
    }
    String first = power.inputs().getFirst();
    String second = power.inputs().get(1);
    boolean squares = GraphEdit.is(power, "Pow") ? graph.number(second) == 2 : first.equals(second);
    return squares ? first : null;
  }

  /** Returns over how many last axes a reduction goes that keeps them; 0 for any others. */
  static int lastAxes(GraphEdit graph, Node reduction) {
    long[] axes = MovementRules.axes(graph, reduction);
    if (axes == null || axes.length == 0 || Attributes.integer(reduction, "keepdims", 1) == 0) {
      return 0;
    }
    int rank = graph.shapes().rank(reduction.inputs().getFirst());
    boolean[] seen = new boolean[axes.length];
    for (long axis : axes) {
      long fromEnd = axis < 0 ? -axis : rank - axis;
      if ((axis >= 0 && rank < 0) || fromEnd < 1 || fromEnd > axes.length) {
        return 0;
      }
      seen[(int) fromEnd - 1] = true;
    }
    for (boolean found : seen) {
      if (!found) {
        return 0;
      }
    }
    return axes.length;
  }

  private static void fuse(GraphEdit graph, Node node, Normalized found) {
    Narrowing narrowing = Narrowing.around(graph, found.x(), node);
    Node scaling = graph.soleUser(narrowing.last().outputs().getFirst());
    String scale =
        scaling == null ? null : parameter(graph, scaling, "Mul", narrowing.last(), found.axes());
    if (scaling == null || scale == null) {
      return;
    }
    Node adding = graph.soleUser(scaling.outputs().getFirst());
    String bias = adding == null ? null : parameter(graph, adding, "Add", scaling, found.axes());
    Node root = adding == null || bias == null ? scaling : adding;
    String x = narrowing.x();
    graph.replace(
        root,
        new Node(
            root.name(),
            graph.opset(node) >= 17 ? "" : "com.microsoft",
            "LayerNormalization",
            "",
            bias == null ? List.of(x, scale) : List.of(x, scale, bias),
            root.outputs(),
            Map.of(
                "axis", Attributes.of(-found.axes()),
                "epsilon", Attributes.of(found.epsilon()))));
  }

  /** Returns the constant of so many dimensions that a node multiplies by or adds, or null. */
  static @Nullable String parameter(
      GraphEdit graph, Node node, String operator, Node before, int rank) {
    String other =
        GraphEdit.is(node, operator) ? GraphEdit.other(node, before.outputs().getFirst()) : null;
    TensorData data = other == null ? null : graph.constant(other);
    return data != null && data.shape().size() == rank ? other : null;
  }

  /**
   * A normalization that is computed in more precision than its input has.
   *
   * @param x what is normalized, before it is widened
   * @param last the node after which the result is of the type of {@code x}
   */
  record Narrowing(String x, Node last) {
    static Narrowing around(GraphEdit graph, String x, Node node) {
      Node widen = graph.producer(x, "Cast");
      Node narrow = graph.soleUser(node.outputs().getFirst());
      if (widen != null
          && narrow != null
          && GraphEdit.is(narrow, "Cast")
          && Attributes.integer(widen, "to", 0) == ElementType.FLOAT.code()) {
        ElementType type = graph.shapes().type(widen.inputs().getFirst());
        if (type != null
            && (type == ElementType.FLOAT16 || type == ElementType.BFLOAT16)
            && Attributes.integer(narrow, "to", 0) == type.code()) {
          return new Narrowing(widen.inputs().getFirst(), narrow);
        }
      }
      return new Narrowing(x, node);
    }
  }
}
