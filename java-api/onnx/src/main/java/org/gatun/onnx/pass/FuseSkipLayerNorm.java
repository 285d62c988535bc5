package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Node;

/**
 * Puts the sum of two tensors into the layer normalization behind it, as com.microsoft's
 * SkipLayerNormalization, which gives the sum too where others use it.
 */
final class FuseSkipLayerNorm extends Rewrite {
  FuseSkipLayerNorm() {
    super("fuse-skip-layer-norm", "puts a sum into the layer normalization behind it");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (node.operator().equals("LayerNormalization")
              && (node.domain().isEmpty() || node.domain().equals("com.microsoft"))
              && node.outputs().size() == 1) {
            fuse(graph, node);
          }
        });
  }

  private static void fuse(GraphEdit graph, Node norm) {
    String sum = norm.inputs().getFirst();
    Node add = graph.producer(sum, "Add");
    long axis = Attributes.integer(norm, "axis", -1);
    if (add == null
        || graph.isPinned(sum)
        || (axis != -1 && axis + 1 != graph.shapes().rank(sum))
        || !graph.shapes().areSame(add.inputs().getFirst(), add.inputs().get(1))) {
      return;
    }
    boolean others = graph.users(sum).size() > 1;
    List<String> inputs = new ArrayList<>(add.inputs());
    inputs.addAll(norm.inputs().subList(1, norm.inputs().size()));
    String output = norm.outputs().getFirst();
    Node fused =
        new Node(
            norm.name(),
            "com.microsoft",
            "SkipLayerNormalization",
            "",
            inputs,
            others ? List.of(output, "", "", sum) : List.of(output),
            Map.of("epsilon", Attributes.of(Attributes.number(norm, "epsilon", 1e-5f))));
    // The other users of the sum come after the addition, but perhaps before the normalization.
    boolean first =
        graph.users(sum).stream()
            .allMatch(
                user ->
                    user == norm
                        || graph.position(user.outputs().getFirst()) > graph.position(output));
    if (!others || first) {
      graph.replace(norm, fused);
      if (others) {
        graph.replace(add);
      }
    }
  }
}
