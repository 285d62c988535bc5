package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/** What the common operators say of the shapes of their results. */
final class ShapeRules {
  /** Operators whose first output is as their first input. */
  static final Set<String> ALIKE =
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
          "Trilu",
          "ChannelsLast");

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

  ShapeRules(GraphEdit graph, Shapes shapes, Dims dims) {
    this.graph = graph;
    this.shapes = shapes;
    this.dims = dims;
    this.elements = new ShapeElements(graph, shapes);
    this.windows = new WindowRules(shapes, dims);
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
      split(node);
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
      case "QuantizeLinear", "DequantizeLinear", "ConstantOfShape", "EyeLike" -> null;
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
      case "Transpose" -> first == null ? null : transpose(node, first);
      case "Reshape" -> first == null ? null : reshape(node, first);
      case "Flatten" -> first == null ? null : flatten(node, first);
      case "Expand" -> first == null ? null : expand(node, first);
      case "Unsqueeze" -> first == null ? null : unsqueeze(node, first);
      case "Squeeze" -> first == null ? null : squeeze(node, first);
      case "Concat" -> concat(node);
      case "Gather" -> first == null ? null : gather(node, first);
      case "Slice" -> first == null ? null : slice(node, first);
      case "ConstantOfShape" -> elementsAsShape(node.inputs().getFirst());
      default -> null;
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

  /** Returns the axes that a node has as an attribute or as its second input, or null. */
  static long @Nullable [] axes(GraphEdit graph, Node node) {
    List<Long> attribute = Attributes.integers(node, "axes");
    if (attribute != null) {
      return attribute.stream().mapToLong(Long::longValue).toArray();
    }
    return node.inputs().size() > 1 ? graph.integers(node.inputs().get(1)) : null;
  }

  private @Nullable List<Dimension> reduce(Node node, @Nullable List<Dimension> shape) {
    boolean hasAxes = node.inputs().size() > 1 && !node.inputs().get(1).isEmpty();
    long[] axes = axes(graph, node);
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
    if (axes != null && !mark(axes, gone)) {
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

  /** Marks the axes, which may count from the end; false if one is out of range. */
  private static boolean mark(long[] axes, boolean[] marks) {
    for (long axis : axes) {
      long index = axis < 0 ? axis + marks.length : axis;
      if (index < 0 || index >= marks.length) {
        return false;
      }
      marks[(int) index] = true;
    }
    return true;
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

  private static @Nullable List<Dimension> transpose(Node node, List<Dimension> shape) {
    int[] order = permutation(node, shape.size());
    if (order == null) {
      return null;
    }
    List<Dimension> result = new ArrayList<>();
    for (int axis : order) {
      result.add(shape.get(axis));
    }
    return result;
  }

  /** Returns the order of a Transpose of this rank, or null where it is not one. */
  static int @Nullable [] permutation(Node transpose, int rank) {
    List<Long> attribute = Attributes.integers(transpose, "perm");
    int[] order = new int[rank];
    boolean[] seen = new boolean[rank];
    if (attribute != null && attribute.size() != rank) {
      return null;
    }
    for (int i = 0; i < rank; i++) {
      long axis = attribute == null ? rank - 1 - i : attribute.get(i);
      if (axis < 0 || axis >= rank || seen[(int) axis]) {
        return null;
      }
      seen[(int) axis] = true;
      order[i] = (int) axis;
    }
    return order;
  }

  private @Nullable List<Dimension> reshape(Node node, List<Dimension> from) {
    List<Dimension> asked = node.inputs().size() > 1 ? shapes.elements(node.inputs().get(1)) : null;
    if (asked == null) {
      long count = node.inputs().size() > 1 ? shapes.size(node.inputs().get(1), 0) : -1;
      return count < 0 || count > 8 ? null : dims.unknowns((int) count);
    }
    boolean allowZero = Attributes.integer(node, "allowzero", 0) != 0;
    List<Dimension> result = new ArrayList<>();
    int open = -1;
    for (int i = 0; i < asked.size(); i++) {
      long size = asked.get(i) instanceof Dimension.Known(long value) ? value : 1;
      if (size == -1) {
        open = i;
        result.add(Dims.known(1));
      } else if (size == 0 && !allowZero) {
        if (i >= from.size()) {
          return null;
        }
        result.add(from.get(i));
      } else {
        result.add(asked.get(i));
      }
    }
    if (open >= 0) {
      result.set(open, dims.rest(from, result));
    }
    return result;
  }

  private @Nullable List<Dimension> flatten(Node node, List<Dimension> shape) {
    long axis = Attributes.integer(node, "axis", 1);
    int at = (int) (axis < 0 ? axis + shape.size() : axis);
    if (at < 0 || at > shape.size()) {
      return null;
    }
    return List.of(
        dims.product(shape.subList(0, at)), dims.product(shape.subList(at, shape.size())));
  }

  private @Nullable List<Dimension> expand(Node node, List<Dimension> shape) {
    List<Dimension> asked = shapes.elements(node.inputs().get(1));
    return asked == null ? null : dims.broadcast(shape, asked);
  }

  private @Nullable List<Dimension> unsqueeze(Node node, List<Dimension> shape) {
    long[] axes = axes(graph, node);
    if (axes == null) {
      return null;
    }
    boolean[] fresh = new boolean[shape.size() + axes.length];
    if (!mark(axes, fresh)) {
      return null;
    }
    List<Dimension> result = new ArrayList<>();
    int next = 0;
    for (boolean one : fresh) {
      if (one) {
        result.add(Dims.known(1));
      } else if (next < shape.size()) {
        result.add(shape.get(next++));
      }
    }
    return result;
  }

  private @Nullable List<Dimension> squeeze(Node node, List<Dimension> shape) {
    long[] axes = axes(graph, node);
    boolean[] gone = new boolean[shape.size()];
    if (axes == null || !mark(axes, gone)) {
      return null;
    }
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < gone.length; i++) {
      if (!gone[i]) {
        result.add(shape.get(i));
      }
    }
    return result;
  }

  private @Nullable List<Dimension> concat(Node node) {
    List<Dimension> result = null;
    for (String input : node.inputs()) {
      List<Dimension> shape = shapes.of(input);
      if (shape == null) {
        return null;
      }
      long axis = Attributes.integer(node, "axis", 0);
      int at = (int) (axis < 0 ? axis + shape.size() : axis);
      if (at < 0 || at >= shape.size() || (result != null && result.size() != shape.size())) {
        return null;
      }
      if (result == null) {
        result = new ArrayList<>(shape);
      } else {
        result.set(at, dims.add(result.get(at), shape.get(at)));
      }
    }
    return result;
  }

  private void split(Node node) {
    List<Dimension> shape = shapes.of(node.inputs().getFirst());
    if (shape == null) {
      return;
    }
    long axis = Attributes.integer(node, "axis", 0);
    int at = (int) (axis < 0 ? axis + shape.size() : axis);
    if (at < 0 || at >= shape.size()) {
      return;
    }
    int parts = node.outputs().size();
    List<Long> attribute = Attributes.integers(node, "split");
    long[] sizes =
        attribute != null || node.inputs().size() < 2 ? null : graph.integers(node.inputs().get(1));
    long whole = Dims.size(shape.get(at));
    for (int i = 0; i < parts; i++) {
      long size = -1;
      if (attribute != null) {
        size = i < attribute.size() ? attribute.get(i) : -1;
      } else if (sizes != null) {
        size = i < sizes.length ? sizes[i] : -1;
      } else if (node.inputs().size() < 2 && whole >= 0) {
        long each = (whole + parts - 1) / parts;
        size = Math.max(0, Math.min(each, whole - each * i));
      }
      List<Dimension> part = new ArrayList<>(shape);
      part.set(at, size < 0 ? dims.unknown() : Dims.known(size));
      shapes.shape(node.outputs().get(i), part);
      shapes.type(node.outputs().get(i), shapes.type(node.inputs().getFirst()));
    }
  }

  private @Nullable List<Dimension> gather(Node node, List<Dimension> shape) {
    List<Dimension> indices = shapes.of(node.inputs().get(1));
    long axis = Attributes.integer(node, "axis", 0);
    int at = (int) (axis < 0 ? axis + shape.size() : axis);
    if (indices == null || at < 0 || at >= shape.size()) {
      return null;
    }
    List<Dimension> result = new ArrayList<>(shape.subList(0, at));
    result.addAll(indices);
    result.addAll(shape.subList(at + 1, shape.size()));
    return result;
  }

  private @Nullable List<Dimension> slice(Node node, List<Dimension> shape) {
    Map<Integer, SliceRange> ranges = SliceRange.of(graph, node, shape.size());
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < shape.size(); i++) {
      SliceRange range = ranges == null ? null : ranges.get(i);
      if (ranges != null && range == null) {
        result.add(shape.get(i));
      } else {
        long count = range == null ? -1 : range.count(Dims.size(shape.get(i)));
        result.add(count < 0 ? dims.unknown() : Dims.known(count));
      }
    }
    return result;
  }

  private @Nullable List<Dimension> elementsAsShape(String name) {
    return shapes.elements(name);
  }
}
