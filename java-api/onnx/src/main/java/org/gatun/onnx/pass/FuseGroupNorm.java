package org.gatun.onnx.pass;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.jspecify.annotations.Nullable;

/**
 * Makes one GroupNormalization of an InstanceNormalization of groups of channels, which exporters
 * write as {@code Reshape, InstanceNormalization, Reshape, Mul, Add}.
 */
final class FuseGroupNorm extends Rewrite {
  FuseGroupNorm() {
    super("fuse-group-norm", "puts the normalization of groups of channels into one node");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (GraphEdit.is(node, "InstanceNormalization") && node.inputs().size() == 3) {
            fuse(graph, node);
          }
        });
  }

  private static void fuse(GraphEdit graph, Node norm) {
    Node split = graph.producer(norm.inputs().getFirst(), "Reshape");
    Node join = graph.soleUser(norm.outputs().getFirst());
    if (split == null || join == null || !GraphEdit.is(join, "Reshape")) {
      return;
    }
    String x = split.inputs().getFirst();
    List<Dimension> image = graph.shapes().of(x);
    List<Dimension> groups = graph.shapes().of(split.outputs().getFirst());
    if (image == null
        || groups == null
        || image.size() < 3
        || groups.size() < 3
        || !image.getFirst().equals(groups.getFirst())
        || !graph.shapes().areSame(x, join.outputs().getFirst())) {
      return;
    }
    long channels = Dims.size(image.get(1));
    long count = Dims.size(groups.get(1));
    if (channels < 1
        || count < 1
        || channels % count != 0
        || !isAll(graph, norm.inputs().get(1), 1)
        || !isAll(graph, norm.inputs().get(2), 0)) {
      return;
    }
    int spatial = image.size() - 2;
    Node scaling = graph.soleUser(join.outputs().getFirst());
    TensorData scale =
        scaling == null ? null : perChannel(graph, scaling, "Mul", join, channels, spatial);
    if (scaling == null || scale == null) {
      return;
    }
    Node adding = graph.soleUser(scaling.outputs().getFirst());
    TensorData bias =
        adding == null ? null : perChannel(graph, adding, "Add", scaling, channels, spatial);
    if (adding == null || bias == null) {
      return;
    }
    graph.replace(
        adding,
        new Node(
            adding.name(),
            "org.gatun",
            "GroupNormalization",
            "",
            List.of(x, flat(graph, scale), flat(graph, bias)),
            adding.outputs(),
            Map.of(
                "num_groups", Attributes.of(count),
                "epsilon", Attributes.of(Attributes.number(norm, "epsilon", 1e-5)))));
  }

  private static boolean isAll(GraphEdit graph, String value, double number) {
    TensorData data = graph.constant(value);
    return data != null && Arrays.stream(ConstantData.numbers(data)).allMatch(n -> n == number);
  }

  private static @Nullable TensorData perChannel(
      GraphEdit graph, Node node, String operator, Node before, long channels, int spatial) {
    String other =
        GraphEdit.is(node, operator) ? GraphEdit.other(node, before.outputs().getFirst()) : null;
    TensorData data = other == null ? null : graph.constant(other);
    return data != null && data.size() == channels && isPerChannel(data, spatial) ? data : null;
  }

  /** Returns whether only the dimension before so many last ones is not 1. */
  static boolean isPerChannel(TensorData data, int spatial) {
    List<Long> shape = data.shape();
    int channel = shape.size() - spatial - 1;
    for (int i = 0; i < shape.size(); i++) {
      if (i != channel && shape.get(i) != 1) {
        return false;
      }
    }
    return true;
  }

  /** Returns the name of the constant as a list. */
  private static String flat(GraphEdit graph, TensorData data) {
    if (data.shape().size() == 1) {
      return data.name();
    }
    return graph.addConstant(
        ConstantData.reshaped(data, graph.fresh(data.name()), List.of(data.size())));
  }
}
