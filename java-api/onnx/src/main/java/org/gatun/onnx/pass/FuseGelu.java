package org.gatun.onnx.pass;

import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/**
 * Makes one node of GELU: {@code 0.5 x (1 + erf(x / sqrt(2)))} becomes com.microsoft's Gelu, {@code
 * 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))} its FastGelu, {@code x sigmoid(1.702 x)} its
 * QuickGelu, in whatever order the factors stand.
 *
 * <p>Of infinity the patterns give what the nodes give; of minus infinity they give NaN where one
 * node gives 0.
 */
final class FuseGelu extends Rewrite {
  private static final double CUBE = 0.044715;

  FuseGelu() {
    super("fuse-gelu", "puts GELU in its forms with erf, tanh and sigmoid into one node");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          Product product = Product.of(graph, node);
          Node fused = product == null ? null : fused(graph, node, product);
          if (fused != null) {
            graph.replace(node, fused);
          }
        });
  }

  private static @Nullable Node fused(GraphEdit graph, Node root, Product product) {
    if (product.factors().size() != 2) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      String x = product.factors().get(1 - i);
      String gate = product.factors().get(i);
      Node add = graph.producer(gate, "Add");
      GraphEdit.Operand operand = add == null ? null : graph.operand(add);
      Node function =
          operand != null && operand.number() == 1 && product.isConstant(0.5)
              ? graph.producer(operand.value(), "Erf", "Tanh")
              : null;
      if (function != null) {
        String argument = function.inputs().getFirst();
        if (GraphEdit.is(function, "Erf") && Product.of(graph, argument).is(Math.sqrt(0.5), x)) {
          return call(root, "Gelu", x, Map.of());
        }
        if (GraphEdit.is(function, "Tanh") && isCubic(graph, argument, x)) {
          return call(root, "FastGelu", x, Map.of());
        }
      }
      Node sigmoid = graph.producer(gate, "Sigmoid");
      if (sigmoid != null && product.isConstant(1)) {
        Product argument = Product.of(graph, sigmoid.inputs().getFirst());
        if (argument.is(1.702, x)) {
          return call(root, "QuickGelu", x, Map.of("alpha", Attributes.of(argument.constant())));
        }
      }
    }
    return null;
  }

  static Node call(Node root, String operator, String x, Map<String, Attribute> attributes) {
    return new Node(
        root.name(), "com.microsoft", operator, "", List.of(x), root.outputs(), attributes);
  }

  /** Whether it is sqrt(2 / pi) (x + 0.044715 x^3), or with x taken out of the sum. */
  private static boolean isCubic(GraphEdit graph, String argument, String x) {
    Product product = Product.of(graph, argument);
    if (!product.isConstant(Math.sqrt(2 / Math.PI))) {
      return false;
    }
    if (product.factors().size() == 1) {
      Node sum = graph.producer(product.factors().getFirst(), "Add");
      String cube = sum == null ? null : GraphEdit.other(sum, x);
      return cube != null && isPower(graph, Product.of(graph, cube), x, 3);
    }
    Product rest = product.without(x);
    Node sum =
        rest == null || rest.factors().size() != 1
            ? null
            : graph.producer(rest.factors().getFirst(), "Add");
    GraphEdit.Operand operand = sum == null ? null : graph.operand(sum);
    return operand != null
        && operand.number() == 1
        && isPower(graph, Product.of(graph, operand.value()), x, 2);
  }

  private static boolean isPower(GraphEdit graph, Product product, String x, int exponent) {
    int found = 0;
    for (String factor : product.factors()) {
      Node power = graph.producer(factor, "Pow");
      Node square = graph.producer(factor, "Mul");
      if (factor.equals(x)) {
        found++;
      } else if (power != null && power.inputs().getFirst().equals(x)) {
        double number = graph.number(power.inputs().get(1));
        found += number == 2 || number == 3 ? (int) number : 100;
      } else if (square != null && square.inputs().equals(List.of(x, x))) {
        found += 2;
      } else {
        return false;
      }
    }
    return found == exponent && product.isConstant(CUBE);
  }
}
