package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;

/**
 * Has products compute in bf16, and what lies between them: constants are rounded here, once, and
 * other values where they enter. What a node gives is rounded once more where it is computed, and
 * widened where something needs it in f32: outputs of the graph, values that graphs within it use,
 * and the operators that are not named here.
 *
 * <p>It runs after all other passes, and only where the session's precision is bf16.
 */
final class ComputeInBf16 extends Rewrite {
  /** Products over fewer elements than these are no work: such as positions times frequencies. */
  private static final long FEWEST_TERMS = 16;

  /** What is multiplied, and worth rounding its operands for. */
  private static final Set<String> PRODUCTS =
      Set.of(
          "Conv",
          "ConvTranspose",
          "FusedConv",
          "FusedConvTranspose",
          "FusedGemm",
          "FusedMatMul",
          "Gemm",
          "MatMul",
          "ScaledDotProductAttention");

  /** What takes bf16 if its first input is: one tensor, and numbers that go with it. */
  private static final Set<String> FOLLOWING =
      Set.of(
          "Abs",
          "AveragePool",
          "BatchNormalization",
          "BiasGelu",
          "Celu",
          "ChannelsLast",
          "Clip",
          "DepthToSpace",
          "Elu",
          "Expand",
          "FastGelu",
          "Flatten",
          "Gather",
          "GatherND",
          "Gelu",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "GroupNormalization",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "InstanceNormalization",
          "LRN",
          "LayerNormalization",
          "LeakyRelu",
          "MaxPool",
          "Mish",
          "Neg",
          "PRelu",
          "Pad",
          "QuickGelu",
          "RMSNormalization",
          "Relu",
          "Reshape",
          "Resize",
          "Selu",
          "Sigmoid",
          "Silu",
          "SimplifiedLayerNormalization",
          "SkipLayerNormalization",
          "SkipSimplifiedLayerNormalization",
          "Slice",
          "Softplus",
          "Softsign",
          "SpaceToDepth",
          "Split",
          "Squeeze",
          "Swish",
          "Tanh",
          "Tile",
          "Transpose",
          "Unsqueeze",
          "Upsample");

  /** What takes bf16 if all its inputs are, or can be. */
  private static final Set<String> JOINING =
      Set.of("Add", "Concat", "Div", "Max", "Min", "Mul", "RotaryEmbedding", "Sub", "Sum", "Where");

  /** Of these another input may be rounded whatever it is: it changes a factor in the last bit. */
  private static final Set<String> SCALING = Set.of("Mul", "Div", "RotaryEmbedding");

  ComputeInBf16() {
    super("compute-in-bf16", "has products, and what lies between them, compute in bf16");
  }

  @Override
  void rewrite(GraphEdit graph) {
    new Rounding(graph).run();
  }

  /** One run: which values there are in bf16, by their names in f32. */
  private static final class Rounding {
    private final GraphEdit graph;
    private final Map<String, String> rounded = new HashMap<>();

    Rounding(GraphEdit graph) {
      this.graph = graph;
    }

    void run() {
      graph.forEach(
          node -> {
            if (isTaken(node)) {
              round(node);
            }
          });
      // What was widened for nobody.
      rounded.keySet().forEach(graph::sweep);
    }

    private boolean isTaken(Node node) {
      String operator = node.operator();
      if (node.inputs().isEmpty()
          || node.outputs().isEmpty()
          || !Set.of("", "com.microsoft", "org.gatun").contains(node.domain())
          || node.outputs().stream().skip(1).anyMatch(name -> !isMoved(node, name))
          || !inputs(node).stream().allMatch(this::canBeRounded)) {
        return false;
      }
      String first = node.inputs().getFirst();
      if (PRODUCTS.contains(operator)) {
        return isWorthwhile(node) && hasWeightsOrFollows(node);
      }
      if (FOLLOWING.contains(operator)) {
        return rounded.containsKey(first);
      }
      return JOINING.contains(operator)
          && inputs(node).stream().anyMatch(rounded::containsKey)
          && inputs(node).stream().allMatch(input -> joins(node, input));
    }

    /** Further outputs are statistics or indices, but for those of what takes a tensor apart. */
    private static boolean isMoved(Node node, String output) {
      return output.isEmpty() || node.operator().equals("Split");
    }

    /** Returns the inputs that are rounded where the node is: numbers that it computes with. */
    private List<String> inputs(Node node) {
      List<String> inputs = new ArrayList<>();
      for (int i = 0; i < node.inputs().size(); i++) {
        if (isRounded(node, i)) {
          inputs.add(node.inputs().get(i));
        }
      }
      return inputs;
    }

