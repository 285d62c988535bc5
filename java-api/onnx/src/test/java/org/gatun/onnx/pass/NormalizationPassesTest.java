package org.gatun.onnx.pass;

import static org.gatun.onnx.pass.RewriteCheck.numbers;
import static org.gatun.onnx.pass.RewriteCheck.operators;
import static org.gatun.onnx.pass.RewriteCheck.same;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.junit.jupiter.api.Test;

class NormalizationPassesTest {
  private static final Map<String, ?> NONE = Map.of();
  private static final Map<String, ?> LAST = Map.of("axes", new int[] {-1});

  private static GraphBuilder of() {
    return new GraphBuilder(14)
        .input("x", ElementType.FLOAT, -1, 3, 6)
        .constant("two", new float[] {2})
        .constant("one", new float[] {1})
        .constant("epsilon", new float[] {1e-5f})
        .constant("scale", numbers(6), 6)
        .constant("bias", numbers(6), 6)
        .constant("matrix", numbers(18), 3, 6);
  }

  private static GraphBuilder variance(String square, Map<String, ?> axes) {
    GraphBuilder graph =
        of().node("ReduceMean", List.of("x"), List.of("mean"), axes)
            .node("Sub", List.of("x", "mean"), List.of("d"), NONE);
    return (square.equals("Pow")
            ? graph.node("Pow", List.of("d", "two"), List.of("s"), NONE)
            : graph.node("Mul", List.of("d", "d"), List.of("s"), NONE))
        .node("ReduceMean", List.of("s"), List.of("v"), axes)
        .node("Add", List.of("v", "epsilon"), List.of("w"), NONE)
        .node("Sqrt", List.of("w"), List.of("r"), NONE);
  }

