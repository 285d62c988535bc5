package org.gatun.onnx.pass;

import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Node;

/**
 * Makes products of squares: {@code Pow(x, 2)} becomes {@code Mul(x, x)}, of the same value, NaN
 * and infinities included. Powers in patterns that others look for must be gone before.
 */
final class SimplifyPowers extends Rewrite {
  SimplifyPowers() {
    super("simplify-powers", "makes products of squares");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (!GraphEdit.is(node, "Pow") || node.inputs().size() != 2) {
            return;
          }
          String x = node.inputs().getFirst();
          String exponent = node.inputs().get(1);
          List<Dimension> shape = graph.shapes().of(exponent);
          // An exponent of more dimensions than the base would give them to the result.
          boolean adds = shape == null || shape.size() > Math.max(0, graph.shapes().rank(x));
          if (!adds && graph.number(exponent) == 2) {
            graph.replace(
                node,
                new Node(node.name(), "", "Mul", "", List.of(x, x), node.outputs(), Map.of()));
          }
        });
  }
}
