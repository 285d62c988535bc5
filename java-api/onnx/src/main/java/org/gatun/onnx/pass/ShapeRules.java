package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.jspecify.annotations.Nullable;

/** What the common operators say of the shapes of their results. */
final class ShapeRules {
  /** Operators whose first output is as their first input. */
  private static final Set<String> ALIKE =
      Set.of(
          "Abs",
          "Acos",
          "Acosh",
          "Asin",
          "Asinh",
          "Atan",
          "Atanh",
          "BatchNormalization",
          "BitwiseNot",
          "Cast",
          "CastLike",
          "Ceil",
          "Celu",
          "ChannelShuffle",
          "ChannelsLast",
          "Clip",
          "Cos",
          "Cosh",
          "CumSum",
          "DequantizeLinear",
          "Dropout",
          "DynamicQuantizeLinear",
          "Elu",
          "Erf",
          "Exp",
          "FastGelu",
          "Floor",
          "Gelu",
          "GroupNormalization",
          "HardSigmoid",
          "HardSwish",
          "Hardmax",
          "Identity",
          "InstanceNormalization",
          "IsInf",
          "IsNaN",
          "LRN",
          "LayerNormalization",
          "LeakyRelu",
          "Log",
          "LogSoftmax",
          "MeanVarianceNormalization",
          "Mish",
          "Neg",
          "Not",
          "PRelu",
          "QuantizeLinear",
          "QuickGelu",
          "RMSNormalization",
          "Reciprocal",
          "Relu",
          "RotaryEmbedding",
          "Round",
          "ScatterElements",
          "ScatterND",
          "Selu",
          "Shrink",
          "Sigmoid",
          "Sign",
          "Silu",
          "SimplifiedLayerNormalization",
          "Sin",
          "Sinh",
          "SkipLayerNormalization",
          "Softmax",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Swish",
          "Tan",
          "Tanh",
          "ThresholdedRelu",
          "Trilu");

  /** Operators of two or more inputs that broadcast. */
  private static final Set<String> BROADCAST =
      Set.of(
          "Add",
          "And",
          "BitShift",
          "BitwiseAnd",
          "BitwiseOr",
          "BitwiseXor",
          "Div",
          "Equal",
          "Greater",
          "GreaterOrEqual",
          "Less",
          "LessOrEqual",
          "Max",
          "Mean",
          "Min",
          "Mod",
          "Mul",
          "Or",
          "Pow",
          "Sub",
          "Sum",
          "Where",
          "Xor");

  private static final Set<String> TESTS =
      Set.of(
          "And",
          "Equal",
          "Greater",
          "GreaterOrEqual",
          "IsInf",
          "IsNaN",
          "Less",
          "LessOrEqual",
          "Not",
          "Or",
          "Xor");

  private final GraphEdit graph;
  private final Shapes shapes;
  private final Dims dims;
  private final ShapeElements elements;
  private final WindowRules windows;
  private final MovementRules moves;

  ShapeRules(GraphEdit graph, Shapes shapes, Dims dims) {
    this.graph = graph;
    this.shapes = shapes;
    this.dims = dims;
    this.elements = new ShapeElements(graph, shapes);
    this.windows = new WindowRules(shapes, dims);
    this.moves = new MovementRules(graph, shapes, dims);
  }

  /** Tells the shapes what the node's outputs are like. */
  void infer(Node node) {
    if (node.outputs().isEmpty() || node.inputs().isEmpty() || !isKnownDomain(node)) {
      return;
    }
    elements.infer(node);
    shapes.type(node.outputs().getFirst(), type(node));
    String output = node.outputs().getFirst();
    if (node.operator().equals("Split")) {
      moves.split(node);
      return;
    }
    if (node.operator().equals("DynamicQuantizeLinear")) {
      scalar(node, 1, ElementType.FLOAT);
      scalar(node, 2, ElementType.UINT8);
    }
    List<Dimension> shape = shape(node);
    if (shape != null && !output.isEmpty()) {
      shapes.shape(output, shape);
    }
  }

  private void scalar(Node node, int output, ElementType type) {
    if (node.outputs().size() > output && !node.outputs().get(output).isEmpty()) {
      shapes.shape(node.outputs().get(output), List.of());
      shapes.type(node.outputs().get(output), type);
    }
  }

  private static boolean isKnownDomain(Node node) {
    return Set.of("", "com.microsoft", "org.gatun").contains(node.domain());
  }

  private @Nullable ElementType type(Node node) {
    return switch (node.operator()) {
      case "Cast" -> ofCode(Attributes.integer(node, "to", 0));
      case "Shape", "Size", "NonZero", "ArgMax", "ArgMin" -> ElementType.INT64;
      case "Where", "CastLike" -> shapes.type(node.inputs().get(1));
      case "ConstantOfShape" ->
          switch (node.attributes().get("value")) {
            case null -> ElementType.FLOAT;
            case Attribute.OfTensor(TensorData data) -> data.type();
            default -> null;
          };
      case "QuantizeLinear", "DequantizeLinear", "EyeLike" -> null;
      case "DynamicQuantizeLinear" -> ElementType.UINT8;
      case "MatMulInteger", "ConvInteger" -> ElementType.INT32;
      case "MatMulIntegerToFloat" ->
          node.inputs().size() > 2 ? shapes.type(node.inputs().get(2)) : null;
      default ->
          TESTS.contains(node.operator())
              ? ElementType.BOOL
              : shapes.type(node.inputs().getFirst());
    };
  }

