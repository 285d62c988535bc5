package org.gatun.cli.model;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;

/**
 * Makes values up, the same for the same seed: normal numbers, integers that are rows of the table
 * that they look up, else 0 or 1, and masks that are all 1.
 */
final class RandomValues {
  /** What hands indices on as they are. */
  private static final Set<String> PASSING =
      Set.of("Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Expand");

  private final Generator generator;

  /** How many rows the smallest table has that a value looks up, by its name. */
  private final Map<String, Long> rows = new HashMap<>();

  RandomValues(Graph graph, long seed) {
    this.generator = new Generator(seed);
    Map<String, TensorData> tables = new HashMap<>();
    graph.initializers().forEach(data -> tables.put(data.name(), data));
    // From the last node to the first: what is known of a value holds for what it was made of.
    for (Node node : graph.nodes().reversed()) {
      switch (node.operator()) {
        case "Gather" -> lookUp(node, 1, 0, tables);
        case "EmbedLayerNormalization" -> {
          lookUp(node, 0, 2, tables);
          lookUp(node, 1, 4, tables);
        }
        default -> {
          if (PASSING.contains(node.operator()) && !node.outputs().isEmpty()) {
            Long bound = rows.get(node.outputs().getFirst());
            if (bound != null && !node.inputs().isEmpty()) {
              rows.merge(node.inputs().getFirst(), bound, Math::min);
            }
          }
        }
      }
    }
  }

  private void lookUp(Node node, int indices, int table, Map<String, TensorData> tables) {
    if (node.inputs().size() <= Math.max(indices, table)) {
      return;
    }
    TensorData data = tables.get(node.inputs().get(table));
    boolean firstAxis =
        !(node.attributes().get("axis") instanceof Attribute.OfInt(long axis)) || axis == 0;
    if (data != null && firstAxis && data.shape().size() > 1 && data.shape().getFirst() > 0) {
      rows.merge(node.inputs().get(indices), data.shape().getFirst(), Math::min);
    }
  }

  /**
   * Returns a value for the input.
   *
   * @throws InputException if it is no tensor of numbers
   */
  ModelInput input(ValueInfo input, Shape shape) {
    if (!(input.type() instanceof ValueType.OfTensor declared)
        || !declared.element().hasCarrier()) {
      throw new InputException(
          "input "
              + input.name()
              + " is no tensor of numbers, and cannot be made up; give its value by --input "
              + input.name()
              + "=FILE.pb");
    }
    ElementType type = declared.element();
    DType dtype = type.carrier();
    Tensor tensor;
    String origin;
    if (dtype.isFloating() && type.isNative()) {
      tensor = generator.randn(dtype, shape.dims());
      origin = "random, normal";
    } else if (dtype.isFloating()) {
      tensor = Tensor.ones(dtype, shape.dims());
      origin = "ones";
    } else if (dtype == DType.BOOL || input.name().toLowerCase(Locale.ROOT).contains("mask")) {
      tensor = Tensor.ones(dtype, shape.dims());
      origin = "ones, as a mask";
    } else {
      long bound = Math.min(rows.getOrDefault(input.name(), 2L), largest(type));
      tensor = generator.randint(0, bound, dtype, shape.dims());
      origin = "random, 0 to " + (bound - 1);
    }
    return new ModelInput(input.name(), new Value.Dense(type, tensor), origin);
  }

  private static long largest(ElementType type) {
    return type.bits() >= 32 ? Integer.MAX_VALUE : 1L << (type.bits() - 1);
  }
}
