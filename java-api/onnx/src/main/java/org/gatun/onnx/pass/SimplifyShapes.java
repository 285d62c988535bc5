package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Dimension.Known;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.jspecify.annotations.Nullable;

/**
 * Makes constants of shapes that a graph computes: where all dimensions are declared, and where a
 * Reshape or Expand needs what it is given only to keep dimensions as they are.
 *
 * <p>{@code Reshape(x, Concat(Gather(Shape(x), 0), [12, 64]))} becomes {@code Reshape(x, [0, 12,
 * 64])}, and the nodes in front go.
 */
final class SimplifyShapes extends Rewrite {
  SimplifyShapes() {
    super("simplify-shapes", "makes constants of shapes that the graph computes");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (node.outputs().size() != 1 || node.inputs().isEmpty()) {
            return;
          }
          TensorData known = known(graph, node.outputs().getFirst());
          if (known != null) {
            graph.replaceByConstant(node, known);
          } else if (GraphEdit.is(node, "Reshape") && node.inputs().size() == 2) {
            setShape(graph, node, reshape(graph, node));
          } else if (GraphEdit.is(node, "Expand")) {
            setShape(graph, node, expand(graph, node));
          }
        });
  }

  /** Returns a tensor of which all elements follow from shapes, or null. */
  private static @Nullable TensorData known(GraphEdit graph, String name) {
    List<Dimension> elements = graph.shapes().elements(name);
    List<Dimension> shape = graph.shapes().of(name);
    if (elements == null || shape == null || shape.size() > 1) {
      return null;
    }
    if (!shape.isEmpty() && Dims.size(shape.getFirst()) != elements.size()) {
      return null;
    }
    for (Dimension dim : elements) {
      if (!(dim instanceof Known)) {
        return null;
      }
    }
    List<Long> sizes = shape.isEmpty() ? List.of() : List.of((long) elements.size());
    long[] values = elements.stream().mapToLong(dim -> ((Known) dim).size()).toArray();
    var type = graph.shapes().type(name);
    return type == null ? null : ConstantData.integers(name, type, sizes, values);
  }

  private static long @Nullable [] reshape(GraphEdit graph, Node node) {
    List<Dimension> from = graph.shapes().of(node.inputs().getFirst());
    List<Dimension> asked = graph.shapes().elements(node.inputs().get(1));
    if (from == null || asked == null || graph.constant(node.inputs().get(1)) != null) {
      return null;
    }
    long[] shape = new long[asked.size()];
    int open = 0;
    for (int i = 0; i < shape.length; i++) {
      if (asked.get(i) instanceof Known(long size)) {
        if (size == 0 && Attributes.integer(node, "allowzero", 0) != 0) {
          return null;
        }
        shape[i] = size;
      } else if (i < from.size() && from.get(i).equals(asked.get(i))) {
        shape[i] = 0;
      } else {
        shape[i] = -1;
      }
      open += shape[i] == -1 ? 1 : 0;
    }
    return open > 1 ? null : shape;
  }

  private static long @Nullable [] expand(GraphEdit graph, Node node) {
    List<Dimension> from = graph.shapes().of(node.inputs().getFirst());
    List<Dimension> asked = graph.shapes().elements(node.inputs().get(1));
    if (from == null || asked == null || graph.constant(node.inputs().get(1)) != null) {
      return null;
    }
    long[] shape = new long[asked.size()];
    for (int i = 0; i < shape.length; i++) {
      int own = from.size() - shape.length + i;
      if (asked.get(i) instanceof Known(long size)) {
        shape[i] = size;
      } else if (own >= 0 && from.get(own).equals(asked.get(i))) {
        shape[i] = 1;
      } else {
        return null;
      }
    }
    return shape;
  }

  private static void setShape(GraphEdit graph, Node node, long @Nullable [] shape) {
    if (shape == null) {
      return;
    }
    String name = graph.fresh(node.inputs().get(1));
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(
        1, graph.addConstant(ConstantData.integers(name, List.of((long) shape.length), shape)));
    var attributes = new HashMap<>(node.attributes());
    attributes.remove("allowzero");
    graph.replace(node, node.withInputs(inputs).withAttributes(attributes));
  }
}
