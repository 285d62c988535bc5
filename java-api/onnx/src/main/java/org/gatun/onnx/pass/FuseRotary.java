package org.gatun.onnx.pass;

import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/**
 * Makes one RotaryEmbedding of {@code org.gatun} of {@code x cos + concat(-x2, x1) sin}, where x1
 * and x2 are the halves of x along its last dimension.
 */
final class FuseRotary extends Rewrite {
  FuseRotary() {
    super("fuse-rotary", "puts the rotation of the halves of queries and keys into one node");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (GraphEdit.is(node, "Add") && node.inputs().size() == 2) {
            String first = node.inputs().getFirst();
            String second = node.inputs().get(1);
            if (!fuse(graph, node, first, second)) {
              fuse(graph, node, second, first);
            }
          }
        });
  }

  private static boolean fuse(GraphEdit graph, Node root, String straight, String turned) {
    Node bySin = graph.soleProducer(turned, "Mul");
    Node byCos = graph.soleProducer(straight, "Mul");
    if (bySin == null || byCos == null) {
      return false;
    }
    for (String rotated : bySin.inputs()) {
      Node concat = graph.soleProducer(rotated, "Concat");
      String x = concat == null ? null : source(graph, concat);
      String cos = x == null ? null : GraphEdit.other(byCos, x);
      String sin = GraphEdit.other(bySin, rotated);
      if (x != null
          && cos != null
          && sin != null
          && graph.shapes().areSame(x, root.outputs().getFirst())) {
        graph.replace(
            root,
            new Node(
                root.name(),
                "org.gatun",
                "RotaryEmbedding",
                "",
                List.of(x, cos, sin),
                root.outputs(),
                Map.of()));
        return true;
      }
    }
    return false;
  }

  /** Returns x where the node joins its second half, negated, and its first; else null. */
  private static @Nullable String source(GraphEdit graph, Node concat) {
    Node negated =
        concat.inputs().size() == 2 ? graph.producer(concat.inputs().getFirst(), "Neg") : null;
    Node second = negated == null ? null : graph.producer(negated.inputs().getFirst(), "Slice");
    Node first = negated == null ? null : graph.producer(concat.inputs().get(1), "Slice");
    if (second == null || first == null) {
      return null;
    }
    String x = first.inputs().getFirst();
    int last = graph.shapes().rank(x) - 1;
    long size = graph.shapes().size(x, -1);
    long axis = Attributes.integer(concat, "axis", 0);
    return second.inputs().getFirst().equals(x)
            && size > 0
            && size % 2 == 0
            && (axis == -1 || axis == last)
            && isRange(graph, first, last, size, 0)
            && isRange(graph, second, last, size, size / 2)
        ? x
        : null;
  }

  private static boolean isRange(GraphEdit graph, Node slice, int axis, long size, long start) {
    Map<Integer, SliceRange> ranges = SliceRange.of(graph, slice, axis + 1);
    SliceRange range = ranges == null || ranges.size() != 1 ? null : ranges.get(axis);
    return range != null
        && range.step() == 1
        && range.first(size) == start
        && range.count(size) == size / 2;
  }
}
