package org.gatun.cli.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.operator.Constants;
import org.jspecify.annotations.Nullable;

/** The constants of a graph, which are drawn as part of the nodes that use them. */
final class Parameters {
  private static final int VALUES_SHOWN = 8;

  /**
   * A constant.
   *
   * @param type of the elements, and shape
   * @param shape alone
   * @param values its elements where they are few, else empty
   */
  record Parameter(String type, String shape, String values) {}

  private final Map<String, Parameter> parameters = new HashMap<>();

  Parameters(Graph graph) {
    graph.initializers().forEach(data -> parameters.put(data.name(), of(data)));
    graph
        .sparseInitializers()
        .forEach(
            data -> {
              String shape = GraphFacts.shape(data.shape().stream().map(String::valueOf).toList());
              parameters.put(
                  data.values().name(),
                  new Parameter("sparse " + data.values().type() + " " + shape, shape, ""));
            });
    for (Node node : graph.nodes()) {
      if (isConstant(node)) {
        Parameter parameter = of(node);
        if (parameter != null) {
          parameters.put(node.outputs().getFirst(), parameter);
        }
      }
    }
  }

  /** Returns whether the node is a constant, which has no box of its own. */
  static boolean isConstant(Node node) {
    return node.operator().equals("Constant")
        && node.domain().isEmpty()
        && node.outputs().size() == 1;
  }

  @Nullable Parameter get(String value) {
    return parameters.get(value);
  }

  private static @Nullable Parameter of(Node node) {
    for (Attribute attribute : node.attributes().values()) {
      switch (attribute) {
        case Attribute.OfTensor(TensorData data) -> {
          return of(data);
        }
        case Attribute.OfInt(long value) -> {
          return new Parameter("int64 scalar", "scalar", Long.toString(value));
        }
        case Attribute.OfFloat(float value) -> {
          return new Parameter("float scalar", "scalar", Float.toString(value));
        }
        case Attribute.OfInts(List<Long> values) -> {
          return new Parameter(
              "int64 " + values.size(), Integer.toString(values.size()), values.toString());
        }
        case Attribute.OfFloats(List<Float> values) -> {
          return new Parameter(
              "float " + values.size(), Integer.toString(values.size()), values.toString());
        }
        default -> {}
      }
    }
    return null;
  }

  private static Parameter of(TensorData data) {
    String shape = GraphFacts.shape(data.shape().stream().map(String::valueOf).toList());
    return new Parameter(data.type() + " " + shape, shape, values(data));
  }

  private static String values(TensorData data) {
    if (!data.strings().isEmpty()) {
      return data.strings().toString();
    }
    if (!data.type().hasCarrier() || data.size() > VALUES_SHOWN || data.size() == 0) {
      return "";
    }
    try (Scope scope = Scope.open()) {
      double[] values = Constants.value(data).tensor().to(DType.F64).toDoubleArray();
      String text =
          DoubleStream.of(values).mapToObj(Parameters::number).collect(Collectors.joining(", "));
      return data.shape().isEmpty() ? text : "[" + text + "]";
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.4g", value);
  }
}
