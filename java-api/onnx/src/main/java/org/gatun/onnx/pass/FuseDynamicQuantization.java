package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.jspecify.annotations.Nullable;

/**
 * Makes one node of a product of integers and what brings its sums back to numbers: {@code
 * Cast(MatMulInteger(q, B, z, b0)) * (s * b) + bias}, where q, s and z come from a
 * DynamicQuantizeLinear, becomes com.microsoft's MatMulIntegerToFloat or, where nobody else uses
 * what was quantized, DynamicQuantizeMatMul. The arithmetic stays the same to the last bit.
 */
final class FuseDynamicQuantization extends Rewrite {
  private static final String DOMAIN = "com.microsoft";

  FuseDynamicQuantization() {
    super(
        "fuse-dynamic-quantization",
        "puts a product of integers, its scales and its bias into one node");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (GraphEdit.is(node, "Mul") && node.inputs().size() == 2) {
            fuse(graph, node, 0);
          }
        });
  }

  /** Tries both orders of the factors. */
  private static void fuse(GraphEdit graph, Node product, int first) {
    Node cast = graph.soleProducer(product.inputs().get(first), "Cast");
    Node sums =
        cast == null || Attributes.integer(cast, "to", 0) != ElementType.FLOAT.code()
            ? null
            : graph.soleProducer(cast.inputs().getFirst(), "MatMulInteger");
    String other = product.inputs().get(1 - first);
    Node quantized =
        sums == null ? null : graph.producer(sums.inputs().getFirst(), "DynamicQuantizeLinear");
    String scale = quantized == null ? null : otherScale(graph, other, quantized);
    if (sums == null || quantized == null || scale == null || !isOf(sums, quantized)) {
      if (first == 0) {
        fuse(graph, product, 1);
      }
      return;
    }
    TensorData weights = graph.constant(sums.inputs().get(1));
    if (weights == null || weights.shape().size() != 2 || !isPerColumn(graph, scale, weights)) {
      return;
    }
    Node add = graph.soleUser(product.outputs().getFirst());
    String bias = add == null ? null : bias(graph, add, product, weights);
    Node last = add == null || bias == null ? product : add;
    String zero = sums.inputs().size() > 3 ? sums.inputs().get(3) : "";
    boolean alone =
        graph.hasOneUse(quantized.outputs().get(0))
            && graph.hasOneUse(quantized.outputs().get(1))
            && graph.hasOneUse(quantized.outputs().get(2));
    String b = sums.inputs().get(1);
    List<String> inputs = new ArrayList<>();
    if (alone) {
      inputs.addAll(List.of(quantized.inputs().getFirst(), b, scale, zero));
    } else {
      List<String> q = quantized.outputs();
      inputs.addAll(List.of(q.get(0), b, q.get(1), scale, q.get(2), zero));
    }
    if (bias != null) {
      inputs.add(bias);
    }
    graph.replace(
        last,
        new Node(
            last.name(),
            DOMAIN,
            alone ? "DynamicQuantizeMatMul" : "MatMulIntegerToFloat",
            "",
            inputs,
            last.outputs(),
            Map.of()));
  }

  /** Returns whether the product is of what was quantized, with its zero point. */
  private static boolean isOf(Node sums, Node quantized) {
    return sums.inputs().size() > 2
        && quantized.outputs().size() == 3
        && sums.inputs().get(0).equals(quantized.outputs().get(0))
        && sums.inputs().get(2).equals(quantized.outputs().get(2));
  }

  /** Returns the scale that the value is the product of with that of what was quantized. */
  private static @Nullable String otherScale(GraphEdit graph, String value, Node quantized) {
    Node product = graph.producer(value, "Mul");
    return product == null || quantized.outputs().size() != 3
        ? null
        : GraphEdit.other(product, quantized.outputs().get(1));
  }

  private static boolean isPerColumn(GraphEdit graph, String scale, TensorData weights) {
    TensorData data = graph.constant(scale);
    return data != null
        && data.type() == ElementType.FLOAT
        && (data.size() == 1 || data.shape().equals(List.of(weights.shape().get(1))));
  }

  /** Returns the other operand of a sum if it is a number for each column. */
  private static @Nullable String bias(
      GraphEdit graph, Node add, Node product, TensorData weights) {
    String other =
        GraphEdit.is(add, "Add") ? GraphEdit.other(add, product.outputs().getFirst()) : null;
    TensorData data = other == null ? null : graph.constant(other);
    return data != null && data.shape().equals(List.of(weights.shape().get(1))) ? other : null;
  }
}
