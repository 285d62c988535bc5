package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/** The activations that a convolution or product does with its result, as its attributes. */
final class FusedActivations {
  private static final Set<String> PLAIN =
      Set.of("Relu", "Sigmoid", "Tanh", "HardSwish", "Selu", "Softplus", "Softsign", "Mish");

  private FusedActivations() {}

  /** Returns the attributes that say what this node does, or null where it is no activation. */
  static @Nullable Map<String, Attribute> of(GraphEdit graph, Node node) {
    String operator = node.operator();
    boolean alone = node.inputs().size() == 1;
    if (!node.domain().isEmpty()) {
      return switch (operator) {
        case "Silu", "HardSwish", "Mish", "Gelu", "FastGelu" -> alone ? activation(operator) : null;
        case "QuickGelu" -> activation(operator, Attributes.number(node, "alpha", 1.702));
        default -> null;
      };
    }
    if (PLAIN.contains(operator)) {
      return activation(operator);
    }
    return switch (operator) {
      case "LeakyRelu" -> activation(operator, Attributes.number(node, "alpha", 0.01));
      case "Elu" -> activation(operator, Attributes.number(node, "alpha", 1));
      case "HardSigmoid" ->
          activation(
              operator,
              Attributes.number(node, "alpha", 0.2),
              Attributes.number(node, "beta", 0.5));
      case "Gelu" ->
          activation(
              Attributes.text(node, "approximate", "none").equals("tanh") ? "FastGelu" : "Gelu");
      case "Clip" -> {
        double min = bound(graph, node, 1, "min", -Float.MAX_VALUE);
        double max = bound(graph, node, 2, "max", Float.MAX_VALUE);
        yield Double.isNaN(min) || Double.isNaN(max) ? null : activation(operator, min, max);
      }
      default -> null;
    };
  }

  /** Returns a bound of a Clip, an attribute in old versions; NaN where it is not constant. */
  static double bound(GraphEdit graph, Node clip, int input, String name, double otherwise) {
    if (clip.inputs().size() > input && !clip.inputs().get(input).isEmpty()) {
      return graph.number(clip.inputs().get(input));
    }
    return Attributes.number(clip, name, otherwise);
  }

  private static Map<String, Attribute> activation(String name, double... numbers) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put("activation", Attributes.of(name));
    if (numbers.length > 0) {
      List<Float> params = new ArrayList<>();
      for (double number : numbers) {
        params.add((float) number);
      }
      attributes.put("activation_params", new Attribute.OfFloats(params));
    }
    return attributes;
  }
}
