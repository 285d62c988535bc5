package org.gatun.onnx.pass;

import org.gatun.onnx.model.Node;

/** Makes one node of {@code x tanh(softplus(x))}. Of minus infinity that is 0 and not NaN. */
final class FuseMish extends Rewrite {
  FuseMish() {
    super("fuse-mish", "puts x * tanh(softplus(x)) into one node");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (!GraphEdit.is(node, "Mul") || node.inputs().size() != 2) {
            return;
          }
          for (String gate : node.inputs()) {
            Node tanh = graph.producer(gate, "Tanh");
            Node softplus =
                tanh == null ? null : graph.producer(tanh.inputs().getFirst(), "Softplus");
            String x = GraphEdit.other(node, gate);
            if (softplus != null && x != null && softplus.inputs().getFirst().equals(x)) {
              graph.replace(node, FuseSilu.call(node, "Mish", x));
              return;
            }
          }
        });
  }
}