    private boolean isRounded(Node node, int input) {
      String name = node.inputs().get(input);
      if (name.isEmpty()) {
        return false;
      }
      return switch (node.operator()) {
        // A mask is added to products that are f32: -3.4e38 would round to minus infinity.
        case "ScaledDotProductAttention" -> input < 3;
        case "Resize", "Upsample", "Expand", "Reshape", "Tile", "Slice", "Split" -> input == 0;
        case "Gather", "GatherND", "Squeeze", "Unsqueeze" -> input == 0;
        case "Where" -> input > 0;
        case "Pad" -> input == 0 || input == 2;
        default -> true;
      };
    }

    private boolean canBeRounded(String name) {
      if (rounded.containsKey(name)) {
        return true;
      }
      TensorData constant = graph.constant(name);
      return graph.shapes().type(name) == ElementType.FLOAT
          && (constant == null || Bf16Constants.holds(constant));
    }

    /**
     * Returns whether a value goes into an operator of several: another summand that is broadcast
     * may be a mask, whose numbers are beyond what bf16 tells apart.
     */
    private boolean joins(Node node, String input) {
      if (rounded.containsKey(input)
          || graph.constant(input) != null
          || SCALING.contains(node.operator())) {
        return true;
      }
      return node.operator().equals("Add")
          && inputs(node).stream().allMatch(other -> graph.shapes().areSame(input, other));
    }

    /** What multiplies activations by each other is in bf16 where these are, as in attention. */
    private boolean hasWeightsOrFollows(Node node) {
      return isConstant(node.inputs().get(1))
          || inputs(node).stream().anyMatch(rounded::containsKey);
    }

    /** Returns whether a value depends on no input; what a run computes once is packed too. */
    private boolean isConstant(String name) {
      Node producer = graph.producer(name);
      return graph.constant(name) != null
          || (producer != null
              && !producer.inputs().isEmpty()
              && producer.inputs().stream().allMatch(this::isConstant));
    }

    private boolean isWorthwhile(Node node) {
      String weights = node.inputs().get(1);
      return switch (node.operator()) {
        case "Conv", "FusedConv" -> !hasOddChannels(node, weights);
        case "MatMul", "FusedMatMul", "Gemm", "FusedGemm" -> {
          boolean transposed = Attributes.integer(node, "transB", 0) != 0;
          long terms = graph.shapes().size(weights, transposed ? -1 : -2);
          yield terms < 0 || terms >= FEWEST_TERMS;
        }
        default -> true;
      };
    }

    /** Such convolutions, of images of three colours above all, are no faster in bf16. */
    private boolean hasOddChannels(Node node, String weights) {
      long groups = Attributes.integer(node, "group", 1);
      boolean depthwise = groups > 1 && graph.shapes().size(weights, 1) == 1;
      return graph.shapes().size(weights, 1) % 2 != 0 && !depthwise;
    }

    private void round(Node node) {
      List<Node> nodes = new ArrayList<>();
      List<String> inputs = new ArrayList<>(node.inputs());
      for (int i = 0; i < inputs.size(); i++) {
        if (isRounded(node, i)) {
          inputs.set(i, rounded(inputs.get(i), nodes));
        }
      }
      List<String> outputs = new ArrayList<>();
      List<Node> widened = new ArrayList<>();
      for (String output : node.outputs()) {
        if (output.isEmpty()) {
          outputs.add(output);
          continue;
        }
        String name = graph.fresh(output);
        outputs.add(name);
        rounded.put(output, name);
        widened.add(cast(name, output, ElementType.FLOAT));
      }
      nodes.add(node.withInputs(inputs).withOutputs(outputs));
      nodes.addAll(widened);
      graph.replace(node, nodes.toArray(Node[]::new));
    }

    /** Returns the name of a value in bf16, with the node that rounds it if there is none yet. */
    private String rounded(String name, List<Node> nodes) {
      String known = rounded.get(name);
      if (known != null) {
        return known;
      }
      String fresh = graph.fresh(name);
      rounded.put(name, fresh);
      TensorData constant = graph.constant(name);
      if (constant != null) {
        graph.addConstant(Bf16Constants.rounded(constant, fresh));
      } else {
        nodes.add(cast(name, fresh, ElementType.BFLOAT16));
      }
      return fresh;
    }

    private static Node cast(String from, String to, ElementType type) {
      return new Node(
          to,
          "",
          "Cast",
          "",
          List.of(from),
          List.of(to),
          Map.of("to", new Attribute.OfInt(type.code())),
          13);
    }
  }
}
