package org.gatun.onnx.pass;

import static org.gatun.onnx.pass.RewriteCheck.operators;
import static org.gatun.onnx.pass.RewriteCheck.same;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.SessionOptions;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.junit.jupiter.api.Test;

class CleaningPassesTest {
  private static final Map<String, ?> NONE = Map.of();

  private static GraphBuilder of(long... shape) {
    return new GraphBuilder(17).input("x", ElementType.FLOAT, shape);
  }

  @Test
  void everyPassHasANameOfItsOwn() {
    List<String> names = Passes.names();
    assertEquals(names.size(), new HashSet<>(names).size());
    Passes.all().forEach(pass -> assertTrue(!pass.description().isBlank(), pass.name()));
  }

  @Test
  void unknownPassCannotBeTurnedOff() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> SessionOptions.defaults().withoutPass("fuse-everything"))
            .getMessage();
    assertTrue(message.contains("no pass 'fuse-everything'"), message);
    assertTrue(message.contains("fold-constants"), message);
  }

  @Test
  void deadNodesAndConstantsGo() {
    Graph graph =
        same(
            of(2, 3)
                .constant("unused", new float[] {1}, 1)
                .node("Exp", List.of("x"), List.of("dead"), NONE)
                .node("Neg", List.of("dead"), List.of("dead2"), NONE)
                .node("Neg", List.of("x"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Neg"), operators(graph));
    assertEquals(List.of(), graph.initializers());
  }

  @Test
  void constantsAreComputed() {
    GraphBuilder builder =
        of(2, 2)
            .constant("a", new float[] {1, 2}, 2)
            .node("Constant", List.of(), List.of("b"), Map.of("value_float", 3.0))
            .node("Mul", List.of("a", "b"), List.of("ab"), NONE)
            .node("Add", List.of("x", "ab"), List.of("y"), NONE)
            .output("y");
    assertEquals(List.of("Add"), operators(same(builder)));
    SessionOptions off = SessionOptions.defaults().withoutPass("fold-constants");
    assertEquals(List.of("Constant", "Mul", "Add"), operators(same(builder, off)));
  }

  @Test
  void largeResultsAreLeftToTheRun() {
    Graph graph =
        Passes.optimize(
            of(1)
                .constant("shape", new long[] {1L << 40}, 1)
                .node("ConstantOfShape", List.of("shape"), List.of("big"), NONE)
                .node("Add", List.of("x", "big"), List.of("y"), NONE)
                .output("y")
                .graph(),
            Map.of("", 17L),
            Set.of());
    assertEquals(List.of("ConstantOfShape", "Add"), operators(graph));
  }

  @Test
  void filledWeightsAreConstants() {
    Graph graph =
        same(
            of(1, 512, 1, 1)
                .constant("shape", new long[] {512, 512, 1, 1}, 4)
                .node("ConstantOfShape", List.of("shape"), List.of("w"), NONE)
                .node("Conv", List.of("x", "w"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Conv"), operators(graph));
  }

  @Test
  void defaultsOfInputsAreNoConstants() {
    Graph graph =
        Passes.optimize(
            of(1)
                .input("b", ElementType.FLOAT, 1)
                .constant("b", new float[] {2}, 1)
                .node("Neg", List.of("b"), List.of("c"), NONE)
                .node("Add", List.of("x", "c"), List.of("y"), NONE)
                .output("y")
                .graph(),
            Map.of("", 17L),
            Set.of());
    assertEquals(List.of("Neg", "Add"), operators(graph));
    assertEquals(1, graph.initializers().size());
  }

  @Test
  void shapesThatKeepDimensionsAreConstants() {
    Graph graph =
        same(
            of(-1, -1, 6)
                .constant("zero", new long[] {0}, 1)
                .constant("one", new long[] {1}, 1)
                .constant("heads", new long[] {2, 3}, 2)
                .node("Shape", List.of("x"), List.of("s"), NONE)
                .node("Gather", List.of("s", "zero"), List.of("batch"), NONE)
                .node("Gather", List.of("s", "one"), List.of("length"), NONE)
                .node(
                    "Concat",
                    List.of("batch", "length", "heads"),
                    List.of("shape"),
                    Map.of("axis", 0))
                .node("Reshape", List.of("x", "shape"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Reshape"), operators(graph));
    assertEquals(
        List.of(0L, 0L, 2L, 3L),
        Arrays.stream(ConstantData.integers(graph.initializers().getFirst())).boxed().toList());
  }

  @Test
  void declaredShapesAreConstants() {
    Graph graph =
        same(
            of(4, 6)
                .constant("two", new long[] {2}, 1)
                .constant("rest", new long[] {-1}, 1)
                .constant("zero", new long[] {0}, 1)
                .node("Shape", List.of("x"), List.of("s"), NONE)
                .node("Gather", List.of("s", "zero"), List.of("rows"), NONE)
                .node("Mul", List.of("rows", "two"), List.of("twice"), NONE)
                .node("Concat", List.of("twice", "rest"), List.of("shape"), Map.of("axis", 0))
                .node("Reshape", List.of("x", "shape"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Reshape"), operators(graph));
  }

  @Test
  void aConstantIsWhatItsValueSays() {
    for (String beside : List.of("alpha", "axis", "beta", "epsilon", "scale", "to")) {
      Graph graph =
          same(
              of(-1, 6)
                  .node(
                      "Constant", List.of(), List.of("c"), Map.of(beside, 3f, "value_float", 0.5f))
                  .node("Mul", List.of("x", "c"), List.of("y"), NONE)
                  .output("y"));
      assertEquals(List.of("Mul"), operators(graph));
    }
  }

  @Test
  void aSizeOfMinusOneIsNoSize() {
    // Paddle's exporter writes it for what it does not know, as do others 0.
    List<Dimension> shape =
        List.of(new Dimension.Known(-1), new Dimension.Known(3), new Dimension.Known(0));
    GraphBuilder builder =
        new GraphBuilder(17)
            .input("x", new ValueType.OfTensor(ElementType.FLOAT, shape))
            .constant("rest", new long[] {-1}, 1)
            .constant("first", new long[] {0}, 1)
            .constant("two", new long[] {2}, 1)
            .node("Shape", List.of("x"), List.of("s"), NONE)
            .node("Slice", List.of("s", "first", "two"), List.of("kept"), NONE)
            .node("Concat", List.of("kept", "rest"), List.of("shape"), Map.of("axis", 0))
            .node("Reshape", List.of("x", "shape"), List.of("y"), NONE)
            .output("y");
    OnnxModel model = builder.model();
    try (OnnxSession session = model.session();
        Tensor x = Tensor.zeros(DType.F32, 2, 3, 5);
        Tensor y = session.run(Map.of("x", x)).get("y")) {
      assertEquals(x.shape(), y.shape());
    }
  }

  @Test
  void identitiesGo() {
    Graph graph =
        same(
            of(2, 3)
                .constant("one", new float[] {1}, 1)
                .constant("same", new long[] {2, 3}, 2)
                .constant("start", new long[] {0}, 1)
                .constant("end", new long[] {Long.MAX_VALUE}, 1)
                .constant("pads", new long[] {0, 0, 0, 0}, 4)
                .node("Identity", List.of("x"), List.of("a"), NONE)
                .node("Dropout", List.of("a"), List.of("b"), NONE)
                .node("Cast", List.of("b"), List.of("c"), Map.of("to", 1))
                .node("Transpose", List.of("c"), List.of("d"), Map.of("perm", new int[] {0, 1}))
                .node("Reshape", List.of("d", "same"), List.of("e"), NONE)
                .node("Slice", List.of("e", "start", "end"), List.of("f"), NONE)
                .node("Pad", List.of("f", "pads"), List.of("g"), NONE)
                .node("Concat", List.of("g"), List.of("h"), Map.of("axis", 0))
                .node("Mul", List.of("h", "one"), List.of("i"), NONE)
                .node("Div", List.of("i", "one"), List.of("j"), NONE)
                .node("Exp", List.of("j"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Exp"), operators(graph));
  }

  @Test
  void aProductWithOneThatBroadcastsStays() {
    Graph graph =
        same(
            of(3)
                .constant("one", new float[] {1}, 1, 1)
                .node("Mul", List.of("x", "one"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Mul"), operators(graph));
  }

  @Test
  void outputsKeepTheirNames() {
    Graph graph =
        same(
            of(2, 3)
                .node("Exp", List.of("x"), List.of("a"), NONE)
                .node("Identity", List.of("a"), List.of("y"), NONE)
                .node("Identity", List.of("x"), List.of("z"), NONE)
                .node("Neg", List.of("a"), List.of("w"), NONE)
                .output("y", "z", "w"));
    assertEquals(List.of("Exp", "Identity", "Neg"), operators(graph));
  }

  @Test
  void whatAGraphWithinUsesStays() {
    Graph then =
        new Graph(
            "then",
            new GraphBuilder(17).node("Neg", List.of("a"), List.of("t"), NONE).graph().nodes(),
            List.of(),
            List.of(),
            List.of(),
            List.of(new ValueInfo("t", new ValueType.Unknown())),
            List.of());
    Graph otherwise =
        new Graph(
            "else",
            new GraphBuilder(17).node("Exp", List.of("a"), List.of("e"), NONE).graph().nodes(),
            List.of(),
            List.of(),
            List.of(),
            List.of(new ValueInfo("e", new ValueType.Unknown())),
            List.of());
    Graph graph =
        same(
            of(2, 3)
                .input("c", ElementType.BOOL)
                .node("Identity", List.of("x"), List.of("a"), NONE)
                .node(
                    "If",
                    List.of("c"),
                    List.of("y"),
                    Map.of("then_branch", then, "else_branch", otherwise))
                .output("y"));
    assertEquals(List.of("Identity", "If"), operators(graph));
  }

  @Test
  void equalComputationsAreDoneOnce() {
    Graph graph =
        same(
            of(2, 3)
                .constant("p", new float[] {2}, 1)
                .constant("q", new float[] {2}, 1)
                .node("Mul", List.of("x", "p"), List.of("a"), NONE)
                .node("Mul", List.of("x", "q"), List.of("b"), NONE)
                .node("Exp", List.of("a"), List.of("c"), NONE)
                .node("Exp", List.of("b"), List.of("d"), NONE)
                .node("Sub", List.of("c", "d"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Mul", "Exp", "Sub"), operators(graph));
  }

  @Test
  void transposesCancelThroughPointwiseOperators() {
    Map<String, ?> there = Map.of("perm", new int[] {0, 2, 3, 1});
    Map<String, ?> back = Map.of("perm", new int[] {0, 3, 1, 2});
    Graph graph =
        same(
            of(2, 3, 4, 5)
                .constant("scale", new float[] {2}, 1)
                .node("Transpose", List.of("x"), List.of("a"), there)
                .node("Exp", List.of("x"), List.of("e"), NONE)
                .node("Transpose", List.of("e"), List.of("b"), there)
                .node("Add", List.of("a", "b"), List.of("c"), NONE)
                .node("Mul", List.of("c", "scale"), List.of("d"), NONE)
                .node("Softmax", List.of("d"), List.of("f"), Map.of("axis", -1))
                .node("Transpose", List.of("f"), List.of("y"), back)
                .output("y"));
    assertEquals(List.of("Exp", "Add", "Mul", "Softmax"), operators(graph));
    assertEquals(
        1, Attributes.integer(RewriteCheck.node(graph, "Softmax"), "axis", -1), "channels");
  }

  @Test
  void transposesJoin() {
    Graph graph =
        same(
            of(2, 3, 4)
                .node("Transpose", List.of("x"), List.of("a"), Map.of("perm", new int[] {1, 0, 2}))
                .node("Transpose", List.of("a"), List.of("y"), Map.of("perm", new int[] {0, 2, 1}))
                .output("y"));
    assertEquals(List.of("Transpose"), operators(graph));
  }

  @Test
  void anUnsoundGraphIsLeftAsItIs() {
    Graph graph =
        of(1)
            .node("Neg", List.of("b"), List.of("a"), NONE)
            .node("Neg", List.of("a"), List.of("b"), NONE)
            .output("b")
            .graph();
    assertEquals(graph, Passes.optimize(graph, Map.of("", 17L), Set.of()));
  }
}
