package org.gatun.benchmarks.peers;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.gatun.benchmarks.peers.PeerCase.Operand;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.gatun.op.Activation;
import org.gatun.op.AveragePool;
import org.gatun.op.BatchNorm;
import org.gatun.op.Binary;
import org.gatun.op.Concat;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Embedding;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.GroupNorm;
import org.gatun.op.InstanceNorm;
import org.gatun.op.Ints;
import org.gatun.op.LayerNorm;
import org.gatun.op.Linear;
import org.gatun.op.MatMul;
import org.gatun.op.MaxPool;
import org.gatun.op.Permute;
import org.gatun.op.Reduce;
import org.gatun.op.RmsNorm;
import org.gatun.op.Softmax;
import org.gatun.op.Unary;
import org.gatun.op.Variance;
import org.gatun.testkit.onnx.ModelWriter;
import org.jspecify.annotations.Nullable;

/** A case as an ONNX model: one node where ONNX has the operator, constants as initializers. */
final class OnnxGraph {
  private static final Map<String, Long> OPSETS = Map.of("", 23L, "com.microsoft", 1L);
  private static final long IR_VERSION = 11;
  private static final String OUTPUT = "y";

  private final PeerCase work;
  private final List<Node> nodes = new ArrayList<>();
  private final List<TensorData> initializers = new ArrayList<>();
  private final List<ValueInfo> inputs = new ArrayList<>();

  private OnnxGraph(PeerCase work) {
    this.work = work;
  }

  /** Returns the name of an operand in the model. */
  static String input(int operand) {
    return "i" + operand;
  }

  /** Returns the model, or null where ONNX does not have the operator. */
  static byte @Nullable [] of(PeerCase work) {
    OnnxGraph graph = new OnnxGraph(work);
    if (!graph.operator()) {
      return null;
    }
    for (int i = 0; i < work.operands().size(); i++) {
      graph.operand(i, work.operands().get(i));
    }
    ValueInfo output = new ValueInfo(OUTPUT, new ValueType.OfTensor(ElementType.FLOAT, null));
    Graph made =
        new Graph(
            "case",
            graph.nodes,
            graph.initializers,
            List.of(),
            graph.inputs,
            List.of(output),
            List.of());
    return ModelWriter.write(new Model(IR_VERSION, "gatun", OPSETS, made, List.of(), Map.of()));
  }

  private void operand(int index, Operand operand) {
    String name = input(index);
    ElementType type = operand.integer() ? ElementType.INT64 : ElementType.FLOAT;
    if (operand.constant()) {
      initializers.add(data(name, type, operand.shape(), bytes(operand, work.seed(index))));
    } else {
      List<Dimension> dims = operand.shape().stream().<Dimension>map(Dimension.Known::new).toList();
      inputs.add(new ValueInfo(name, new ValueType.OfTensor(type, dims)));
    }
  }

  /** Returns the values of an operand as bytes in the machine's order. */
  static ByteBuffer bytes(Operand operand, long seed) {
    int size = operand.integer() ? Long.BYTES : Float.BYTES;
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(operand.size() * size).order(ByteOrder.nativeOrder());
    if (operand.integer()) {
      bytes.asLongBuffer().put(operand.longs(seed));
    } else {
      bytes.asFloatBuffer().put(operand.floats(seed));
    }
    return bytes;
  }

  private static TensorData data(
      String name, ElementType type, List<Long> shape, ByteBuffer bytes) {
    return new TensorData(name, type, shape, MemorySegment.ofBuffer(bytes), null, List.of());
  }

