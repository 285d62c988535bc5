package org.gatun.examples;

import static org.gatun.examples.Chapter.holds;
import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.shape;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.SessionOptions;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;

/** ONNX models: a graph of operators with its weights, mostly in a file, is rewritten and run. */
public final class OnnxModels {
  private static final float[] WEIGHTS = {1, 0, -1, 2, 0.5f, 1};
  private static final float[] BIAS = {0.5f, -0.5f};

  private OnnxModels() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      OnnxModel model = model();
      whatItTakes(model);
      running(model);
      rewrites(model);
      mistakes(model);
    }
  }

  /**
   * Returns {@code probabilities = softmax(relu(x weights + bias))}, for any number of rows of
   * three. A model in a file is {@code OnnxModel.load(Path.of("model.onnx"))}; this one is written
   * down as the records that a file is read into.
   */
  private static OnnxModel model() {
    List<Node> nodes =
        List.of(
            node("MatMul", List.of("x", "weights"), "product", Map.of()),
            node("Add", List.of("product", "bias"), "sum", Map.of()),
            node("Relu", List.of("sum"), "positive", Map.of()),
            node(
                "Softmax",
                List.of("positive"),
                "probabilities",
                Map.of("axis", new Attribute.OfInt(-1))));
    List<TensorData> weights =
        List.of(constant("weights", WEIGHTS, 3L, 2L), constant("bias", BIAS, 2L));
    ValueInfo x = new ValueInfo("x", rowsOf(3));
    ValueInfo probabilities = new ValueInfo("probabilities", rowsOf(2));
    Graph graph =
        new Graph(
            "example", nodes, weights, List.of(), List.of(x), List.of(probabilities), List.of());
    return OnnxModel.of(new Model(10, "example", Map.of("", 20L), graph, List.of(), Map.of()));
  }

  private static Node node(
      String operator, List<String> inputs, String output, Map<String, Attribute> attributes) {
    return new Node("", "", operator, "", inputs, List.of(output), attributes);
  }

  private static TensorData constant(String name, float[] values, Long... dims) {
    MemorySegment elements = MemorySegment.ofArray(values);
    return new TensorData(name, ElementType.FLOAT, List.of(dims), elements, null, List.of());
  }

  private static ValueType rowsOf(long columns) {
    return new ValueType.OfTensor(
        ElementType.FLOAT, List.of(new Dimension.Named("rows"), new Dimension.Known(columns)));
  }

  /** Returns what the model computes, by hand. */
  private static Tensor byHand(Tensor x) {
    Tensor weights = Tensor.of(WEIGHTS, 3, 2);
    return x.matmul(weights).add(Tensor.of(BIAS)).relu().softmax(-1);
  }

  private static void whatItTakes(OnnxModel model) {
    section("inputs and outputs");
    IO.println("inputs: " + model.inputs());
    IO.println("outputs: " + model.outputs());
    ValueInfo x = model.inputs().getFirst();
    holds(
        "an input has elements of a type, and dimensions of a size or a name",
        x.type() instanceof ValueType.OfTensor(ElementType element, List<Dimension> dims)
            && element == ElementType.FLOAT
            && dims.getFirst().equals(new Dimension.Named("rows"))
            && dims.getLast().equals(new Dimension.Known(3)));
  }

  private static void running(OnnxModel model) {
    section("a session");
    Generator random = new Generator(3);
    try (OnnxSession session = model.session()) {
      Tensor x = random.randn(DType.F32, 4, 3);
      Map<String, Tensor> outputs = session.run(Map.of("x", x));
      Tensor found = shape("by names", outputs.get("probabilities"), 4, 2);
      same("what the graph says", found, byHand(x));
      same("a model of one input and one output runs on a tensor", session.run(x), found);
      Tensor own = Tensor.empty(DType.F32, 4, 2);
      session.run(Map.of("x", x), Map.of("probabilities", own));
      same("into a tensor of yours", own, found);
      Tensor more = random.randn(DType.F32, 7, 3);
      same("another number of rows", session.run(more), byHand(more));
      holds("what was worked out is kept for both numbers of rows", session.plans() == 2);
      holds("and is not worked out again, node by node", session.interpretedBecause() == null);
    }
  }

  private static void rewrites(OnnxModel model) {
    section("rewrites of the graph");
    SessionOptions plain = SessionOptions.defaults().withoutPasses();
    Tensor x = new Generator(4).randn(DType.F32, 2, 3);
    try (OnnxSession rewritten = model.session();
        OnnxSession asWritten = model.session(plain)) {
      IO.println("as written: " + operators(asWritten));
      IO.println("rewritten: " + operators(rewritten));
      holds(
          "product, bias and activation are one node",
          operators(rewritten).equals(List.of("FusedMatMul", "Softmax")));
      same("which gives the same", rewritten.run(x), asWritten.run(x));
    }
  }

  private static List<String> operators(OnnxSession session) {
    return session.graph().nodes().stream().map(Node::operator).toList();
  }

  private static void mistakes(OnnxModel model) {
    section("mistakes");
    try (OnnxSession session = model.session()) {
      Tensor x = Tensor.zeros(DType.F32, 2, 3);
      refused("an input of another name", () -> session.run(Map.of("y", x)));
      refused("rows of four", () -> session.run(Tensor.zeros(DType.F32, 2, 4)));
      refused("other elements", () -> session.run(x.to(DType.I32)));
    }
    refused(
        "a pass that there is not", () -> SessionOptions.defaults().withoutPass("fuse-everything"));
  }
}
