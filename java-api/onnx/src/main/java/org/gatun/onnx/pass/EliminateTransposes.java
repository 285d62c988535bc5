package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/**
 * Joins transposes and drops those that undo each other. So that they meet, they are moved behind
 * operators that do not care for the order of the dimensions: those of single elements,
 * concatenation, softmax, reductions, products with a matrix over the last dimension.
 *
 * <p>A transpose is a view in Gatun; what is saved is that operators run on memory in its order.
 */
final class EliminateTransposes extends Rewrite {
  private static final Set<String> POINTWISE =
      Set.of(
          "Abs",
          "Add",
          "Cast",
          "Ceil",
          "Clip",
          "Div",
          "Elu",
          "Erf",
          "Exp",
          "Floor",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "LeakyRelu",
          "Log",
          "Max",
          "Min",
          "Mish",
          "Mul",
          "Neg",
          "Pow",
          "Reciprocal",
          "Relu",
          "Round",
          "Selu",
          "Sigmoid",
          "Sign",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Sub",
          "Tanh",
          "ThresholdedRelu",
          "Where");

  private static final Set<String> WITH_AXIS = Set.of("Concat", "Softmax", "LogSoftmax");

  private static final Set<String> REDUCTIONS =
      Set.of("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL2");

  EliminateTransposes() {
    super("eliminate-transposes", "joins transposes and drops those that undo each other");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (GraphEdit.is(node, "Transpose")) {
            join(graph, node);
          } else if (node.domain().isEmpty() && node.outputs().size() == 1) {
            sink(graph, node);
          }
        });
  }

  private static void join(GraphEdit graph, Node node) {
    Node before = graph.producer(node.inputs().getFirst(), "Transpose");
    int[] second = order(node);
    int[] first = before == null ? null : order(before);
    if (before == null || first == null || second == null || first.length != second.length) {
      return;
    }
    int[] both = new int[first.length];
    Arrays.setAll(both, i -> first[second[i]]);
    String source = before.inputs().getFirst();
    if (isInOrder(both) && graph.bypass(node, source)) {
      return;
    }
    graph.replace(node, transpose(source, node.outputs().getFirst(), both));
  }

  /** Returns a node that transposes. */
  static Node transpose(String input, String output, int[] order) {
    List<Long> perm = Arrays.stream(order).asLongStream().boxed().toList();
    return new Node(
        output,
        "",
        "Transpose",
        "",
        List.of(input),
        List.of(output),
        Map.of("perm", Attributes.of(perm)));
  }

  /** Returns the order of a Transpose, or null where it is not said. */
  static int @Nullable [] order(Node transpose) {
    List<Long> order = Attributes.integers(transpose, "perm");
    return order == null ? null : MovementRules.permutation(transpose, order.size());
  }

  private static boolean isInOrder(int[] order) {
    for (int i = 0; i < order.length; i++) {
      if (order[i] != i) {
        return false;
      }
    }
    return true;
  }

  /** Moves the transposes of a node's inputs behind it, if all have the same order. */
  private static void sink(GraphEdit graph, Node node) {
    int[] order = null;
    for (String input : node.inputs()) {
      Node transpose = input.isEmpty() ? null : graph.producer(input, "Transpose");
      if (transpose != null) {
        int[] mine = order(transpose);
        if (mine == null || (order != null && !Arrays.equals(order, mine))) {
          return;
        }
        order = mine;
      }
    }
    if (order == null) {
      return;
    }
    List<String> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      Node transpose = input.isEmpty() ? null : graph.producer(input, "Transpose");
      inputs.add(transpose != null ? transpose.inputs().getFirst() : input);
    }
    Node moved = moved(graph, node, inputs, order);
    if (moved == null) {
      return;
    }
    String inner = graph.fresh(node.outputs().getFirst());
    graph.replace(
        node,
        moved.withOutputs(List.of(inner)),
        transpose(inner, node.outputs().getFirst(), order));
  }

  /** Returns the node on inputs that are not transposed, or null where that cannot be. */
  private static @Nullable Node moved(
      GraphEdit graph, Node node, List<String> inputs, int[] order) {
    String operator = node.operator();
    if (POINTWISE.contains(operator)) {
      return othersAreScalars(graph, node, order.length) ? node.withInputs(inputs) : null;
    }
    if (WITH_AXIS.contains(operator)) {
      long axis = Attributes.integer(node, "axis", operator.equals("Concat") ? 0 : -1);
      boolean flattens = !operator.equals("Concat") && graph.opset(node) < 13;
      int at = (int) (axis < 0 ? axis + order.length : axis);
      if (flattens
          || at < 0
          || at >= order.length
          || !othersAreTransposed(graph, node, node.inputs().size())) {
        return null;
      }
      return node.withInputs(inputs)
          .withAttributes(Attributes.with(node, Map.of("axis", Attributes.of(order[at]))));
    }
    if (REDUCTIONS.contains(operator)) {
      return reduction(graph, node, inputs, order);
    }
    boolean lastStays = order[order.length - 1] == order.length - 1;
    if (operator.equals("LayerNormalization") && lastStays) {
      return Attributes.integer(node, "axis", -1) == -1 && othersAreTransposed(graph, node, 1)
          ? node.withInputs(inputs)
          : null;
    }
    if (operator.equals("MatMul") && lastStays && graph.shapes().rank(inputs.get(1)) == 2) {
      return order.length > 2 && othersAreTransposed(graph, node, 1)
          ? node.withInputs(inputs)
          : null;
    }
    return null;
  }

  /** Returns whether the inputs before this one are transposes and the others are not. */
  private static boolean othersAreTransposed(GraphEdit graph, Node node, int count) {
    for (int i = 0; i < node.inputs().size(); i++) {
      if ((graph.producer(node.inputs().get(i), "Transpose") != null) != (i < count)) {
        return false;
      }
    }
    return true;
  }

  /** Single elements, and rows along a last dimension that stays where it is, are no matter. */
  private static boolean othersAreScalars(GraphEdit graph, Node node, int rank) {
    for (String input : node.inputs()) {
      if (input.isEmpty() || graph.producer(input, "Transpose") != null) {
        continue;
      }
      List<Dimension> shape = graph.shapes().of(input);
      if (shape == null || shape.size() > rank || !shape.stream().allMatch(Dims::isOne)) {
        int[] order = orderOfFirst(graph, node);
        boolean row = shape != null && shape.size() == 1;
        if (!row || order == null || order[rank - 1] != rank - 1) {
          return false;
        }
      }
    }
    return true;
  }

  private static int @Nullable [] orderOfFirst(GraphEdit graph, Node node) {
    for (String input : node.inputs()) {
      Node transpose = input.isEmpty() ? null : graph.producer(input, "Transpose");
      if (transpose != null) {
        return order(transpose);
      }
    }
    return null;
  }

  private static @Nullable Node reduction(
      GraphEdit graph, Node node, List<String> inputs, int[] order) {
    long[] axes = MovementRules.axes(graph, node);
    if (axes == null || axes.length == 0 || Attributes.integer(node, "keepdims", 1) == 0) {
      return null;
    }
    long[] mapped = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      int at = (int) (axes[i] < 0 ? axes[i] + order.length : axes[i]);
      if (at < 0 || at >= order.length) {
        return null;
      }
      mapped[i] = order[at];
    }
    if (node.attributes().containsKey("axes")) {
      Map<String, Attribute> attributes = new HashMap<>(node.attributes());
      attributes.put("axes", Attributes.of(Arrays.stream(mapped).boxed().toList()));
      return node.withInputs(inputs).withAttributes(attributes);
    }
    String name = graph.fresh(node.inputs().get(1));
    graph.addConstant(ConstantData.integers(name, List.of((long) mapped.length), mapped));
    return node.withInputs(List.of(inputs.getFirst(), name));
  }
}
