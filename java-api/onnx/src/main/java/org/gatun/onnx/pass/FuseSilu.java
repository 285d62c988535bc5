package org.gatun.onnx.pass;

import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Node;

/** Makes one node of {@code x sigmoid(x)}. Of minus infinity that is 0 and not NaN. */
final class FuseSilu extends Rewrite {
  FuseSilu() {
    super("fuse-silu", "puts x * sigmoid(x) into one node");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (!GraphEdit.is(node, "Mul") || node.inputs().size() != 2) {
            return;
          }
          for (String gate : node.inputs()) {
            Node sigmoid = graph.producer(gate, "Sigmoid");
            String x = GraphEdit.other(node, gate);
            if (sigmoid != null && x != null && sigmoid.inputs().getFirst().equals(x)) {
              graph.replace(node, call(node, "Silu", x));
              return;
            }
          }
        });
  }

  static Node call(Node root, String operator, String x) {
    return new Node(root.name(), "org.gatun", operator, "", List.of(x), root.outputs(), Map.of());
  }
}
