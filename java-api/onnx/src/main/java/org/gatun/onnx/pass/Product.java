package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.List;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/**
 * A product taken apart: {@code 0.5 * x * (1 + erf(..))}, however its factors are grouped.
 *
 * @param constant the product of the factors that are constants of one number
 * @param factors the other factors
 */
record Product(double constant, List<String> factors) {
  private static final int DEEPEST = 4;

  /** Returns the factors of the result of a Mul or Div, or null where the node is neither. */
  static @Nullable Product of(GraphEdit graph, Node node) {
    if (!GraphEdit.is(node, "Mul", "Div") || node.inputs().size() != 2) {
      return null;
    }
    Collector collector = new Collector(graph);
    collector.addNode(node, DEEPEST);
    return new Product(collector.constant, collector.factors);
  }

  /** Returns the factors of a value; the value itself where it is no product. */
  static Product of(GraphEdit graph, String value) {
    Collector collector = new Collector(graph);
    collector.add(value, DEEPEST);
    return new Product(collector.constant, collector.factors);
  }

  /** Returns the factors without one occurrence of one of them, or null where it is none. */
  @Nullable Product without(String factor) {
    List<String> rest = new ArrayList<>(factors);
    return rest.remove(factor) ? new Product(constant, rest) : null;
  }

  /** Returns whether this is a constant, but for rounding, times one value. */
  boolean is(double number, String value) {
    return isConstant(number) && factors.equals(List.of(value));
  }

  boolean isConstant(double number) {
    return Math.abs(constant - number) <= 1e-3 * Math.abs(number);
  }

  private static final class Collector {
    private final GraphEdit graph;
    private final List<String> factors = new ArrayList<>();
    private double constant = 1;

    Collector(GraphEdit graph) {
      this.graph = graph;
    }

    void add(String value, int depth) {
      double number = graph.number(value);
      Node node = depth == 0 ? null : graph.soleProducer(value, "Mul", "Div");
      if (!Double.isNaN(number)) {
        constant *= number;
      } else if (node != null && node.inputs().size() == 2) {
        addNode(node, depth - 1);
      } else {
        factors.add(value);
      }
    }

    void addNode(Node node, int depth) {
      String right = node.inputs().get(1);
      double divisor = graph.number(right);
      if (GraphEdit.is(node, "Mul")) {
        add(node.inputs().getFirst(), depth);
        add(right, depth);
      } else if (!Double.isNaN(divisor)) {
        add(node.inputs().getFirst(), depth);
        constant /= divisor;
      } else {
        factors.add(node.outputs().getFirst());
      }
    }
  }
}
