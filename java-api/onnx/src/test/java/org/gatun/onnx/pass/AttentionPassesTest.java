package org.gatun.onnx.pass;

import static org.gatun.onnx.pass.RewriteCheck.node;
import static org.gatun.onnx.pass.RewriteCheck.operators;
import static org.gatun.onnx.pass.RewriteCheck.same;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.junit.jupiter.api.Test;

class AttentionPassesTest {
  private static final Map<String, ?> NONE = Map.of();
  private static final Map<String, ?> LAST = Map.of("axis", -1);
  private static final Map<String, ?> HEADS = Map.of("perm", new int[] {0, 2, 1, 3});
  private static final String FUSED = "ScaledDotProductAttention";

  /** Queries, keys and values of 2 heads of 4 as [batch, length, 8]. */
  private static GraphBuilder packed() {
    return new GraphBuilder(17)
        .input("x", ElementType.FLOAT, 2, 5, 8)
        .input("k", ElementType.FLOAT, 2, 6, 8)
        .input("v", ElementType.FLOAT, 2, 6, 8)
        .constant("split", new long[] {0, -1, 2, 4}, 4)
        .constant("join", new long[] {0, -1, 8}, 3)
        .constant("root", new float[] {2})
        .constant("low", new float[] {-1e9f})
        .node("Reshape", List.of("x", "split"), List.of("q1"), NONE)
        .node("Transpose", List.of("q1"), List.of("q2"), HEADS)
        .node("Reshape", List.of("k", "split"), List.of("k1"), NONE)
        .node("Reshape", List.of("v", "split"), List.of("v1"), NONE)
        .node("Transpose", List.of("v1"), List.of("v2"), HEADS);
  }

  private static GraphBuilder joined(GraphBuilder graph) {
    return graph
        .node("Softmax", List.of("sums"), List.of("weights"), LAST)
        .node("MatMul", List.of("weights", "v2"), List.of("o1"), NONE)
        .node("Transpose", List.of("o1"), List.of("o2"), HEADS)
        .node("Reshape", List.of("o2", "join"), List.of("y"), NONE)
        .output("y");
  }

  @Test
  void headsAreSplitAndJoinedWithin() {
    Graph graph =
        same(
            joined(
                packed()
                    .input("mask", ElementType.FLOAT, 2, 1, 1, 6)
                    .node(
                        "Transpose",
                        List.of("k1"),
                        List.of("k2"),
                        Map.of("perm", new int[] {0, 2, 3, 1}))
                    .node("MatMul", List.of("q2", "k2"), List.of("s"), NONE)
                    .node("Div", List.of("s", "root"), List.of("t"), NONE)
                    .node("Add", List.of("t", "mask"), List.of("sums"), NONE)));
    Node fused = node(graph, FUSED);
    assertEquals(1, graph.nodes().size());
    assertEquals(List.of("x", "k", "v", "mask"), fused.inputs());
    assertEquals(0.5, Attributes.number(fused, "scale", 0));
    assertEquals(2, Attributes.integer(fused, "q_num_heads", 0));
    assertEquals(1, Attributes.integer(fused, "packed_output", 0));
  }

  @Test
  void keysTransposedTwiceAndScaledOnBothSides() {
    Graph graph =
        same(
            joined(
                packed()
                    .constant("part", new float[] {0.7f})
                    .node("Transpose", List.of("k1"), List.of("k2"), HEADS)
                    .node(
                        "Transpose",
                        List.of("k2"),
                        List.of("k3"),
                        Map.of("perm", new int[] {0, 1, 3, 2}))
                    .node("Mul", List.of("q2", "part"), List.of("q3"), NONE)
                    .node("Mul", List.of("k3", "part"), List.of("k4"), NONE)
                    .node("MatMul", List.of("q3", "k4"), List.of("sums"), NONE)));
    assertEquals(List.of(FUSED), operators(graph));
    assertEquals(0.49, Attributes.number(node(graph, FUSED), "scale", 0), 1e-6);
  }

  @Test
  void maskOfAWhere() {
    Graph graph =
        same(
            joined(
                packed()
                    .input("seen", ElementType.BOOL, 2, 1, 5, 6)
                    .node(
                        "Transpose",
                        List.of("k1"),
                        List.of("k2"),
                        Map.of("perm", new int[] {0, 2, 3, 1}))
                    .node("MatMul", List.of("q2", "k2"), List.of("s"), NONE)
                    .node("Where", List.of("seen", "s", "low"), List.of("sums"), NONE)));
    assertEquals(List.of("Where", FUSED), operators(graph));
  }

