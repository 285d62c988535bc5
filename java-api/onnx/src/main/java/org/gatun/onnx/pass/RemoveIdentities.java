package org.gatun.onnx.pass;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;

/**
 * Drops nodes that give what they take: Identity, Dropout outside training, casts to the type that
 * is there already, transposes, reshapes, slices, pads and expansions that leave everything as it
 * is, concatenations and sums of one, products with one.
 */
final class RemoveIdentities extends Rewrite {
  private static final Set<String> RESHAPES = Set.of("Reshape", "Squeeze", "Unsqueeze", "Flatten");

  RemoveIdentities() {
    super("remove-identities", "drops nodes that give what they take");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (node.domain().isEmpty() && !node.inputs().isEmpty() && !node.outputs().isEmpty()) {
            simplify(graph, node);
          }
        });
  }

  private static void simplify(GraphEdit graph, Node node) {
    String input = node.inputs().getFirst();
    if (isIdentity(graph, node)) {
      graph.bypass(node, input);
      return;
    }
    GraphEdit.Operand operand = GraphEdit.is(node, "Mul", "Div") ? graph.operand(node) : null;
    if (operand != null && operand.number() == 1 && keepsShape(graph, node, operand.value())) {
      graph.bypass(node, operand.value());
      return;
    }
    if (RESHAPES.contains(node.operator())) {
      joinReshapes(graph, node);
    }
  }

  private static boolean isIdentity(GraphEdit graph, Node node) {
    String input = node.inputs().getFirst();
    return switch (node.operator()) {
      case "Identity" -> true;
      case "Dropout" -> isInference(graph, node);
      case "Cast" -> {
        ElementType type = graph.shapes().type(input);
        yield type != null && type.code() == Attributes.integer(node, "to", 0);
      }
      case "Transpose" -> isInOrder(node);
      case "Reshape", "Flatten", "Squeeze", "Expand" ->
          graph.shapes().areSame(input, node.outputs().getFirst());
      case "Slice" -> {
        Map<Integer, SliceRange> ranges = SliceRange.of(graph, node, graph.shapes().rank(input));
        yield ranges != null && ranges.values().stream().allMatch(SliceRange::isWhole);
      }
      case "Pad" -> {
        List<Long> pads = Attributes.integers(node, "pads");
        long[] given = node.inputs().size() > 1 ? graph.integers(node.inputs().get(1)) : null;
        yield pads != null
            ? pads.stream().allMatch(pad -> pad == 0)
            : given != null && Arrays.stream(given).allMatch(pad -> pad == 0);
      }
      case "Concat", "Sum", "Max", "Min", "Mean" -> node.inputs().size() == 1;
      default -> false;
    };
  }

  /** Of a Dropout before version 7 an attribute says whether it is at work. */
  private static boolean isInference(GraphEdit graph, Node node) {
    boolean givesMask = node.outputs().size() > 1 && !node.outputs().get(1).isEmpty();
    if (givesMask || graph.opset(node) < 7) {
      return false;
    }
    if (node.inputs().size() < 3 || node.inputs().get(2).isEmpty()) {
      return true;
    }
    TensorData training = graph.constant(node.inputs().get(2));
    return training != null && ConstantData.numbers(training)[0] == 0;
  }

  private static boolean isInOrder(Node node) {
    List<Long> order = Attributes.integers(node, "perm");
    if (order == null) {
      return false;
    }
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i) != i) {
        return false;
      }
    }
    return true;
  }

  private static boolean keepsShape(GraphEdit graph, Node node, String value) {
    return graph.shapes().areSame(value, node.outputs().getFirst());
  }

  /** Of two reshapes in a row the second alone does; where it goes back, neither is needed. */
  private static void joinReshapes(GraphEdit graph, Node node) {
    Node before = graph.producer(node.inputs().getFirst());
    if (before == null
        || !before.domain().isEmpty()
        || !RESHAPES.contains(before.operator())
        || before.inputs().isEmpty()) {
      return;
    }
    String source = before.inputs().getFirst();
    if (graph.shapes().areSame(source, node.outputs().getFirst())) {
      graph.bypass(node, source);
    } else if (node.operator().equals("Reshape") && namesAll(graph, node)) {
      graph.replace(node, node.withInputs(List.of(source, node.inputs().get(1))));
    }
  }

  /** Returns whether the asked shape takes no dimension over from the input. */
  private static boolean namesAll(GraphEdit graph, Node reshape) {
    List<Dimension> asked =
        reshape.inputs().size() == 2 ? graph.shapes().elements(reshape.inputs().get(1)) : null;
    return asked != null && asked.stream().noneMatch(dim -> Dims.size(dim) == 0);
  }
}