  private boolean operator() {
    switch (work.op()) {
      case Conv conv ->
          node("Conv")
              .with("strides", conv.stride())
              .with("pads", conv.paddingBefore(), conv.paddingAfter())
              .with("dilations", conv.dilation())
              .with("group", conv.groups())
              .add(0, 1, 2);
      case ConvTranspose conv ->
          node("ConvTranspose")
              .with("strides", conv.stride())
              .with("pads", conv.paddingBefore(), conv.paddingAfter())
              .with("output_padding", conv.outputPadding())
              .with("dilations", conv.dilation())
              .with("group", conv.groups())
              .add(0, 1, 2);
      case Linear _ -> node("Gemm").with("transB", 1).add(0, 1, 2);
      case MatMul _ -> node("MatMul").add(0, 1);
      // Running statistics come last in ONNX.
      case BatchNorm norm ->
          node("BatchNormalization")
              .with("training_mode", norm.training() ? 1 : 0)
              .with("epsilon", norm.eps())
              .withOutputs(norm.training() ? List.of(OUTPUT, "mean", "var") : List.of(OUTPUT))
              .add(0, 3, 4, 1, 2);
      case LayerNorm norm ->
          node("LayerNormalization")
              .with("axis", -norm.normalizedShape().size())
              .with("epsilon", norm.eps())
              .add(0, 1, 2);
      case RmsNorm norm ->
          node("RMSNormalization")
              .with("axis", -norm.normalizedShape().size())
              .with("epsilon", norm.eps().orElseThrow())
              .add(0, 1);
      case GroupNorm norm ->
          node("GroupNormalization")
              .with("num_groups", norm.groups())
              .with("epsilon", norm.eps())
              .add(0, 1, 2);
      case InstanceNorm norm ->
          node("InstanceNormalization").with("epsilon", norm.eps()).add(0, 1, 2);
      case MaxPool pool ->
          node("MaxPool")
              .with("kernel_shape", pool.kernel())
              .with("strides", pool.stride())
              .with("pads", pool.padding(), pool.padding())
              .with("dilations", pool.dilation())
              .add(0);
      case AveragePool pool ->
          node("AveragePool")
              .with("kernel_shape", pool.kernel())
              .with("strides", pool.stride())
              .with("pads", pool.padding(), pool.padding())
              .with("count_include_pad", pool.countIncludePad() ? 1 : 0)
              .add(0);
      case GlobalAveragePool _ -> node("GlobalAveragePool").add(0);
      case GlobalMaxPool _ -> node("GlobalMaxPool").add(0);
      case Softmax softmax -> node("Softmax").with("axis", softmax.axis()).add(0);
      case Permute permute -> node("Transpose").with("perm", permute.axes()).add(0);
      case Concat concat ->
          node("Concat")
              .with("axis", concat.axis())
              .add(IntStream.range(0, work.operands().size()).toArray());
      case Embedding _ -> node("Gather").add(0, 1);
      case Reduce reduce -> {
        return reduction(reduce);
      }
      case Variance variance -> variance(variance);
      case Unary unary -> {
        return unary(unary);
      }
      case Activation activation -> {
        return activation(activation);
      }
      case Binary binary -> {
        return binary(binary);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean unary(Unary unary) {
    switch (unary.function()) {
      case RELU -> node("Relu").add(0);
      case SIGMOID -> node("Sigmoid").add(0);
      case TANH -> node("Tanh").add(0);
      case EXP -> node("Exp").add(0);
      case SQRT -> node("Sqrt").add(0);
      case ERF -> node("Erf").add(0);
      case GELU -> node("Gelu").add(0);
      case GELU_TANH -> node("Gelu").with("approximate", "tanh").add(0);
      // ONNX Runtime's own operator is faster than Sigmoid and Mul.
      case SILU -> node("QuickGelu").in("com.microsoft").with("alpha", 1.0).add(0);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean activation(Activation activation) {
    switch (activation.function()) {
      case HARDSWISH -> node("HardSwish").add(0);
      case MISH -> node("Mish").add(0);
      case ELU -> node("Elu").with("alpha", activation.numbers().get(0)).add(0);
      case SELU -> node("Selu").add(0);
      case LEAKY_RELU -> node("LeakyRelu").with("alpha", activation.numbers().get(0)).add(0);
      case PRELU -> node("PRelu").add(0, 1);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean binary(Binary binary) {
    switch (binary.function()) {
      case ADD -> node("Add").add(0, 1);
      case SUB -> node("Sub").add(0, 1);
      case MUL -> node("Mul").add(0, 1);
      case DIV -> node("Div").add(0, 1);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean reduction(Reduce reduce) {
    String operator =
        switch (reduce.function()) {
          case SUM -> "ReduceSum";
          case MEAN -> "ReduceMean";
          case MAX -> "ReduceMax";
          case MIN -> "ReduceMin";
          case PROD -> "ReduceProd";
          default -> null;
        };
    if (operator == null) {
      return false;
    }
    axes(reduce.axes());
    node(operator).with("keepdims", reduce.keepDims() ? 1 : 0).withInputs(input(0), "axes").add();
    return true;
  }

  /** ONNX has no variance: the mean of the squares of what is left without the mean. */
  private void variance(Variance variance) {
    axes(variance.axes());
    double count = 1;
    for (int axis : variance.axes().toArray()) {
      count *= work.operands().getFirst().shape().get(axis);
    }
    constant("count", (float) (count - variance.correction()));
    node("ReduceMean").withInputs(input(0), "axes").withOutputs(List.of("mean")).add();
    node("Sub").withInputs(input(0), "mean").withOutputs(List.of("centred")).add();
    node("ReduceSumSquare")
        .with("keepdims", variance.keepDims() ? 1 : 0)
        .withInputs("centred", "axes")
        .withOutputs(List.of("squares"))
        .add();
    node("Div").withInputs("squares", "count").add();
  }

  private void axes(Ints axes) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(axes.size() * Long.BYTES).order(ByteOrder.nativeOrder());
    for (int axis : axes.toArray()) {
      bytes.putLong(axis);
    }
    initializers.add(data("axes", ElementType.INT64, List.of((long) axes.size()), bytes.flip()));
  }

  private void constant(String name, float value) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(Float.BYTES).order(ByteOrder.nativeOrder());
    initializers.add(data(name, ElementType.FLOAT, List.of(), bytes.putFloat(value).flip()));
  }

  private Builder node(String operator) {
    return new Builder(operator);
  }

  /** A node that is being made. */
  private final class Builder {
    private final String operator;
    private final Map<String, Attribute> attributes = new LinkedHashMap<>();
    private String domain = "";
    private List<String> given = List.of();
    private List<String> results = List.of(OUTPUT);

    Builder(String operator) {
      this.operator = operator;
    }

    Builder in(String name) {
      domain = name;
      return this;
    }

    Builder with(String name, long value) {
      attributes.put(name, new Attribute.OfInt(value));
      return this;
    }

    Builder with(String name, double value) {
      attributes.put(name, new Attribute.OfFloat((float) value));
      return this;
    }

    Builder with(String name, String value) {
      attributes.put(name, new Attribute.OfString(value));
      return this;
    }

    Builder with(String name, Ints... values) {
      List<Long> all = new ArrayList<>();
      for (Ints part : values) {
        for (int value : part.toArray()) {
          all.add((long) value);
        }
      }
      attributes.put(name, new Attribute.OfInts(all));
      return this;
    }

    Builder withInputs(String... names) {
      given = List.of(names);
      return this;
    }

    Builder withOutputs(List<String> names) {
      results = names;
      return this;
    }

    /** Adds the node with these operands as its inputs, where it has none yet. */
    void add(int... operands) {
      List<String> in =
          operands.length == 0 ? given : IntStream.of(operands).mapToObj(OnnxGraph::input).toList();
      nodes.add(new Node("", domain, operator, "", in, results, attributes));
    }
  }
}
