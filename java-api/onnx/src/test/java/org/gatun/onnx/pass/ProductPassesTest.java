package org.gatun.onnx.pass;

import static org.gatun.onnx.pass.RewriteCheck.node;
import static org.gatun.onnx.pass.RewriteCheck.numbers;
import static org.gatun.onnx.pass.RewriteCheck.operators;
import static org.gatun.onnx.pass.RewriteCheck.same;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.junit.jupiter.api.Test;

class ProductPassesTest {
  private static final Map<String, ?> NONE = Map.of();

  private static GraphBuilder of() {
    return new GraphBuilder(20)
        .input("x", ElementType.FLOAT, -1, 3, 4)
        .input("r", ElementType.FLOAT, -1, 3, 5)
        .constant("w", numbers(20), 4, 5)
        .constant("t", numbers(20), 5, 4)
        .constant("b", numbers(5), 5)
        .constant("wide", numbers(5), 1, 1, 5)
        .constant("three", numbers(3), 3, 1)
        .constant("half", new float[] {0.5f});
  }

  @Test
  void biasAndActivation() {
    Graph graph =
        same(
            of().node("MatMul", List.of("x", "w"), List.of("a"), NONE)
                .node("Add", List.of("b", "a"), List.of("c"), NONE)
                .node("Gelu", List.of("c"), List.of("y"), NONE)
                .output("y"));
    Node fused = node(graph, "FusedMatMul");
    assertEquals(1, graph.nodes().size());
    assertEquals(List.of("x", "w", "b"), fused.inputs());
    assertEquals("Gelu", Attributes.text(fused, "activation", ""));
  }

  @Test
  void biasOfMoreDimensions() {
    Graph graph =
        same(
            of().node("MatMul", List.of("x", "w"), List.of("a"), NONE)
                .node("Add", List.of("a", "wide"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("FusedMatMul"), operators(graph));
  }

  @Test
  void whatIsNoRowStays() {
    Graph graph =
        same(
            of().node("MatMul", List.of("x", "w"), List.of("a"), NONE)
                .node("Add", List.of("a", "three"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("MatMul", "Add"), operators(graph));
  }

  @Test
  void residualAfterBias() {
    Graph graph =
        same(
            new GraphBuilder(20)
                .input("x", ElementType.FLOAT, 2, 3, 4)
                .input("r", ElementType.FLOAT, 2, 3, 5)
                .constant("w", numbers(20), 4, 5)
                .constant("b", numbers(5), 5)
                .node("MatMul", List.of("x", "w"), List.of("a"), NONE)
                .node("Add", List.of("a", "b"), List.of("c"), NONE)
                .node("Add", List.of("r", "c"), List.of("d"), NONE)
                .node("Relu", List.of("d"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("x", "w", "b", "r"), node(graph, "FusedMatMul").inputs());
    assertEquals(1, graph.nodes().size());
  }

  @Test
  void aSumThatMayBroadcastStays() {
    Graph graph =
        same(
            of().node("MatMul", List.of("x", "w"), List.of("a"), NONE)
                .node("Add", List.of("a", "r"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("MatMul", "Add"), operators(graph));
  }

  @Test
  void transposedWeightsAndFactor() {
    Graph graph =
        same(
            of().input("u", ElementType.FLOAT, 5, 4)
                .node("Transpose", List.of("u"), List.of("v"), Map.of("perm", new int[] {1, 0}))
                .node("MatMul", List.of("x", "v"), List.of("a"), NONE)
                .node("Mul", List.of("half", "a"), List.of("y"), NONE)
                .output("y"));
    Node fused = node(graph, "FusedMatMul");
    assertEquals(List.of("x", "u"), fused.inputs());
    assertEquals(1, Attributes.integer(fused, "transB", 0));
    assertEquals(0.5, Attributes.number(fused, "alpha", 1));
    assertEquals(1, graph.nodes().size());
  }

  @Test
  void gemmWithActivation() {
    Graph graph =
        same(
            new GraphBuilder(13)
                .input("x", ElementType.FLOAT, 3, 4)
                .constant("t", numbers(20), 5, 4)
                .constant("b", numbers(5), 5)
                .node("Gemm", List.of("x", "t", "b"), List.of("a"), Map.of("transB", 1))
                .node("Tanh", List.of("a"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("FusedMatMul"), operators(graph));
  }

  @Test
  void productsOfIntegersStay() {
    Graph graph =
        same(
            new GraphBuilder(13)
                .input("x", ElementType.INT32, 3, 4)
                .input("w", ElementType.INT32, 4, 5)
                .input("r", ElementType.INT32, 3, 5)
                .node("MatMul", List.of("x", "w"), List.of("a"), NONE)
                .node("Add", List.of("a", "r"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("MatMul", "Add"), operators(graph));
  }
}
