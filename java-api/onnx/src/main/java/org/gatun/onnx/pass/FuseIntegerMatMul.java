package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.jspecify.annotations.Nullable;

/**
 * Puts what follows a product of integers that gives numbers into it: a bias, a residual that is
 * added, an activation, in this order. The result is the product's operator of {@code org.gatun},
 * with the residual as one more input and the activation as an attribute.
 *
 * <p>A fused ReLU may give 0 for NaN, and a fused GELU NaN for infinity, as {@link
 * org.gatun.op.Fused} says.
 */
final class FuseIntegerMatMul extends Rewrite {
  private static final String OWN = "org.gatun";

  FuseIntegerMatMul() {
    super(
        "fuse-integer-matmul",
        "puts bias, residual and activation into the product of integers before");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (node.outputs().size() != 1 || node.inputs().isEmpty()) {
            return;
          }
          if (GraphEdit.is(node, "Add") && node.inputs().size() == 2) {
            add(graph, node);
          } else {
            activate(graph, node);
          }
        });
  }

  /** Returns the product that makes a value for one user, with no activation yet; else null. */
  private static @Nullable Node product(GraphEdit graph, String value) {
    Node node = graph.hasOneUse(value) ? graph.producer(value) : null;
    return node == null || node.attributes().containsKey("activation") || bias(node) < 0
        ? null
        : node;
  }

  /** Returns which input of a product is the bias; -1 where the node is none. */
  private static int bias(Node node) {
    if (!node.domain().equals("com.microsoft") && !node.domain().equals(OWN)) {
      return -1;
    }
    return switch (node.operator()) {
      case "DynamicQuantizeMatMul" -> 4;
      case "MatMulIntegerToFloat" -> 6;
      default -> -1;
    };
  }

  private static boolean has(Node product, int input) {
    return product.inputs().size() > input && !product.inputs().get(input).isEmpty();
  }

  private static void add(GraphEdit graph, Node node) {
    // Of two products the later one takes the other's result.
    String first = node.inputs().getFirst();
    String second = node.inputs().get(1);
    boolean swap = graph.position(first) < graph.position(second);
    for (String value : swap ? List.of(second, first) : List.of(first, second)) {
      Node product = product(graph, value);
      String other = GraphEdit.other(node, value);
      if (product != null && other != null && add(graph, node, product, value, other)) {
        return;
      }
    }
  }

  private static boolean add(GraphEdit graph, Node node, Node product, String value, String other) {
    int bias = bias(product);
    if (has(product, bias + 1)) {
      return false;
    }
    TensorData constant = graph.constant(other);
    TensorData weights = graph.constant(product.inputs().get(1));
    boolean isBias =
        !has(product, bias)
            && constant != null
            && weights != null
            && weights.shape().size() == 2
            && constant.shape().equals(List.of(weights.shape().get(1)));
    if (!isBias && !graph.shapes().areSame(value, other)) {
      return false;
    }
    List<String> inputs = new ArrayList<>(product.inputs());
    while (inputs.size() <= (isBias ? bias : bias + 1)) {
      inputs.add("");
    }
    inputs.set(isBias ? bias : bias + 1, other);
    graph.replace(node, fused(product, inputs, node.outputs(), product.attributes()));
    return true;
  }

  private static void activate(GraphEdit graph, Node node) {
    Node product = product(graph, node.inputs().getFirst());
    Map<String, Attribute> activation = product == null ? null : FusedActivations.of(graph, node);
    if (product != null && activation != null) {
      graph.replace(
          node,
          fused(product, product.inputs(), node.outputs(), Attributes.with(product, activation)));
    }
  }

  private static Node fused(
      Node product, List<String> inputs, List<String> outputs, Map<String, Attribute> attributes) {
    return new Node(product.name(), OWN, product.operator(), "", inputs, outputs, attributes);
  }
}