  private static @Nullable ElementType ofCode(long code) {
    return code < 1 || code > 26 ? null : ElementType.ofCode(code);
  }

  private @Nullable List<Dimension> shape(Node node) {
    String operator = node.operator();
    List<Dimension> first = shapes.of(node.inputs().getFirst());
    if (ALIKE.contains(operator)) {
      return first;
    }
    if (BROADCAST.contains(operator)) {
      return broadcast(node);
    }
    List<Dimension> windowed = windows.shape(node, first);
    if (windowed != null) {
      return windowed;
    }
    if (operator.startsWith("Reduce")) {
      return reduce(node, first);
    }
    return switch (operator) {
      case "Shape" -> {
        List<Dimension> found = shapes.elements(node.outputs().getFirst());
        yield found != null
            ? List.of(Dims.known(found.size()))
            : first == null || !node.attributes().isEmpty()
                ? null
                : List.of(Dims.known(first.size()));
      }
      case "MatMul",
          "FusedMatMul",
          "MatMulInteger",
          "MatMulIntegerToFloat",
          "DynamicQuantizeMatMul" ->
          matmul(node, first);
      case "ScaledDotProductAttention" -> attention(node, first);
      case "Gemm", "FusedGemm" -> gemm(node, first);
      case "ConstantOfShape" -> shapes.elements(node.inputs().getFirst());
      default -> first == null ? null : moves.shape(node, first);
    };
  }

  private @Nullable List<Dimension> broadcast(Node node) {
    List<Dimension> result = List.of();
    for (String input : node.inputs()) {
      List<Dimension> shape = shapes.of(input);
      if (shape == null) {
        return null;
      }
      result = dims.broadcast(result, shape);
    }
    return result;
  }

  private @Nullable List<Dimension> reduce(Node node, @Nullable List<Dimension> shape) {
    boolean hasAxes = node.inputs().size() > 1 && !node.inputs().get(1).isEmpty();
    long[] axes = MovementRules.axes(graph, node);
    boolean all = axes == null && !hasAxes && !node.attributes().containsKey("axes");
    if (shape == null || (axes == null && !all)) {
      return null;
    }
    if (all && Attributes.integer(node, "noop_with_empty_axes", 0) != 0) {
      return shape;
    }
    boolean keep = Attributes.integer(node, "keepdims", 1) != 0;
    boolean[] gone = new boolean[shape.size()];
    for (int i = 0; i < gone.length; i++) {
      gone[i] = axes == null || axes.length == 0;
    }
    if (axes != null && !MovementRules.mark(axes, gone)) {
      return null;
    }
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < gone.length; i++) {
      if (!gone[i]) {
        result.add(shape.get(i));
      } else if (keep) {
        result.add(Dims.known(1));
      }
    }
    return result;
  }

  private @Nullable List<Dimension> matmul(Node node, @Nullable List<Dimension> a) {
    List<Dimension> b = shapes.of(node.inputs().get(1));
    if (a == null || b == null || a.size() < 2 || b.size() < 2) {
      return null;
    }
    boolean transA = Attributes.integer(node, "transA", 0) != 0;
    boolean transB = Attributes.integer(node, "transB", 0) != 0;
    List<Dimension> result =
        new ArrayList<>(dims.broadcast(a.subList(0, a.size() - 2), b.subList(0, b.size() - 2)));
    result.add(Dims.at(a, transA ? -1 : -2));
    result.add(Dims.at(b, transB ? -2 : -1));
    return result;
  }

  private @Nullable List<Dimension> attention(Node node, @Nullable List<Dimension> query) {
    List<Dimension> value = shapes.of(node.inputs().get(2));
    if (query == null || value == null || query.size() < 3 || value.size() < 3) {
      return null;
    }
    long heads = Attributes.integer(node, "q_num_heads", 0);
    long valueHeads = Attributes.integer(node, "kv_num_heads", heads);
    boolean split = heads > 0;
    Dimension queries = Dims.at(query, -2);
    Dimension size = Dims.at(value, -1);
    if (split && value.size() == 3) {
      long whole = Dims.size(size);
      size = whole > 0 && valueHeads > 0 ? Dims.known(whole / valueHeads) : dims.unknown();
    }
    if (Attributes.integer(node, "packed_output", 0) != 0) {
      long each = Dims.size(size);
      return List.of(
          query.getFirst(), queries, each > 0 ? Dims.known(each * heads) : dims.unknown());
    }
    List<Dimension> front =
        split && query.size() == 3
            ? List.of(query.getFirst(), Dims.known(heads))
            : query.subList(0, query.size() - 2);
    List<Dimension> result = new ArrayList<>(front);
    result.add(queries);
    result.add(size);
    return result;
  }

  private @Nullable List<Dimension> gemm(Node node, @Nullable List<Dimension> a) {
    List<Dimension> b = shapes.of(node.inputs().get(1));
    if (a == null || b == null || a.size() != 2 || b.size() != 2) {
      return null;
    }
    boolean transA = Attributes.integer(node, "transA", 0) != 0;
    boolean transB = Attributes.integer(node, "transB", 0) != 0;
    return List.of(a.get(transA ? 1 : 0), b.get(transB ? 0 : 1));
  }
}