  @Test
  void layerNormAsPyTorchWritesIt() {
    Graph graph =
        same(
            variance("Pow", LAST)
                .node("Div", List.of("d", "r"), List.of("n"), NONE)
                .node("Mul", List.of("n", "scale"), List.of("m"), NONE)
                .node("Add", List.of("m", "bias"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("LayerNormalization"), operators(graph));
    assertEquals("com.microsoft", graph.nodes().getFirst().domain());
  }

  @Test
  void layerNormBehindATranspose() {
    // Moved behind it, the transpose would make another dimension the last.
    Map<String, ?> order = Map.of("perm", new int[] {0, 2, 1});
    Graph graph =
        same(
            new GraphBuilder(14)
                .input("t", ElementType.FLOAT, -1, 6, 3)
                .constant("two", new float[] {2})
                .constant("epsilon", new float[] {1e-5f})
                .constant("scale", numbers(6), 6)
                .node("Transpose", List.of("t"), List.of("x"), order)
                .node("ReduceMean", List.of("x"), List.of("mean"), LAST)
                .node("Sub", List.of("x", "mean"), List.of("d"), NONE)
                .node("Pow", List.of("d", "two"), List.of("s"), NONE)
                .node("ReduceMean", List.of("s"), List.of("v"), LAST)
                .node("Add", List.of("v", "epsilon"), List.of("w"), NONE)
                .node("Sqrt", List.of("w"), List.of("r"), NONE)
                .node("Div", List.of("d", "r"), List.of("n"), NONE)
                .node("Mul", List.of("n", "scale"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Transpose", "LayerNormalization"), operators(graph));
  }

  @Test
  void squaresAreProducts() {
    Graph graph =
        same(
            of().constant("wide", new float[] {2}, 1, 1, 1, 1)
                .constant("three", new float[] {3})
                .node("Pow", List.of("x", "two"), List.of("a"), NONE)
                .node("Pow", List.of("a", "three"), List.of("b"), NONE)
                .node("Pow", List.of("b", "wide"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Mul", "Pow", "Pow"), operators(graph));
  }

  @Test
  void layerNormWithoutBiasByTheReciprocal() {
    Graph graph =
        same(
            variance("Mul", Map.of("axes", new int[] {2}))
                .node("Reciprocal", List.of("r"), List.of("i"), NONE)
                .node("Mul", List.of("d", "i"), List.of("n"), NONE)
                .node("Mul", List.of("scale", "n"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("LayerNormalization"), operators(graph));
  }

  @Test
  void layerNormOverTwoAxes() {
    Graph graph =
        same(
            variance("Pow", Map.of("axes", new int[] {-2, -1}))
                .node("Div", List.of("d", "r"), List.of("n"), NONE)
                .node("Mul", List.of("n", "matrix"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("LayerNormalization"), operators(graph));
  }

  @Test
  void theMeanOverTheFirstAxisIsNoLayerNorm() {
    Graph graph =
        same(
            variance("Pow", Map.of("axes", new int[] {1}))
                .node("Div", List.of("d", "r"), List.of("n"), NONE)
                .node("Mul", List.of("n", "scale"), List.of("y"), NONE)
                .output("y"));
    assertEquals(8, graph.nodes().size());
  }

  @Test
  void rmsNormByTheReciprocal() {
    Graph graph =
        same(
            of().node("Pow", List.of("x", "two"), List.of("s"), NONE)
                .node("ReduceMean", List.of("s"), List.of("v"), LAST)
                .node("Add", List.of("v", "epsilon"), List.of("w"), NONE)
                .node("Sqrt", List.of("w"), List.of("r"), NONE)
                .node("Reciprocal", List.of("r"), List.of("i"), NONE)
                .node("Mul", List.of("x", "i"), List.of("n"), NONE)
                .node("Mul", List.of("scale", "n"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("SimplifiedLayerNormalization"), operators(graph));
  }

  @Test
  void rmsNormByTheQuotient() {
    Graph graph =
        same(
            of().node("Mul", List.of("x", "x"), List.of("s"), NONE)
                .node("ReduceMean", List.of("s"), List.of("v"), LAST)
                .node("Add", List.of("epsilon", "v"), List.of("w"), NONE)
                .node("Sqrt", List.of("w"), List.of("r"), NONE)
                .node("Div", List.of("one", "r"), List.of("i"), NONE)
                .node("Mul", List.of("i", "x"), List.of("n"), NONE)
                .node("Mul", List.of("n", "scale"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("SimplifiedLayerNormalization"), operators(graph));
  }

  @Test
  void groupNormAsPyTorchWritesIt() {
    Graph graph =
        same(
            new GraphBuilder(17)
                .input("x", ElementType.FLOAT, 2, 6, 4, 5)
                .constant("groups", new long[] {0, 3, -1}, 3)
                .constant("back", new long[] {2, 6, 4, 5}, 4)
                .constant("ones", new float[] {1, 1, 1}, 3)
                .constant("zeros", new float[] {0, 0, 0}, 3)
                .constant("scale", numbers(6), 6, 1, 1)
                .constant("bias", numbers(6), 6, 1, 1)
                .node("Reshape", List.of("x", "groups"), List.of("a"), NONE)
                .node("InstanceNormalization", List.of("a", "ones", "zeros"), List.of("b"), NONE)
                .node("Reshape", List.of("b", "back"), List.of("c"), NONE)
                .node("Mul", List.of("c", "scale"), List.of("d"), NONE)
                .node("Add", List.of("d", "bias"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("GroupNormalization"), operators(graph));
  }

  @Test
  void aSumGoesIntoTheLayerNormBehindIt() {
    GraphBuilder builder =
        new GraphBuilder(17)
            .input("x", ElementType.FLOAT, 2, 3, 6)
            .input("z", ElementType.FLOAT, 2, 3, 6)
            .constant("scale", numbers(6), 6)
            .constant("bias", numbers(6), 6)
            .node("Add", List.of("x", "z"), List.of("sum"), NONE)
            .node("LayerNormalization", List.of("sum", "scale", "bias"), List.of("n"), NONE)
            .node("Add", List.of("sum", "n"), List.of("y"), NONE)
            .output("y");
    Graph graph = same(builder);
    assertEquals(List.of("SkipLayerNormalization", "Add"), operators(graph));
    assertEquals(List.of("n", "", "", "sum"), graph.nodes().getFirst().outputs());
  }
}
