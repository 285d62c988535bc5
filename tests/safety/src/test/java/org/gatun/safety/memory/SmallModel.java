package org.gatun.safety.memory;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.gatun.testkit.onnx.ModelWriter;

/**
 * A small model of images with what larger ones are made of: convolutions, pooling, shape
 * arithmetic, a branch, an attention with normalization, and constants of several kinds.
 */
final class SmallModel {
  /** The shape of its input {@code x}; the first dimension may be any. */
  static final long[] INPUT = {2, 3, 16, 16};

  private final Random random = new Random(7);
  private final List<Node> nodes = new ArrayList<>();
  private final List<TensorData> constants = new ArrayList<>();

  private SmallModel() {}

  /** Returns the bytes of the file. */
  static byte[] bytes() {
    return ModelWriter.write(new SmallModel().model());
  }

  private Model model() {
    weights("w1", 16, 3, 3, 3);
    weights("b1", 16);
    weights("w2", 16, 1, 3, 3);
    weights("w3", 24, 16, 1, 1);
    weights("query", 24, 24);
    weights("key", 24, 24);
    weights("value", 24, 24);
    weights("scale", 24);
    weights("bias", 24);
    weights("head", 24, 10);
    constant("sequence", 0, -1, 24);
    node("Conv", "x w1 b1", "c1", Map.of("pads", integers(1, 1, 1, 1)));
    node("Relu", "c1", "r1", Map.of());
    node("MaxPool", "r1", "p1", Map.of("kernel_shape", integers(2, 2), "strides", integers(2, 2)));
    node(
        "Conv",
        "p1 w2",
        "c2",
        Map.of("pads", integers(1, 1, 1, 1), "group", new Attribute.OfInt(16)));
    node("HardSwish", "c2", "h2", Map.of());
    node("Conv", "h2 w3", "c3", Map.of());
    node("Transpose", "c3", "t", Map.of("perm", integers(0, 2, 3, 1)));
    node("Reshape", "t sequence", "s", Map.of());
    node("MatMul", "s query", "q", Map.of());
    node("MatMul", "s key", "k", Map.of());
    node("MatMul", "s value", "v", Map.of());
    node("Transpose", "k", "kt", Map.of("perm", integers(0, 2, 1)));
    node("MatMul", "q kt", "scores", Map.of());
    node("Softmax", "scores", "probabilities", Map.of("axis", new Attribute.OfInt(-1)));
    node("MatMul", "probabilities v", "attended", Map.of());
    node("Add", "attended s", "sum", Map.of());
    node("LayerNormalization", "sum scale bias", "normal", Map.of());
    node("Erf", "normal", "erf", Map.of());
    node("TopK", "erf count", "top places", Map.of("axis", new Attribute.OfInt(1)));
    constant("count", 3);
    node("ReduceMean", "top axis", "mean", Map.of("keepdims", new Attribute.OfInt(0)));
    constant("axis", 1);
    node("MatMul", "mean head", "y", Map.of());
    node("CumSum", "y one", "z", Map.of());
    constant("one", 1);
    List<Dimension> dims = new ArrayList<>();
    dims.add(new Dimension.Any());
    for (long dim : Arrays.copyOfRange(INPUT, 1, INPUT.length)) {
      dims.add(new Dimension.Known(dim));
    }
    Graph graph =
        new Graph(
            "small",
            nodes,
            constants,
            List.of(),
            List.of(new ValueInfo("x", new ValueType.OfTensor(ElementType.FLOAT, dims))),
            List.of(
                new ValueInfo("y", new ValueType.Unknown()),
                new ValueInfo("z", new ValueType.Unknown())),
            List.of());
    return new Model(10, "test", Map.of("", 20L), graph, List.of(), Map.of());
  }

  private void node(String operator, String in, String out, Map<String, Attribute> attributes) {
    nodes.add(
        new Node(
            "",
            "",
            operator,
            "",
            List.of(in.split(" ")),
            List.of(out.split(" ")),
            new LinkedHashMap<>(attributes)));
  }

  private static Attribute integers(long... values) {
    return new Attribute.OfInts(Arrays.stream(values).boxed().toList());
  }

  private void weights(String name, long... shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / 4);
    }
    List<Long> dims = Arrays.stream(shape).boxed().toList();
    constants.add(
        new TensorData(
            name, ElementType.FLOAT, dims, MemorySegment.ofArray(values), null, List.of()));
  }

  private void constant(String name, long... values) {
    List<Long> dims = List.of((long) values.length);
    constants.add(
        new TensorData(
            name, ElementType.INT64, dims, MemorySegment.ofArray(values), null, List.of()));
  }
}
