package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.jspecify.annotations.Nullable;

/**
 * Makes one ScaledDotProductAttention of {@code org.gatun} of {@code softmax(scale Q K^T + mask)
 * V}. The scale may stand at the product, or at queries and keys; the mask may be added, or be a
 * Where that puts a large negative number in the place of what is masked. Heads that are split off
 * before and joined after it, and keys and values that are repeated for groups of heads, become
 * attributes.
 *
 * <p>A query that sees no key, all its sums being minus infinity, gets zeros; the pattern gives
 * NaN.
 */
final class FuseAttention extends Rewrite {
  /** What is as low as this weighs nothing beside a sum that is not masked. */
  private static final double MASKED = -1e4;

  FuseAttention() {
    super("fuse-attention", "puts softmax(scale Q K^T + mask) V into one node");
  }

  /** The sums before the softmax, taken apart. */
  private record Scores(String query, String transposedKey, double scale, @Nullable Mask mask) {
    Scores scaled(double factor) {
      return new Scores(query, transposedKey, scale * factor, mask);
    }
  }

  /**
   * A mask.
   *
   * @param value to add, or the condition of a Where
   * @param masked what stands where the condition is {@code where}; NaN for a mask to add
   * @param where which truth value of the condition masks
   */
  private record Mask(String value, double masked, boolean where) {}

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(node -> scaleLast(graph, node));
    Map<Mask, String> masks = new HashMap<>();
    graph.forEach(
        node -> {
          if (GraphEdit.is(node, "MatMul")) {
            fuse(graph, node, masks);
          }
        });
  }

  /** Puts the scaling of queries or keys behind their transpose, next to the product. */
  private static void scaleLast(GraphEdit graph, Node node) {
    Node user = GraphEdit.is(node, "Transpose") ? graph.soleUser(node.outputs().getFirst()) : null;
    Node scaling =
        user != null && GraphEdit.is(user, "MatMul")
            ? graph.soleProducer(node.inputs().getFirst(), "Mul", "Div")
            : null;
    GraphEdit.Operand operand = scaling == null ? null : graph.operand(scaling);
    int[] order = EliminateTransposes.order(node);
    if (scaling == null
        || operand == null
        || order == null
        || !graph.shapes().areSame(operand.value(), node.inputs().getFirst())) {
      return;
    }
    String name = graph.fresh(operand.value());
    List<String> inputs = new ArrayList<>(scaling.inputs());
    inputs.replaceAll(input -> input.equals(operand.value()) ? name : input);
    graph.replace(
        node,
        EliminateTransposes.transpose(operand.value(), name, order),
        scaling.withInputs(inputs).withOutputs(node.outputs()));
  }

  private static void fuse(GraphEdit graph, Node root, Map<Mask, String> masks) {
    Node softmax = graph.soleProducer(root.inputs().getFirst(), "Softmax");
    String sums = softmax == null ? null : softmax.inputs().getFirst();
    int rank = sums == null ? -1 : graph.shapes().rank(sums);
    if (softmax == null || sums == null || rank < 3 || rank > 4) {
      return;
    }
    long axis = Attributes.integer(softmax, "axis", graph.opset(softmax) < 13 ? 1 : -1);
    Scores scores = axis == -1 || axis == rank - 1 ? scores(graph, sums) : null;
    if (scores == null
        || graph.shapes().rank(scores.query()) != rank
        || graph.shapes().rank(scores.transposedKey()) != rank
        || graph.shapes().rank(root.inputs().get(1)) != rank
        || !isMaskOf(graph, scores.mask(), sums, rank)) {
      return;
    }
    AttentionHeads heads =
        new AttentionHeads(graph, root, scores.query(), scores.transposedKey(), rank);
    List<Node> nodes = new ArrayList<>();
    List<String> inputs = new ArrayList<>(heads.inputs(nodes));
    Mask mask = scores.mask();
    if (mask != null) {
      inputs.add(maskValue(graph, mask, sums, masks, nodes));
    }
    Map<String, Attribute> attributes = new HashMap<>(heads.attributes());
    attributes.put("scale", Attributes.of(scores.scale()));
    Node last = heads.last();
    nodes.add(
        new Node(
            root.name(),
            "org.gatun",
            "ScaledDotProductAttention",
            "",
            inputs,
            last.outputs(),
            attributes));
    graph.replace(last, nodes.toArray(Node[]::new));
  }

  // Taking the sums apart.

  private static @Nullable Scores scores(GraphEdit graph, String sums) {
    Node node = graph.soleProducer(sums, "Add", "Where");
    if (node == null) {
      return product(graph, sums);
    }
    if (GraphEdit.is(node, "Add")) {
      for (int i = 0; i < 2; i++) {
        Scores found = product(graph, node.inputs().get(i));
        if (found != null) {
          Mask mask = new Mask(node.inputs().get(1 - i), Double.NaN, false);
          return new Scores(found.query(), found.transposedKey(), found.scale(), mask);
        }
      }
      return null;
    }
    for (int i = 1; i < 3; i++) {
      double masked = graph.number(node.inputs().get(3 - i));
      Scores found = masked <= MASKED ? product(graph, node.inputs().get(i)) : null;
      if (found != null) {
        // The second input is taken where the condition is true.
        Mask mask = new Mask(node.inputs().getFirst(), masked, i == 2);
        return new Scores(found.query(), found.transposedKey(), found.scale(), mask);
      }
    }
    return null;
  }

  private static @Nullable Scores product(GraphEdit graph, String value) {
    Node node = graph.soleProducer(value, "MatMul", "Mul", "Div");
    if (node == null) {
      return null;
    }
    if (!GraphEdit.is(node, "MatMul")) {
      GraphEdit.Operand operand = graph.operand(node);
      Scores inner = operand == null ? null : product(graph, operand.value());
      return operand == null || inner == null ? null : inner.scaled(factor(node, operand));
    }
    double scale = 1;
    String[] sides = {node.inputs().getFirst(), node.inputs().get(1)};
    for (int i = 0; i < 2; i++) {
      Node scaling = graph.producer(sides[i], "Mul", "Div");
      GraphEdit.Operand operand = scaling == null ? null : graph.operand(scaling);
      if (scaling != null && operand != null && graph.shapes().areSame(operand.value(), sides[i])) {
        scale *= factor(scaling, operand);
        sides[i] = operand.value();
      }
    }
    return new Scores(sides[0], sides[1], scale, null);
  }

  private static double factor(Node node, GraphEdit.Operand operand) {
    return GraphEdit.is(node, "Mul") ? operand.number() : 1 / operand.number();
  }

  // Masks.

  /** Returns whether the mask broadcasts to the sums, as far as can be told. */
  private static boolean isMaskOf(GraphEdit graph, @Nullable Mask mask, String sums, int rank) {
    if (mask == null) {
      return true;
    }
    List<Dimension> shape = graph.shapes().of(mask.value());
    List<Dimension> whole = graph.shapes().of(sums);
    if (shape == null || whole == null || shape.size() > rank) {
      return false;
    }
    for (int i = 1; i <= shape.size(); i++) {
      Dimension dim = Dims.at(shape, -i);
      boolean wider = Dims.size(dim) > 1 && Dims.size(Dims.at(whole, -i)) == 1;
      if (wider) {
        return false;
      }
    }
    return true;
  }

  /** Returns the mask to add, which layers share. */
  private static String maskValue(
      GraphEdit graph, Mask mask, String sums, Map<Mask, String> masks, List<Node> nodes) {
    if (Double.isNaN(mask.masked())) {
      return mask.value();
    }
    String known = masks.get(mask);
    if (known != null) {
      return known;
    }
    ElementType found = graph.shapes().type(sums);
    ElementType type = found == null ? ElementType.FLOAT : found;
    TensorData zero = ConstantData.numbers(graph.fresh("zero"), type, List.of(), 0);
    TensorData low = ConstantData.numbers(graph.fresh("masked"), type, List.of(), mask.masked());
    String yes = graph.addConstant(mask.where() ? low : zero);
    String no = graph.addConstant(mask.where() ? zero : low);
    String name = graph.fresh("mask");
    nodes.add(
        new Node(name, "", "Where", "", List.of(mask.value(), yes, no), List.of(name), Map.of()));
    masks.put(mask, name);
    return name;
  }
}
