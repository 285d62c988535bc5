package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.onnx.model.Node;

/**
 * Lets images enter chains of convolutions channels-last, the layout that convolutions are fastest
 * in. Operators keep the layout that they are given, so that one node of {@code org.gatun} at the
 * entry is enough: its values are the same, and only where they lie in memory differs. A
 * convolution that stands alone stays as it is: it chooses by itself.
 */
final class ChannelsLast extends Rewrite {
  private static final Set<String> CONVOLUTIONS = Set.of("Conv", "FusedConv");

  /** What gives images channels-last if it takes one. */
  private static final Set<String> KEEPING =
      Set.of(
          "Add",
          "AveragePool",
          "BatchNormalization",
          "ChannelShuffle",
          "Clip",
          "Concat",
          "ConvTranspose",
          "Div",
          "Elu",
          "FusedConvTranspose",
          "Gelu",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "GroupNormalization",
          "HardSigmoid",
          "HardSwish",
          "LeakyRelu",
          "Max",
          "MaxPool",
          "Min",
          "Mish",
          "Mul",
          "PRelu",
          "Relu",
          "Resize",
          "Sigmoid",
          "Silu",
          "Softplus",
          "Split",
          "Sub",
          "Sum",
          "Tanh");

  ChannelsLast() {
    super("channels-last", "lets images enter chains of convolutions channels-last");
  }

  @Override
  void rewrite(GraphEdit graph) {
    Set<String> converted = new HashSet<>();
    Map<String, String> entries = new HashMap<>();
    graph.forEach(
        node -> {
          if (node.outputs().isEmpty() || node.inputs().isEmpty()) {
            return;
          }
          String input = node.inputs().getFirst();
          if (isConvolution(graph, node)) {
            if (!converted.contains(input) && leadsOn(graph, node)) {
              enter(graph, node, entries);
            }
            converted.add(node.outputs().getFirst());
          } else if (node.operator().equals("ChannelsLast")
              || (isKeeping(node) && node.inputs().stream().anyMatch(converted::contains))) {
            converted.add(node.outputs().getFirst());
          }
        });
  }

  private static boolean isOurs(Node node) {
    return node.domain().isEmpty() || node.domain().equals("org.gatun");
  }

  private static boolean isConvolution(GraphEdit graph, Node node) {
    return isOurs(node)
        && CONVOLUTIONS.contains(node.operator())
        && graph.shapes().rank(node.inputs().get(1)) == 4;
  }

  private static boolean isKeeping(Node node) {
    return isOurs(node) && KEEPING.contains(node.operator());
  }

  /** Returns whether another convolution follows, with nothing between that ends the chain. */
  private static boolean leadsOn(GraphEdit graph, Node start) {
    Set<String> seen = new HashSet<>();
    List<String> open = new ArrayList<>(List.of(start.outputs().getFirst()));
    while (!open.isEmpty() && seen.size() < 64) {
      String value = open.removeFirst();
      for (Node user : graph.users(value)) {
        if (isConvolution(graph, user) && user.inputs().getFirst().equals(value)) {
          return true;
        }
        if (isKeeping(user) && seen.add(user.outputs().getFirst())) {
          open.add(user.outputs().getFirst());
        }
      }
    }
    return false;
  }

  private static void enter(GraphEdit graph, Node node, Map<String, String> entries) {
    String input = node.inputs().getFirst();
    String entry = entries.get(input);
    List<String> inputs = new ArrayList<>(node.inputs());
    if (entry != null) {
      inputs.set(0, entry);
      graph.replace(node, node.withInputs(inputs));
      return;
    }
    String name = graph.fresh(input);
    entries.put(input, name);
    inputs.set(0, name);
    graph.replace(
        node,
        new Node(name, "org.gatun", "ChannelsLast", "", List.of(input), List.of(name), Map.of()),
        node.withInputs(inputs));
  }
}
