package org.gatun.safety.threads;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;

/** Small networks of the kinds that are run from many threads. */
final class SmallNetworks {
  /**
   * A network with one input.
   *
   * @param name what it is
   * @param model the network
   * @param example the shape of an input, whose first dimension may be another
   */
  record Network(String name, OnnxModel model, Shape example) {
    /** Returns an input of so many examples. */
    Tensor input(long seed, int examples) {
      return new Generator(seed).randn(DType.F32, example.with(0, examples).dims());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private final List<Node> nodes = new ArrayList<>();
  private final List<TensorData> weights = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(7);

  private SmallNetworks() {}

  /** Returns all of them. */
  static List<Network> all() {
    return List.of(images(), upscaling(), sentences(), integers(), choosing());
  }

  /** Convolutions, pooling and a classifier. */
  private static Network images() {
    SmallNetworks net = new SmallNetworks();
    net.weights("w1", 16, 3, 3, 3).weights("b1", 16).weights("w2", 32, 16, 3, 3);
    net.weights("w3", 32, 1, 3, 3).weights("w4", 10, 32).weights("b4", 10);
    Attribute pads = ints(1, 1, 1, 1);
    net.node("Conv", "x,w1,b1", "a", Map.of("pads", pads)).node("Relu", "a", "b");
    net.node("MaxPool", "b", "c", Map.of("kernel_shape", ints(2, 2), "strides", ints(2, 2)));
    net.node("Conv", "c,w2", "d", Map.of("pads", pads)).node("Sigmoid", "d", "e");
    net.node("Mul", "d,e", "f");
    net.node("Conv", "f,w3", "g", Map.of("pads", pads, "group", new Attribute.OfInt(32)));
    net.node("Add", "f,g", "h").node("GlobalAveragePool", "h", "i").node("Flatten", "i", "j");
    net.node("Gemm", "j,w4,b4", "k", Map.of("transB", new Attribute.OfInt(1)));
    net.node("Softmax", "k", "y");
    return net.network("images", Shape.of(1, 3, 24, 24));
  }

  /** A transposed convolution with a stride, the one whose bits depend on threads. */
  private static Network upscaling() {
    SmallNetworks net = new SmallNetworks();
    net.weights("w1", 17, 3, 3, 3).weights("w2", 17, 17, 4, 4);
    net.node("Conv", "x,w1", "a", Map.of("pads", ints(1, 1, 1, 1))).node("Relu", "a", "b");
    Map<String, Attribute> attributes = Map.of("pads", ints(1, 1, 1, 1), "strides", ints(2, 2));
    net.node("ConvTranspose", "b,w2", "c", attributes).node("Tanh", "c", "y");
    return net.network("upscaling", Shape.of(1, 3, 9, 9));
  }

  /** A block of a transformer. */
  private static Network sentences() {
    SmallNetworks net = new SmallNetworks();
    net.weights("s", 64).weights("o", 64).weights("q", 64, 64).weights("k", 64, 64);
    net.weights("v", 64, 64).weights("p", 64, 64).weights("m", 64, 256).weights("n", 256, 64);
    net.node("LayerNormalization", "x,s,o", "l").node("MatMul", "l,q", "a");
    net.node("MatMul", "l,k", "b").node("MatMul", "l,v", "c");
    net.node("Transpose", "b", "t", Map.of("perm", ints(0, 2, 1))).node("MatMul", "a,t", "d");
    net.node("Softmax", "d", "e").node("MatMul", "e,c", "f").node("MatMul", "f,p", "g");
    net.node("Add", "g,x", "h").node("MatMul", "h,m", "i").node("Gelu", "i", "j");
    net.node("MatMul", "j,n", "u").node("Add", "u,h", "y");
    return net.network("sentences", Shape.of(1, 20, 64));
  }

  /** Products of integers, of what is quantized on the way. */
  private static Network integers() {
    SmallNetworks net = new SmallNetworks();
    net.bytes("w", 48, 40).weights("scale", 40).weights("b", 40);
    net.node("DynamicQuantizeLinear", "x", "q,qs,qz").node("MatMulInteger", "q,w,qz", "i");
    net.node("Cast", "i", "f", Map.of("to", new Attribute.OfInt(1)));
    net.node("Mul", "qs,scale", "t").node("Mul", "f,t", "g").node("Add", "g,b", "h");
    net.node("Relu", "h", "y");
    return net.network("integers", Shape.of(4, 48));
  }

  /** What is larger than 0, which no recording can hold. */
  private static Network choosing() {
    SmallNetworks net = new SmallNetworks();
    net.weights("w", 30, 50);
    net.node("MatMul", "x,w", "a").node("Relu", "a", "b").node("NonZero", "b", "c");
    net.node("Transpose", "c", "d").node("GatherND", "b,d", "e").node("Exp", "e", "f");
    net.node("ReduceSum", "f", "y");
    return net.network("choosing", Shape.of(6, 30));
  }

  private Network network(String name, Shape example) {
    List<Dimension> dims = new ArrayList<>();
    for (int axis = 0; axis < example.rank(); axis++) {
      dims.add(axis == 0 ? new Dimension.Named("n") : new Dimension.Known(example.dim(axis)));
    }
    ValueInfo x = new ValueInfo("x", new ValueType.OfTensor(ElementType.FLOAT, dims));
    ValueInfo y = new ValueInfo("y", new ValueType.Unknown());
    Graph graph = new Graph(name, nodes, weights, List.of(), List.of(x), List.of(y), List.of());
    Model model = new Model(8, "gatun", Map.of("", 20L), graph, List.of(), Map.of());
    return new Network(name, OnnxModel.of(model), example);
  }

  private SmallNetworks node(String operator, String inputs, String outputs) {
    return node(operator, inputs, outputs, Map.of());
  }

  private SmallNetworks node(
      String operator, String inputs, String outputs, Map<String, Attribute> attributes) {
    nodes.add(
        new Node(
            outputs,
            "",
            operator,
            "",
            List.of(inputs.split(",")),
            List.of(outputs.split(",")),
            attributes));
    return this;
  }

  private SmallNetworks weights(String name, long... dims) {
    float[] values = new float[(int) Shape.of(dims).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-0.3, 0.3);
    }
    return weights(name, ElementType.FLOAT, MemorySegment.ofArray(values), dims);
  }

  private SmallNetworks bytes(String name, long... dims) {
    byte[] values = new byte[(int) Shape.of(dims).size()];
    random.nextBytes(values);
    return weights(name, ElementType.INT8, MemorySegment.ofArray(values), dims);
  }

  private SmallNetworks weights(
      String name, ElementType type, MemorySegment elements, long... dims) {
    List<Long> shape = Arrays.stream(dims).boxed().toList();
    weights.add(new TensorData(name, type, shape, elements, null, List.of()));
    return this;
  }

  private static Attribute ints(long... values) {
    return new Attribute.OfInts(Arrays.stream(values).boxed().toList());
  }
}