  @Test
  void weightsThatOthersUseStay() {
    Graph graph =
        same(
            joined(
                    packed()
                        .node(
                            "Transpose",
                            List.of("k1"),
                            List.of("k2"),
                            Map.of("perm", new int[] {0, 2, 3, 1}))
                        .node("MatMul", List.of("q2", "k2"), List.of("sums"), NONE))
                .output("weights"));
    assertTrue(operators(graph).contains("Softmax"));
  }

  @Test
  void keysAndValuesOfGroups() {
    Graph graph =
        same(
            new GraphBuilder(17)
                .input("q", ElementType.FLOAT, 2, 4, 5, 3)
                .input("k", ElementType.FLOAT, 2, 2, 6, 3)
                .input("v2", ElementType.FLOAT, 2, 2, 6, 3)
                .constant("axis", new long[] {2}, 1)
                .constant("wide", new long[] {2, 2, 2, 6, 3}, 5)
                .constant("flat", new long[] {2, 4, 6, 3}, 4)
                .node("Unsqueeze", List.of("k", "axis"), List.of("k1"), NONE)
                .node("Expand", List.of("k1", "wide"), List.of("k3"), NONE)
                .node("Reshape", List.of("k3", "flat"), List.of("k4"), NONE)
                .node("Unsqueeze", List.of("v2", "axis"), List.of("v3"), NONE)
                .node("Expand", List.of("v3", "wide"), List.of("v4"), NONE)
                .node("Reshape", List.of("v4", "flat"), List.of("v5"), NONE)
                .node(
                    "Transpose",
                    List.of("k4"),
                    List.of("k5"),
                    Map.of("perm", new int[] {0, 1, 3, 2}))
                .node("MatMul", List.of("q", "k5"), List.of("s"), NONE)
                .node("Softmax", List.of("s"), List.of("w"), LAST)
                .node("MatMul", List.of("w", "v5"), List.of("y"), NONE)
                .output("y"));
    Node fused = node(graph, FUSED);
    assertEquals(1, graph.nodes().size());
    assertEquals(List.of("q", "k", "v2"), fused.inputs());
    assertEquals(2, Attributes.integer(fused, "kv_num_heads", 0));
  }

  @Test
  void attentionWithoutHeads() {
    Graph graph =
        same(
            new GraphBuilder(17)
                .input("q", ElementType.FLOAT, 2, 5, 3)
                .input("k", ElementType.FLOAT, 2, 6, 3)
                .input("v", ElementType.FLOAT, 2, 6, 3)
                .node("Transpose", List.of("k"), List.of("t"), Map.of("perm", new int[] {0, 2, 1}))
                .node("MatMul", List.of("q", "t"), List.of("s"), NONE)
                .node("Softmax", List.of("s"), List.of("w"), LAST)
                .node("MatMul", List.of("w", "v"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of(FUSED), operators(graph));
  }

  @Test
  void rotaryEmbedding() {
    Graph graph =
        same(
            new GraphBuilder(17)
                .input("x", ElementType.FLOAT, 2, 3, 5, 8)
                .input("cos", ElementType.FLOAT, 1, 1, 5, 8)
                .input("sin", ElementType.FLOAT, 1, 1, 5, 8)
                .constant("zero", new long[] {0}, 1)
                .constant("four", new long[] {4}, 1)
                .constant("end", new long[] {Long.MAX_VALUE}, 1)
                .constant("last", new long[] {3}, 1)
                .node("Mul", List.of("x", "cos"), List.of("a"), NONE)
                .node("Slice", List.of("x", "zero", "four", "last"), List.of("b"), NONE)
                .node("Slice", List.of("x", "four", "end", "last"), List.of("c"), NONE)
                .node("Neg", List.of("c"), List.of("d"), NONE)
                .node("Concat", List.of("d", "b"), List.of("e"), LAST)
                .node("Mul", List.of("e", "sin"), List.of("f"), NONE)
                .node("Add", List.of("a", "f"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("RotaryEmbedding"), operators(graph));
  }
}
