package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.jspecify.annotations.Nullable;

/**
 * Puts what follows a convolution into it: a bias, a residual that is added, an activation, in this
 * order. The result is a FusedConv of {@code org.gatun}, or a FusedConvTranspose: {@code
 * activation(conv(X, W) + B + Z)}.
 *
 * <p>A fused ReLU may give 0 for NaN, and a fused GELU NaN for infinity, as {@link
 * org.gatun.op.Fused} says.
 */
final class FuseConvolution extends Rewrite {
  FuseConvolution() {
    super("fuse-convolution", "puts bias, residual and activation into the convolution before");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (node.outputs().size() != 1 || node.inputs().isEmpty()) {
            return;
          }
          if (GraphEdit.is(node, "Add", "Sum") && node.inputs().size() == 2) {
            add(graph, node);
          } else {
            activate(graph, node);
          }
        });
  }

  /** Returns the convolution that makes a value for one user, with nothing after it yet. */
  private static @Nullable Node convolution(GraphEdit graph, String value) {
    Node node = graph.hasOneUse(value) ? graph.producer(value) : null;
    return node != null
            && (GraphEdit.is(node, "Conv", "ConvTranspose") || isFused(node))
            && !node.attributes().containsKey("activation")
        ? node
        : null;
  }

  private static boolean isFused(Node node) {
    return node.domain().equals("org.gatun")
        && (node.operator().equals("FusedConv") || node.operator().equals("FusedConvTranspose"));
  }

  private static void add(GraphEdit graph, Node node) {
    // Of two convolutions the later one takes the other's result.
    String first = node.inputs().getFirst();
    String second = node.inputs().get(1);
    boolean swap = graph.position(first) < graph.position(second);
    for (String value : swap ? List.of(second, first) : List.of(first, second)) {
      Node convolution = convolution(graph, value);
      String other = GraphEdit.other(node, value);
      if (convolution != null && other != null && add(graph, node, convolution, other)) {
        return;
      }
    }
  }

  private static boolean add(GraphEdit graph, Node node, Node convolution, String other) {
    List<String> inputs = new ArrayList<>(convolution.inputs());
    boolean hasBias = inputs.size() > 2 && !inputs.get(2).isEmpty();
    boolean hasResidual = inputs.size() > 3;
    TensorData constant = graph.constant(other);
    long channels = graph.shapes().size(node.outputs().getFirst(), 1);
    int spatial = graph.shapes().rank(convolution.inputs().getFirst()) - 2;
    if (constant != null
        && !hasBias
        && !hasResidual
        && spatial > 0
        && constant.size() == channels
        && constant.shape().size() <= spatial + 2
        && FuseGroupNorm.isPerChannel(constant, spatial)) {
      String name = graph.fresh(constant.name());
      graph.addConstant(ConstantData.reshaped(constant, name, List.of(channels)));
      graph.replace(
          node,
          convolution
              .withInputs(List.of(inputs.get(0), inputs.get(1), name))
              .withOutputs(node.outputs()));
      return true;
    }
    if (hasResidual || !graph.shapes().areSame(convolution.outputs().getFirst(), other)) {
      return false;
    }
    if (inputs.size() == 2) {
      inputs.add("");
    }
    inputs.add(other);
    graph.replace(node, fused(convolution, inputs, node.outputs(), convolution.attributes()));
    return true;
  }

  private static void activate(GraphEdit graph, Node node) {
    Node convolution = convolution(graph, node.inputs().getFirst());
    Map<String, Attribute> activation =
        convolution == null ? null : FusedActivations.of(graph, node);
    if (convolution != null && activation != null) {
      graph.replace(
          node,
          fused(
              convolution,
              convolution.inputs(),
              node.outputs(),
              Attributes.with(convolution, activation)));
    }
  }

  private static Node fused(
      Node convolution,
      List<String> inputs,
      List<String> outputs,
      Map<String, Attribute> attributes) {
    String operator = convolution.operator();
    return new Node(
        convolution.name(),
        "org.gatun",
        operator.startsWith("Fused") ? operator : "Fused" + operator,
        "",
        inputs,
        outputs,
        attributes);
  }
}
