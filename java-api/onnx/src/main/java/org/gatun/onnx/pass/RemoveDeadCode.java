package org.gatun.onnx.pass;

import java.util.List;
import org.gatun.onnx.model.Node;

/** Drops nodes and constants that no output depends on. */
final class RemoveDeadCode extends Rewrite {
  RemoveDeadCode() {
    super("remove-dead-code", "drops nodes and constants that no output depends on");
  }

  @Override
  void rewrite(GraphEdit graph) {
    List<Node> nodes = graph.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      nodes.get(i).outputs().forEach(graph::sweep);
    }
    graph.dropUnusedConstants();
  }
}
