package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.jspecify.annotations.Nullable;

/**
 * Puts what surrounds a matrix product into it: transposed operands, a factor, a bias, a residual
 * that is added, an activation, in this order. The result is a FusedMatMul of {@code org.gatun}:
 * {@code activation(alpha A B + bias + residual)}. A Gemm becomes one where something follows it.
 *
 * <p>A fused ReLU may give 0 for NaN, and a fused GELU NaN for infinity, as {@link
 * org.gatun.op.Fused} says.
 */
final class FuseMatMul extends Rewrite {
  FuseMatMul() {
    super("fuse-matmul", "puts bias, residual and activation into the matrix product before");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (node.outputs().size() != 1 || node.inputs().isEmpty()) {
            return;
          }
          if (GraphEdit.is(node, "MatMul")) {
            transpose(graph, node);
          } else if (GraphEdit.is(node, "Add") && node.inputs().size() == 2) {
            add(graph, node);
          } else if (GraphEdit.is(node, "Mul", "Div")) {
            scale(graph, node);
          } else {
            activate(graph, node);
          }
        });
  }

  private static void transpose(GraphEdit graph, Node node) {
    List<String> inputs = new ArrayList<>(node.inputs());
    Map<String, Attribute> attributes = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Node transpose = graph.producer(inputs.get(i), "Transpose");
      int[] order = transpose == null ? null : EliminateTransposes.order(transpose);
      if (transpose != null && order != null && swapsLast(order)) {
        inputs.set(i, transpose.inputs().getFirst());
        attributes.put(i == 0 ? "transA" : "transB", Attributes.of(1));
      }
    }
    if (!attributes.isEmpty()) {
      graph.replace(node, fused(node, inputs, node.outputs(), attributes));
    }
  }

  /** Returns whether the order swaps the last two dimensions and leaves the others. */
  static boolean swapsLast(int[] order) {
    int rank = order.length;
    for (int i = 0; i < rank - 2; i++) {
      if (order[i] != i) {
        return false;
      }
    }
    return rank >= 2 && order[rank - 1] == rank - 2 && order[rank - 2] == rank - 1;
  }

  /** Returns the product that makes a value for one user, with no activation yet; else null. */
  private static @Nullable Node product(GraphEdit graph, String value) {
    Node node = graph.hasOneUse(value) ? graph.producer(value) : null;
    if (node == null || node.attributes().containsKey("activation")) {
      return null;
    }
    ElementType type = graph.shapes().type(value);
    if (type != null && !type.isFloat()) {
      return null;
    }
    if (GraphEdit.is(node, "MatMul")
        || (node.domain().equals("org.gatun") && node.operator().equals("FusedMatMul"))) {
      return node;
    }
    return GraphEdit.is(node, "Gemm") ? asMatMul(graph, node) : null;
  }

  /** Returns the Gemm as a FusedMatMul, or null where its C is no bias. */
  private static @Nullable Node asMatMul(GraphEdit graph, Node gemm) {
    List<String> inputs = new ArrayList<>(gemm.inputs());
    if (inputs.size() == 3 && !inputs.get(2).isEmpty()) {
      if (graph.shapes().rank(inputs.get(2)) != 1
          || Attributes.number(gemm, "beta", 1) != 1
          || graph.shapes().size(inputs.get(2), 0)
              != graph.shapes().size(gemm.outputs().getFirst(), 1)) {
        return null;
      }
    }
    Map<String, Attribute> attributes = new HashMap<>(gemm.attributes());
    attributes.remove("beta");
    attributes.remove("broadcast");
    return fused(gemm, inputs, gemm.outputs(), attributes);
  }

  private static boolean has(Node product, int input) {
    return product.inputs().size() > input && !product.inputs().get(input).isEmpty();
  }

  private static void scale(GraphEdit graph, Node node) {
    GraphEdit.Operand operand = graph.operand(node);
    Node product = operand == null ? null : product(graph, operand.value());
    if (operand == null
        || product == null
        || has(product, 2)
        || has(product, 3)
        || !graph.shapes().areSame(operand.value(), node.outputs().getFirst())) {
      return;
    }
    double number = GraphEdit.is(node, "Mul") ? operand.number() : 1 / operand.number();
    double alpha = number * Attributes.number(product, "alpha", 1);
    replace(
        graph,
        node,
        operand.value(),
        fused(
            product,
            product.inputs(),
            node.outputs(),
            Attributes.with(product, Map.of("alpha", Attributes.of(alpha)))));
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
    List<String> inputs = new ArrayList<>(product.inputs());
    TensorData constant = graph.constant(other);
    long columns = columns(graph, product);
    if (constant != null
        && isRow(constant, columns, graph.shapes().rank(value))
        && !has(product, 2)
        && !has(product, 3)) {
      inputs = new ArrayList<>(inputs.subList(0, 2));
      inputs.add(
          constant.shape().size() == 1
              ? other
              : graph.addConstant(
                  ConstantData.reshaped(constant, graph.fresh(other), List.of(columns))));
    } else if (!has(product, 3) && graph.shapes().areSame(value, other)) {
      while (inputs.size() < 3) {
        inputs.add("");
      }
      inputs.add(other);
    } else {
      return false;
    }
    replace(graph, node, value, fused(product, inputs, node.outputs(), product.attributes()));
    return true;
  }

  private static boolean isRow(TensorData data, long columns, int rank) {
    List<Long> shape = data.shape();
    return data.size() == columns
        && !shape.isEmpty()
        && shape.getLast() == columns
        && (shape.size() == 1 || shape.size() <= rank);
  }

  /** Returns how many columns the product has, of a matrix that is known to be one; else -1. */
  private static long columns(GraphEdit graph, Node product) {
    String matrix = product.inputs().get(1);
    return graph.shapes().rank(matrix) < 2
        ? -1
        : graph.shapes().size(matrix, Attributes.integer(product, "transB", 0) != 0 ? -2 : -1);
  }

  private static void activate(GraphEdit graph, Node node) {
    String value = node.inputs().getFirst();
    Node product = product(graph, value);
    Map<String, Attribute> activation = product == null ? null : FusedActivations.of(graph, node);
    if (product != null && activation != null) {
      replace(
          graph,
          node,
          value,
          fused(product, product.inputs(), node.outputs(), Attributes.with(product, activation)));
    }
  }

  private static void replace(GraphEdit graph, Node node, String value, Node fused) {
    if (graph.hasOneUse(value)) {
      graph.replace(node, fused);
    }
  }

  private static Node fused(
      Node product, List<String> inputs, List<String> outputs, Map<String, Attribute> attributes) {
    return new Node(product.name(), "org.gatun", "FusedMatMul", "", inputs, outputs, attributes);
  }
}
