package org.gatun.onnx.pass;

import static org.gatun.onnx.pass.RewriteCheck.node;
import static org.gatun.onnx.pass.RewriteCheck.numbers;
import static org.gatun.onnx.pass.RewriteCheck.operators;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.gatun.DType;
import org.gatun.Precision;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.SessionOptions;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.Test;

class ComputeInBf16Test {
  private static final Map<String, ?> NONE = Map.of();
  private static final Map<String, ?> PADDED = Map.of("pads", new int[] {1, 1, 1, 1});

  /** A few roundings to 8 bits, of numbers whose largest is 1. */
  private static final double TOLERANCE = 0.03;

  /** Returns the graph in bf16, whether or not the processor multiplies it. */
  private static Graph rounded(GraphBuilder builder) {
    return Passes.optimize(
        builder.model().definition().graph(),
        builder.model().definition().opsets(),
        Set.of(),
        Precision.BF16);
  }

  /** Checks that a session in bf16 gives what one in f32 does, but for rounding. */
  private static void assertClose(GraphBuilder builder, Tensor... inputs) {
    OnnxModel model = builder.model();
    SessionOptions options = SessionOptions.defaults();
    try (Scope _ = Scope.open();
        OnnxSession exact = model.session(options);
        OnnxSession rounded = model.session(options.withPrecision(Precision.BF16))) {
      Map<String, Tensor> given = new java.util.LinkedHashMap<>();
      for (int i = 0; i < inputs.length; i++) {
        given.put(model.inputs().get(i).name(), inputs[i]);
      }
      Map<String, Tensor> expected = exact.run(given);
      for (int run = 0; run < 2; run++) {
        Map<String, Tensor> actual = rounded.run(given);
        expected.forEach((name, tensor) -> assertClose(name, tensor, actual.get(name)));
      }
    }
  }

  private static void assertClose(String name, Tensor expected, Tensor actual) {
    assertEquals(expected.dtype(), actual.dtype(), name);
    assertEquals(expected.shape(), actual.shape(), name);
    double[] want = expected.to(DType.F64).toDoubleArray();
    double[] have = actual.to(DType.F64).toDoubleArray();
    double largest = Arrays.stream(want).map(Math::abs).max().orElse(0);
    for (int i = 0; i < want.length; i++) {
      assertEquals(want[i], have[i], TOLERANCE * largest, name);
    }
  }

