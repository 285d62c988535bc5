package org.gatun.onnx.pass;

import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/**
 * Puts Reshape, Transpose and Reshape that take the channels of groups in turn, as ShuffleNet does,
 * into a ChannelShuffle of {@code org.gatun}: in three operators of five dimensions images would
 * lose the order of channels-last.
 */
final class FuseChannelShuffle extends Rewrite {
  private static final int[] GROUPS_EXCHANGED = {0, 2, 1, 3, 4};

  FuseChannelShuffle() {
    super("fuse-channel-shuffle", "puts the shuffle of channels between groups into one operator");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          Node transpose =
              GraphEdit.is(node, "Reshape")
                  ? graph.soleProducer(node.inputs().getFirst(), "Transpose")
                  : null;
          Node split =
              transpose == null
                  ? null
                  : graph.soleProducer(transpose.inputs().getFirst(), "Reshape");
          if (transpose != null && split != null && exchanges(transpose)) {
            String x = split.inputs().getFirst();
            Long groups = groups(graph, x, split.outputs().getFirst());
            if (groups != null && graph.shapes().areSame(x, node.outputs().getFirst())) {
              graph.replace(
                  node,
                  new Node(
                      node.name(),
                      "org.gatun",
                      "ChannelShuffle",
                      "",
                      List.of(x),
                      node.outputs(),
                      Map.of("groups", Attributes.of(groups))));
            }
          }
        });
  }

  private static boolean exchanges(Node transpose) {
    int[] order = EliminateTransposes.order(transpose);
    return order != null && java.util.Arrays.equals(order, GROUPS_EXCHANGED);
  }

  /** Returns the groups that the channels are split in and nothing else, or null. */
  private static @Nullable Long groups(GraphEdit graph, String x, String split) {
    List<Dimension> from = graph.shapes().of(x);
    List<Dimension> to = graph.shapes().of(split);
    if (from == null || to == null || from.size() != 4 || to.size() != 5) {
      return null;
    }
    long groups = Dims.size(to.get(1));
    long each = Dims.size(to.get(2));
    boolean splits =
        groups > 0
            && each > 0
            && groups * each == Dims.size(from.get(1))
            && to.getFirst().equals(from.getFirst())
            && to.subList(3, 5).equals(from.subList(2, 4));
    return splits ? groups : null;
  }
}
