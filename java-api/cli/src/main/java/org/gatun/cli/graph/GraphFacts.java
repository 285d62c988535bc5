package org.gatun.cli.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.gatun.onnx.NodeListener;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.jspecify.annotations.Nullable;

/** What is known of a graph's values, as declared and as seen in a run. */
public final class GraphFacts implements NodeListener {
  private final Map<String, String> types = new HashMap<>();
  private final Map<String, Long> nanoseconds = new HashMap<>();

  /** Makes facts of what the graph declares. */
  public GraphFacts(Graph graph) {
    for (List<ValueInfo> values : List.of(graph.values(), graph.inputs(), graph.outputs())) {
      for (ValueInfo value : values) {
        String text = declared(value.type());
        if (!text.isEmpty()) {
          types.put(value.name(), text);
        }
      }
    }
  }

  /** Takes note of an input of a run. */
  public void saw(String name, Value value) {
    types.put(name, describe(value));
  }

  @Override
  public void ran(Node node, List<? extends @Nullable Value> outputs, long duration) {
    for (int i = 0; i < Math.min(outputs.size(), node.outputs().size()); i++) {
      Value value = outputs.get(i);
      if (value != null) {
        types.put(node.outputs().get(i), describe(value));
      }
    }
    nanoseconds.put(key(node), duration);
  }

  /** Returns type and shape, or an empty text where nothing is known. */
  String type(String value) {
    return types.getOrDefault(value, "");
  }

  /** Returns how long the node took in the last run; 0 where there was none. */
  long nanoseconds(Node node) {
    return nanoseconds.getOrDefault(key(node), 0L);
  }

  private static String key(Node node) {
    return String.join(" ", node.outputs());
  }

  static String declared(ValueType type) {
    return switch (type) {
      case ValueType.OfTensor tensor -> {
        List<Dimension> shape = tensor.shape();
        yield shape == null
            ? tensor.element().toString()
            : tensor.element() + " " + shape(shape.stream().map(Dimension::toString).toList());
      }
      case ValueType.OfSparseTensor tensor -> "sparse " + tensor.element();
      case ValueType.OfSequence sequence -> "sequence of " + declared(sequence.element());
      case ValueType.OfOptional optional -> "optional " + declared(optional.element());
      case ValueType.OfMap _ -> "map";
      case ValueType.Unknown _ -> "";
    };
  }

  private static String describe(Value value) {
    return switch (value) {
      case Value.Dense dense ->
          dense.type()
              + " "
              + shape(
                  LongStream.of(dense.tensor().shape().dims()).mapToObj(Long::toString).toList());
      case Value.Sequence sequence -> "sequence of " + sequence.elements().size();
      case Value.Optional optional -> {
        Value inner = optional.value();
        yield inner == null ? "absent" : describe(inner);
      }
    };
  }

  static String shape(List<String> sizes) {
    return sizes.isEmpty() ? "scalar" : sizes.stream().collect(Collectors.joining("\u00d7"));
  }
}