  private static Tensor random(long... shape) {
    Random random = new Random(7);
    Tensor numbers = Tensor.zeros(DType.F32, shape);
    float[] values = new float[(int) numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }

  private static GraphBuilder images() {
    return new GraphBuilder(17)
        .input("x", ElementType.FLOAT, 1, 4, 8, 8)
        .constant("w", numbers(4 * 4 * 9), 4, 4, 3, 3)
        .constant("v", numbers(6 * 4), 6, 4, 1, 1)
        .constant("b", numbers(4), 4)
        .node("Conv", List.of("x", "w", "b"), List.of("c"), PADDED)
        .node("HardSwish", List.of("c"), List.of("h"), NONE)
        .node("Add", List.of("h", "c"), List.of("s"), NONE)
        .node("AveragePool", List.of("s"), List.of("p"), Map.of("kernel_shape", new int[] {2, 2}))
        .node("Conv", List.of("p", "v"), List.of("y"), NONE)
        .output("y");
  }

  @Test
  void whatLiesBetweenConvolutionsIsNotConverted() {
    Graph graph = rounded(images());
    List<String> operators = operators(graph);
    assertEquals(2, operators.stream().filter("Cast"::equals).count(), operators::toString);
    assertEquals(List.of("ChannelsLast", "Cast"), operators.subList(0, 2));
    assertEquals("Cast", operators.getLast());
    assertEquals(List.of("y"), graph.nodes().getLast().outputs());
    assertTrue(
        graph.initializers().stream().allMatch(data -> data.type() == ElementType.BFLOAT16),
        graph.initializers()::toString);
    assertClose(images(), random(1, 4, 8, 8));
  }

  @Test
  void isForSessionsInBf16Alone() {
    GraphBuilder builder = images();
    try (OnnxSession plain = builder.model().session();
        OnnxSession turnedOff =
            builder
                .model()
                .session(
                    SessionOptions.defaults()
                        .withPrecision(Precision.BF16)
                        .withoutPass("compute-in-bf16"))) {
      assertEquals(Precision.F32, plain.precision());
      for (OnnxSession session : List.of(plain, turnedOff)) {
        assertFalse(operators(session.graph()).contains("Cast"));
      }
    }
  }

  @Test
  void isRefusedWhereNothingMultipliesBf16() {
    GraphBuilder builder = images();
    try (Scope _ = Scope.open();
        Engine reference = Engine.of(new ReferenceBackend());
        OnnxSession session =
            reference.with(
                () ->
                    builder
                        .model()
                        .session(SessionOptions.defaults().withPrecision(Precision.BF16)))) {
      assertEquals(Precision.F32, session.precision());
      assertFalse(operators(session.graph()).contains("Cast"));
    }
  }

  @Test
  void convolutionsOfColoursStay() {
    Graph graph =
        rounded(
            new GraphBuilder(17)
                .input("x", ElementType.FLOAT, 1, 3, 6, 6)
                .constant("w", numbers(4 * 27), 4, 3, 3, 3)
                .constant("v", numbers(8 * 4), 8, 4, 1, 1)
                .node("Conv", List.of("x", "w"), List.of("c"), NONE)
                .node("Conv", List.of("c", "v"), List.of("y"), NONE)
                .output("y"));
    Node first =
        graph.nodes().stream().filter(node -> node.operator().equals("Conv")).findFirst().get();
    assertEquals("w", first.inputs().get(1));
    assertEquals(ElementType.FLOAT, constant(graph, "w").type());
  }

  private static TensorData constant(Graph graph, String name) {
    return graph.initializers().stream().filter(d -> d.name().equals(name)).findFirst().get();
  }

  @Test
  void depthwiseConvolutionsFollow() {
    GraphBuilder builder =
        new GraphBuilder(17)
            .input("x", ElementType.FLOAT, 1, 4, 6, 6)
            .constant("w", numbers(4 * 9), 4, 1, 3, 3)
            .node("Conv", List.of("x", "w"), List.of("y"), Map.of("group", 4))
            .output("y");
    assertEquals(List.of("Cast", "Conv", "Cast"), operators(rounded(builder)));
    assertClose(builder, random(1, 4, 6, 6));
  }

  @Test
  void positionsTimesFrequenciesStay() {
    Graph graph =
        rounded(
            new GraphBuilder(17)
                .input("positions", ElementType.FLOAT, 64, 1)
                .constant("frequencies", numbers(32), 1, 32)
                .node("MatMul", List.of("positions", "frequencies"), List.of("angles"), NONE)
                .node("Cos", List.of("angles"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("MatMul", "Cos"), operators(graph));
  }

  @Test
  void productsOfActivationsAloneStay() {
    Graph graph =
        rounded(
            new GraphBuilder(17)
                .input("a", ElementType.FLOAT, 32, 32)
                .input("b", ElementType.FLOAT, 32, 32)
                .node("MatMul", List.of("a", "b"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("MatMul"), operators(graph));
  }

  @Test
  void softmaxAndLogarithmsAreComputedInF32() {
    GraphBuilder builder =
        new GraphBuilder(17)
            .input("x", ElementType.FLOAT, 8, 32)
            .constant("w", numbers(32 * 16), 32, 16)
            .node("MatMul", List.of("x", "w"), List.of("p"), NONE)
            .node("Softmax", List.of("p"), List.of("y"), NONE)
            .output("y");
    Graph graph = rounded(builder);
    assertEquals(List.of("Cast", "MatMul", "Cast", "Softmax"), operators(graph));
    assertClose(builder, random(8, 32).mul(0.1));
  }

  @Test
  void numbersThatBf16DoesNotHoldStay() {
    Graph graph =
        rounded(
            new GraphBuilder(17)
                .input("x", ElementType.FLOAT, 8, 32)
                .constant("w", numbers(32 * 16), 32, 16)
                .constant("least", new float[] {-3.4e38f})
                .node("MatMul", List.of("x", "w"), List.of("p"), NONE)
                .node("Max", List.of("p", "least"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Cast", "MatMul", "Cast", "Max"), operators(graph));
  }

  @Test
  void masksThatAreBroadcastStay() {
    Graph graph =
        rounded(
            new GraphBuilder(17)
                .input("x", ElementType.FLOAT, 2, 8, 32)
                .input("mask", ElementType.FLOAT, 2, 1, 16)
                .constant("w", numbers(32 * 16), 32, 16)
                .node("MatMul", List.of("x", "w"), List.of("p"), NONE)
                .node("Add", List.of("p", "mask"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Cast", "MatMul", "Cast", "Add"), operators(graph));
  }

  /** Attention as exporters write it, behind projections; a query may see nothing. */
  private static GraphBuilder attention() {
    GraphBuilder builder =
        new GraphBuilder(17)
            .input("x", ElementType.FLOAT, 2, 4, 6, 16)
            .input("mask", ElementType.FLOAT, 2, 1, 6, 6)
            .constant("wq", numbers(256), 16, 16)
            .constant("wk", numbers(256), 16, 16)
            .constant("wv", numbers(256), 16, 16)
            .constant("scale", new float[] {0.25f});
    for (String role : List.of("q", "k", "v")) {
      builder.node("MatMul", List.of("x", "w" + role), List.of(role), NONE);
    }
    return builder
        .node("Transpose", List.of("k"), List.of("kt"), Map.of("perm", new int[] {0, 1, 3, 2}))
        .node("MatMul", List.of("q", "kt"), List.of("products"), NONE)
        .node("Mul", List.of("products", "scale"), List.of("scaled"), NONE)
        .node("Add", List.of("scaled", "mask"), List.of("masked"), NONE)
        .node("Softmax", List.of("masked"), List.of("weights"), Map.of("axis", -1))
        .node("MatMul", List.of("weights", "v"), List.of("y"), NONE)
        .output("y");
  }

  @Test
  void attentionTakesItsMaskInF32() {
    Graph graph = rounded(attention());
    Node attention = node(graph, "ScaledDotProductAttention");
    assertEquals("mask", attention.inputs().get(3));
    assertNotEquals("q", attention.inputs().getFirst());
    assertEquals(2, operators(graph).stream().filter("Cast"::equals).count());
    float[] hidden = new float[2 * 36];
    for (int i = 0; i < hidden.length; i++) {
      // All of the first sequence is hidden: its weights are equal, and not 0.
      hidden[i] = i < 36 || i % 6 > 3 ? -3.4028235e38f : 0;
    }
    assertClose(attention(), random(2, 4, 6, 16).mul(0.3), Tensor.of(hidden, 2, 1, 6, 6));
  }

  @Test
  void normalizationsAndMovesFollow() {
    GraphBuilder builder =
        new GraphBuilder(17)
            .input("x", ElementType.FLOAT, 4, 32)
            .constant("w", numbers(32 * 32), 32, 32)
            .constant("scale", numbers(32), 32)
            .constant("bias", numbers(32), 32)
            .constant("index", new long[] {3, 1}, 2)
            .node("MatMul", List.of("x", "w"), List.of("p"), NONE)
            .node("LayerNormalization", List.of("p", "scale", "bias"), List.of("n"), NONE)
            .node("Gather", List.of("n", "index"), List.of("g"), Map.of("axis", 0))
            .node("Transpose", List.of("g"), List.of("y"), NONE)
            .output("y");
    Graph graph = rounded(builder);
    assertEquals(
        List.of("Cast", "MatMul", "LayerNormalization", "Gather", "Transpose", "Cast"),
        operators(graph));
    assertEquals("index", node(graph, "Gather").inputs().get(1));
    assertClose(builder, random(4, 32));
  }

  @Test
  void valuesThatAreOutputsTooKeepTheirType() {
    GraphBuilder builder =
        new GraphBuilder(17)
            .input("x", ElementType.FLOAT, 4, 32)
            .constant("w", numbers(32 * 32), 32, 32)
            .node("MatMul", List.of("x", "w"), List.of("p"), NONE)
            .node("MatMul", List.of("p", "w"), List.of("y"), NONE)
            .output("p")
            .output("y");
    for (ValueInfo output : rounded(builder).outputs()) {
      assertFalse(
          output.type() instanceof ValueType.OfTensor tensor
              && tensor.element() == ElementType.BFLOAT16);
    }
    assertClose(builder, random(4, 32));
  }

  @Test
  void integersAreUntouched() {
    GraphBuilder builder =
        new GraphBuilder(17)
            .input("x", ElementType.INT64, 4, 32)
            .input("w", ElementType.INT64, 32, 32)
            .node("MatMul", List.of("x", "w"), List.of("p"), NONE)
            .node("Add", List.of("p", "p"), List.of("y"), NONE)
            .output("y");
    Graph plain = Passes.optimize(builder.model().definition().graph(), Map.of("", 17L), Set.of());
    assertEquals(operators(plain), operators(rounded(builder)));
  }

  @Test
  void constantsAreRoundedToNearestEven() {
    float[] values = {
      1, 1 + 0x1p-8f, 1 + 3 * 0x1p-8f, -0f, Float.NaN, Float.POSITIVE_INFINITY, 0x1p-133f, 3.3e38f
    };
    TensorData rounded =
        Bf16Constants.rounded(
            ConstantData.numbers(
                "c",
                ElementType.FLOAT,
                List.of((long) values.length),
                new double[] {
                  values[0], values[1], values[2], values[3], values[4], values[5], values[6],
                  values[7]
                }),
            "r");
    try (Scope _ = Scope.open()) {
      float[] expected = Tensor.of(values).to(DType.BF16).to(DType.F32).toFloatArray();
      double[] actual = ConstantData.numbers(rounded);
      for (int i = 0; i < values.length; i++) {
        assertEquals((double) expected[i], actual[i], 0);
      }
    }
  }
}
