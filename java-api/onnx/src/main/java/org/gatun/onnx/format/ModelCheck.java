package org.gatun.onnx.format;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.ValueInfo;

/** What can be told of a model before its operators are looked up. */
public final class ModelCheck {
  private static final long OLDEST_FORMAT = 3;
  private static final long NEWEST_FORMAT = 13;
  private static final long NEWEST_OPSET = 28;

  private static final int DEEPEST = 64;

  private ModelCheck() {}

  /**
   * Checks the versions, the names of the outputs and how deep graphs lie in each other.
   *
   * @throws OnnxException if the versions are not those that Gatun knows, two outputs have one
   *     name, by which {@code run} could not give both, or graphs are nested more than 64 deep
   */
  public static void check(Model model) {
    if (model.irVersion() < OLDEST_FORMAT || model.irVersion() > NEWEST_FORMAT) {
      throw new OnnxException(
          "model: version "
              + model.irVersion()
              + " of the file format, expected "
              + OLDEST_FORMAT
              + " to "
              + NEWEST_FORMAT);
    }
    Long opset = model.opsets().get("");
    if (opset != null && (opset < 1 || opset > NEWEST_OPSET)) {
      throw new OnnxException(
          "model: version " + opset + " of ONNX's operators, expected 1 to " + NEWEST_OPSET);
    }
    Set<String> names = new HashSet<>();
    for (ValueInfo output : model.graph().outputs()) {
      if (!names.add(output.name())) {
        throw new OnnxException("model: two outputs are named '" + output.name() + "'");
      }
    }
    checkDepth(model.graph().nodes(), 1);
    model.functions().forEach(function -> checkDepth(function.nodes(), 1));
  }

  /** What walks a model goes into its graphs by recursion. */
  private static void checkDepth(List<Node> nodes, int depth) {
    if (depth > DEEPEST) {
      throw new OnnxException("model: graphs nested more than " + DEEPEST + " deep");
    }
    for (Node node : nodes) {
      for (Attribute attribute : node.attributes().values()) {
        switch (attribute) {
          case Attribute.OfGraph(Graph body) -> checkDepth(body.nodes(), depth + 1);
          case Attribute.OfGraphs(List<Graph> bodies) ->
              bodies.forEach(body -> checkDepth(body.nodes(), depth + 1));
          default -> {}
        }
      }
    }
  }
}
