package org.gatun.testkit.onnx;

import java.util.List;
import java.util.stream.Stream;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Function;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueType;
import org.gatun.onnx.operator.Exclusions;
import org.jspecify.annotations.Nullable;

/** Why tests are skipped: an operator of theirs is excluded, or their elements are no numbers. */
final class OnnxSkips {
  private OnnxSkips() {}

  /** Returns why the test is skipped, or null where it is not. */
  static @Nullable String reason(OnnxModel model) {
    Model definition = model.definition();
    return first(
        Stream.concat(
            Stream.of(definition.graph()).map(OnnxSkips::ofGraph),
            definition.functions().stream().map(Function::nodes).map(OnnxSkips::ofNodes)));
  }

  private static @Nullable String ofGraph(Graph graph) {
    return first(
        Stream.of(
            ofNodes(graph.nodes()),
            first(
                Stream.of(graph.inputs(), graph.outputs(), graph.values())
                    .flatMap(List::stream)
                    .map(value -> ofType(value.type()))),
            first(graph.initializers().stream().map(OnnxSkips::ofTensor))));
  }

  private static @Nullable String ofNodes(List<Node> nodes) {
    return first(nodes.stream().map(OnnxSkips::ofNode));
  }

  private static @Nullable String ofNode(Node node) {
    String reason = Exclusions.reason(node.domain(), node.operator());
    if (reason != null) {
      return node.operator() + ": " + reason;
    }
    boolean text =
        node.attributes().containsKey("value_string")
            || node.attributes().containsKey("value_strings");
    return text
        ? ofElements(ElementType.STRING)
        : first(node.attributes().values().stream().map(OnnxSkips::ofAttribute));
  }

  private static @Nullable String ofAttribute(Attribute attribute) {
    return switch (attribute) {
      case Attribute.OfGraph(Graph graph) -> ofGraph(graph);
      case Attribute.OfGraphs(List<Graph> graphs) -> first(graphs.stream().map(OnnxSkips::ofGraph));
      case Attribute.OfTensor(TensorData data) -> ofTensor(data);
      default -> null;
    };
  }

  private static @Nullable String ofTensor(TensorData data) {
    return ofElements(data.type());
  }

  private static @Nullable String ofType(ValueType type) {
    return switch (type) {
      case ValueType.OfTensor(ElementType element, _) -> ofElements(element);
      case ValueType.OfSparseTensor(ElementType element, _) -> ofElements(element);
      case ValueType.OfSequence(ValueType element) -> ofType(element);
      case ValueType.OfOptional(ValueType element) -> ofType(element);
      case ValueType.OfMap _ -> "maps: there are no operators on them";
      case ValueType.Unknown _ -> null;
    };
  }

  private static @Nullable String ofElements(ElementType type) {
    return type.hasCarrier() ? null : "elements of " + type + ", which no tensor holds";
  }

  private static @Nullable String first(Stream<@Nullable String> reasons) {
    return reasons.filter(reason -> reason != null).findFirst().orElse(null);
  }
}
