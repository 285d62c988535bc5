package org.gatun.safety.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;

/** Models of one or two nodes, for sessions to be called on. */
final class TinyModels {
  private static final List<String> OPERATORS =
      List.of("Relu", "Abs", "Neg", "Exp", "Flatten", "Softmax", "Transpose", "NonZero", "Shape");

  private TinyModels() {}

  /** Returns a graph from {@code x} to {@code y}, or one whose parts do not fit each other. */
  static Graph graph(Arguments a, boolean hostile) {
    List<Node> nodes = new ArrayList<>();
    String from = "x";
    int count = a.numbers.between(1, 2);
    for (int i = 0; i < count; i++) {
      String to = i == count - 1 ? "y" : "between";
      String operator =
          hostile && a.numbers.chance(0.2)
              ? a.numbers.text(true)
              : OPERATORS.get(a.numbers.below(OPERATORS.size()));
      nodes.add(new Node("", "", operator, "", List.of(from), List.of(to), Map.of()));
      from = hostile && a.numbers.chance(0.2) ? "nowhere" : to;
    }
    if (hostile && a.numbers.chance(0.3)) {
      nodes.add(new Node("", "", "Relu", "", List.of("y"), List.of("y"), Map.of()));
    }
    return new Graph(
        "g", nodes, List.of(), List.of(), List.of(value("x", a)), List.of(unknown("y")), List.of());
  }

  private static ValueInfo value(String name, Arguments a) {
    List<Dimension> dims = new ArrayList<>();
    for (long _ : a.operands.dims()) {
      dims.add(new Dimension.Any());
    }
    return new ValueInfo(name, new ValueType.OfTensor(ElementType.FLOAT, dims));
  }

  private static ValueInfo unknown(String name) {
    return new ValueInfo(name, new ValueType.Unknown());
  }

  static OnnxModel model(Arguments a) {
    while (true) {
      try {
        Graph graph = graph(a, a.numbers.chance(0.2));
        return OnnxModel.of(new Model(8, "", Map.of("", 17L), graph, List.of(), Map.of()));
      } catch (OnnxException e) {
        // Another one.
      }
    }
  }

  static OnnxSession session(Arguments a, boolean hostile) {
    while (true) {
      try {
        OnnxSession session = model(a).session();
        if (hostile) {
          session.close();
        }
        return session;
      } catch (OnnxException e) {
        // Another one.
      }
    }
  }
}
