package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.jspecify.annotations.Nullable;

/**
 * Makes operators on integers of operators on numbers between DequantizeLinear and QuantizeLinear:
 * Conv, MatMul and Gemm become QLinearConv, QLinearMatMul and QGemm, an Add becomes QLinearAdd, and
 * a MatMul or Gemm that no QuantizeLinear follows MatMulIntegerToFloat or a QGemm of numbers.
 *
 * <p>The sums are exact then, where those of numbers are rounded: a result that lies between two
 * integers may become the other one. ONNX Runtime computes such graphs this way too.
 */
final class FuseQuantized extends Rewrite {
  private static final String MICROSOFT = "com.microsoft";

  /** Of the domain of our own: QLinearConv and the others with a bias of numbers too. */
  private static final String OWN = "org.gatun";

  /** How far a bias's scale may be from the product of the others, which it should be. */
  private static final double CLOSE = 1e-4;

  FuseQuantized() {
    super("fuse-quantized", "computes with integers between DequantizeLinear and QuantizeLinear");
  }

  /**
   * A value that is dequantized: integers, scale and zero point, empty where there is none.
   *
   * @param axis of the scales
   * @param perTensor whether there is one
   */
  private record Operand(String values, String scale, String zero, long axis, boolean perTensor) {
    List<String> names() {
      return List.of(values, scale, zero);
    }
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (GraphEdit.is(node, "QuantizeLinear") && isPlain(graph, node)) {
            quantized(graph, node);
          }
        });
    graph.forEach(
        node -> {
          if (GraphEdit.is(node, "MatMul", "Gemm")) {
            unquantized(graph, node);
          }
        });
  }

  // Operators that are followed by QuantizeLinear.

  private static void quantized(GraphEdit graph, Node quantize) {
    String value = quantize.inputs().getFirst();
    Node bounded = graph.soleProducer(value, "Relu", "Clip");
    if (bounded != null && isDoneBySaturation(graph, bounded, quantize)) {
      value = bounded.inputs().getFirst();
    }
    Node node = graph.soleProducer(value, "Conv", "MatMul", "Gemm", "Add");
    Node fused =
        node == null
            ? null
            : switch (node.operator()) {
              case "Conv" -> conv(graph, node, quantize);
              case "MatMul" -> matmul(graph, node, quantize);
              case "Gemm" -> gemm(graph, node, quantize);
              default -> add(graph, node, quantize);
            };
    if (fused != null) {
      graph.replace(quantize, fused);
    }
  }

  /** Returns whether a QuantizeLinear gives 8-bit integers of one constant scale. */
  private static boolean isPlain(GraphEdit graph, Node node) {
    TensorData scale = graph.constant(node.inputs().get(1));
    boolean asked = Attributes.integer(node, "output_dtype", 0) != 0;
    boolean plain =
        scale != null
            && scale.type() == ElementType.FLOAT
            && scale.size() == 1
            && Attributes.integer(node, "block_size", 0) == 0
            && !node.attributes().containsKey("precision");
    if (node.inputs().size() < 3 || node.inputs().get(2).isEmpty()) {
      return plain && !asked;
    }
    TensorData zero = graph.constant(node.inputs().get(2));
    return plain && zero != null && isByte(zero.type());
  }

  /** Returns whether what a ReLU or Clip cuts off is cut off by the range of integers too. */
  private static boolean isDoneBySaturation(GraphEdit graph, Node node, Node quantize) {
    boolean hasZero = quantize.inputs().size() > 2 && !quantize.inputs().get(2).isEmpty();
    TensorData zero = hasZero ? graph.constant(quantize.inputs().get(2)) : null;
    boolean signed = zero != null && zero.type() == ElementType.INT8;
    double point = zero == null ? 0 : ConstantData.numbers(zero)[0];
    double scale = graph.number(quantize.inputs().get(1));
    int lowest = signed ? Byte.MIN_VALUE : 0;
    // Half a step beyond the last integer but one everything is rounded to the last.
    double low = (lowest - point + 0.5) * scale;
    double high = (lowest + 255 - point - 0.5) * scale;
    return bound(graph, node, 1, "min", GraphEdit.is(node, "Relu") ? 0 : -Double.MAX_VALUE) <= low
        && bound(graph, node, 2, "max", Double.MAX_VALUE) >= high;
  }

  /** Returns a bound of a Clip, an input or, in old versions, an attribute; NaN if not constant. */
  private static double bound(
      GraphEdit graph, Node node, int input, String attribute, double otherwise) {
    return node.inputs().size() > input && !node.inputs().get(input).isEmpty()
        ? graph.number(node.inputs().get(input))
        : Attributes.number(node, attribute, otherwise);
  }

  private static boolean isByte(@Nullable ElementType type) {
    return type == ElementType.UINT8 || type == ElementType.INT8;
  }

  private static List<String> result(Node quantize) {
    String zero = quantize.inputs().size() < 3 ? "" : quantize.inputs().get(2);
    return List.of(quantize.inputs().get(1), zero);
  }

  private static @Nullable Node conv(GraphEdit graph, Node node, Node quantize) {
    Operand x = operand(graph, node.inputs().getFirst());
    Operand w = operand(graph, node.inputs().get(1));
    if (x == null || w == null || !x.perTensor() || !(w.perTensor() || w.axis() == 0)) {
      return null;
    }
    String bias = bias(graph, node, x, w, 0);
    return bias == null
        ? null
        : node(node, quantize, OWN, "QLinearConv", x, w, result(quantize), bias, node.attributes());
  }

  private static @Nullable Node matmul(GraphEdit graph, Node node, Node quantize) {
    Operand a = operand(graph, node.inputs().getFirst());
    Operand b = columns(graph, node.inputs().get(1), 1);
    return a == null || b == null || !a.perTensor()
        ? null
        : node(node, quantize, OWN, "QLinearMatMul", a, b, result(quantize), "", Map.of());
  }

  private static @Nullable Node gemm(GraphEdit graph, Node node, @Nullable Node quantize) {
    boolean plain =
        Attributes.number(node, "alpha", 1) == 1 && Attributes.number(node, "beta", 1) == 1;
    Operand a = operand(graph, node.inputs().getFirst());
    long transposed = Attributes.integer(node, "transB", 0);
    Operand b = columns(graph, node.inputs().get(1), transposed == 0 ? 1 : 0);
    if (!plain || a == null || b == null || !a.perTensor()) {
      return null;
    }
    String bias = bias(graph, node, a, b, transposed == 0 ? 1 : 0);
    if (bias == null) {
      return null;
    }
    Map<String, Attribute> attributes = new HashMap<>(node.attributes());
    attributes.keySet().retainAll(List.of("transA", "transB"));
    List<String> inputs = new ArrayList<>(a.names());
    inputs.addAll(b.names());
    inputs.add(bias);
    if (quantize != null) {
      inputs.addAll(result(quantize));
    }
    Node last = quantize == null ? node : quantize;
    return new Node(node.name(), OWN, "QGemm", "", trimmed(inputs), last.outputs(), attributes);
  }

  private static @Nullable Node add(GraphEdit graph, Node node, Node quantize) {
    Operand a = operand(graph, node.inputs().getFirst());
    Operand b = operand(graph, node.inputs().get(1));
    return a == null || b == null || !a.perTensor() || !b.perTensor()
        ? null
        : node(node, quantize, MICROSOFT, "QLinearAdd", a, b, result(quantize), "", Map.of());
  }

  private static Node node(
      Node node,
      Node quantize,
      String domain,
      String operator,
      Operand first,
      Operand second,
      List<String> result,
      String bias,
      Map<String, Attribute> attributes) {
    List<String> inputs = new ArrayList<>(first.names());
    inputs.addAll(second.names());
    inputs.addAll(result);
    inputs.add(bias);
    return new Node(
        node.name(), domain, operator, "", trimmed(inputs), quantize.outputs(), attributes);
  }

  /** Returns names without empty ones at the end. */
  private static List<String> trimmed(List<String> names) {
    int end = names.size();
    while (end > 0 && names.get(end - 1).isEmpty()) {
      end--;
    }
    return names.subList(0, end);
  }

  // Products whose result stays a number.

  private static void unquantized(GraphEdit graph, Node node) {
    if (GraphEdit.is(node, "Gemm")) {
      Node fused = gemm(graph, node, null);
      if (fused != null) {
        graph.replace(node, fused);
      }
      return;
    }
    Operand a = operand(graph, node.inputs().getFirst());
    Operand b = columns(graph, node.inputs().get(1), 1);
    if (a == null || b == null || !a.perTensor()) {
      return;
    }
    List<String> inputs = List.of(a.values(), b.values(), a.scale(), b.scale(), a.zero(), b.zero());
    graph.replace(
        node,
        new Node(
            node.name(),
            MICROSOFT,
            "MatMulIntegerToFloat",
            "",
            trimmed(inputs),
            node.outputs(),
            Map.of()));
  }

  // Operands.

  /** Returns what a value is dequantized of, 8-bit integers with constant scales, or null. */
  private static @Nullable Operand operand(GraphEdit graph, String value) {
    Node node = graph.producer(value, "DequantizeLinear");
    if (node == null
        || Attributes.integer(node, "block_size", 0) != 0
        || Attributes.integer(node, "output_dtype", 0) > 1) {
      return null;
    }
    String zero = node.inputs().size() > 2 ? node.inputs().get(2) : "";
    TensorData scale = graph.constant(node.inputs().get(1));
    if (scale == null
        || scale.type() != ElementType.FLOAT
        || scale.shape().size() > 1
        || (!zero.isEmpty() && graph.constant(zero) == null)
        || !isByte(type(graph, node.inputs().getFirst(), zero))) {
      return null;
    }
    return new Operand(
        node.inputs().getFirst(),
        node.inputs().get(1),
        zero,
        Attributes.integer(node, "axis", 1),
        scale.size() == 1);
  }

  /** Returns a matrix that has one scale, or one for each index of an axis. */
  private static @Nullable Operand columns(GraphEdit graph, String value, int axis) {
    Operand operand = operand(graph, value);
    if (operand == null || operand.perTensor()) {
      return operand;
    }
    TensorData data = graph.constant(operand.values());
    boolean along =
        data != null
            && data.shape().size() == 2
            && (operand.axis() == axis || operand.axis() == axis - 2);
    return along ? operand : null;
  }

  private static @Nullable ElementType type(GraphEdit graph, String values, String zero) {
    TensorData data = zero.isEmpty() ? graph.constant(values) : graph.constant(zero);
    return data == null ? graph.shapes().type(values) : data.type();
  }

  /**
   * Returns the bias as the fused node takes it: integers of the scale of the sums, or numbers;
   * empty where there is none, null where it cannot be taken.
   *
   * @param columns the axis of the weights that it goes along
   */
  private static @Nullable String bias(
      GraphEdit graph, Node node, Operand a, Operand b, int columns) {
    if (node.inputs().size() < 3 || node.inputs().get(2).isEmpty()) {
      return "";
    }
    String value = node.inputs().get(2);
    TensorData numbers = graph.constant(value);
    if (numbers != null) {
      boolean taken = numbers.type() == ElementType.FLOAT && numbers.shape().size() == 1;
      return taken && isForColumns(graph, numbers, b, columns) ? value : null;
    }
    Node node32 = graph.producer(value, "DequantizeLinear");
    TensorData integers = node32 == null ? null : graph.constant(node32.inputs().getFirst());
    TensorData scale = node32 == null ? null : graph.constant(node32.inputs().get(1));
    if (node32 == null
        || integers == null
        || scale == null
        || integers.type() != ElementType.INT32
        || integers.shape().size() != 1
        || !isForColumns(graph, integers, b, columns)
        || !hasNoZeroPoint(graph, node32)) {
      return null;
    }
    return isProduct(graph, scale, a, b) ? node32.inputs().getFirst() : null;
  }

  /** A bias of one element may be for all columns, which the fused nodes do not take. */
  private static boolean isForColumns(GraphEdit graph, TensorData bias, Operand b, int axis) {
    TensorData weights = graph.constant(b.values());
    return weights != null
        && weights.shape().size() > axis
        && weights.shape().get(axis) == bias.size();
  }

  private static boolean hasNoZeroPoint(GraphEdit graph, Node node) {
    if (node.inputs().size() < 3 || node.inputs().get(2).isEmpty()) {
      return true;
    }
    TensorData zero = graph.constant(node.inputs().get(2));
    return zero != null && Arrays.stream(ConstantData.numbers(zero)).allMatch(x -> x == 0);
  }

  /** Returns whether the scale of a bias is the product of those of the operands. */
  private static boolean isProduct(GraphEdit graph, TensorData scale, Operand a, Operand b) {
    TensorData second = graph.constant(b.scale());
    if (second == null) {
      return false;
    }
    double first = graph.number(a.scale());
    double[] own = ConstantData.numbers(scale);
    double[] others = ConstantData.numbers(second);
    for (int i = 0; i < Math.max(own.length, others.length); i++) {
      double product = first * others[others.length == 1 ? 0 : i];
      double given = own[own.length == 1 ? 0 : i];
      if (!(Math.abs(given - product) <= CLOSE * Math.abs(product))) {
        return false;
      }
    }
    return true;
  }
}
