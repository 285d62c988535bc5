package org.gatun.onnx.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.gatun.Tensor;
import org.gatun.onnx.BothEngines;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Function;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FunctionInliningTest {
  private static Node node(String domain, String operator, List<String> in, String out) {
    return node(domain, operator, in, out, Map.of());
  }

  private static Node node(
      String domain, String operator, List<String> in, String out, Map<String, Attribute> given) {
    return new Node("", domain, operator, "", in, List.of(out), given);
  }

  private static Function function(String name, Node... nodes) {
    return function(name, "", 18, Map.of(), nodes);
  }

  /** A function of x and perhaps z that gives y. */
  private static Function function(
      String name, String overload, long opset, Map<String, Attribute> defaults, Node... nodes) {
    return new Function(
        "mine",
        name,
        overload,
        List.of("x", "z"),
        List.of("y"),
        List.of("axes"),
        defaults,
        List.of(nodes),
        Map.of("", opset, "mine", 1L));
  }

  private static GraphBuilder calling(String name, Map<String, ?> attributes, long... shape) {
    return new GraphBuilder(18)
        .domain("mine", 1)
        .input("x", ElementType.FLOAT, shape)
        .node("mine", name, List.of("x"), List.of("y"), attributes)
        .output("y");
  }

  private static Tensor run(GraphBuilder graph, float... x) {
    return BothEngines.tensor(graph, Map.of("x", Tensor.of(x)));
  }

  @Test
  void putsBodiesWhereTheyAreCalled() {
    GraphBuilder graph =
        calling("Four", Map.of(), 2)
            .function(
                function(
                    "Four",
                    node("mine", "Twice", List.of("x"), "a"),
                    node("mine", "Twice", List.of("a"), "y")))
            .function(function("Twice", node("", "Add", List.of("x", "x"), "y")));
    Graph inlined = FunctionInlining.inline(graph.definition());
    assertEquals(List.of("Add", "Add"), inlined.nodes().stream().map(Node::operator).toList());
    assertArrayEquals(new float[] {4, 8}, run(graph, 1, 2).toFloatArray());
  }

  @Test
  void namesOfABodyAreItsOwn() {
    // The caller has values of the names of the body's, and of inlined ones.
    GraphBuilder graph =
        new GraphBuilder(18)
            .domain("mine", 1)
            .input("x", ElementType.FLOAT, 1)
            .node("Add", List.of("x", "x"), List.of("a"), Map.of())
            .node("Add", List.of("a", "x"), List.of("Both#1/a"), Map.of())
            .node("mine", "Both", List.of("a"), List.of("y"), Map.of())
            .node("Add", List.of("y", "Both#1/a"), List.of("sum"), Map.of())
            .output("sum")
            .function(
                function(
                    "Both",
                    node("", "Add", List.of("x", "x"), "a"),
                    node("", "Add", List.of("a", "x"), "y")));
    assertEquals(9, run(graph, 1).item());
  }

  @Test
  void aBodyDoesNotSeeTheCallersValues() {
    GraphBuilder graph =
        calling("Peek", Map.of(), 1)
            .constant("secret", new float[] {1}, 1)
            .function(function("Peek", node("", "Add", List.of("x", "secret"), "y")));
    OnnxException e = assertThrows(OnnxException.class, () -> graph.model().session());
    assertTrue(e.getMessage().contains("secret"), e.getMessage());
  }

  @Test
  void attributesComeFromTheCallOrTheirDefaults() {
    Attribute axes = new Attribute.Reference("axes");
    Function function =
        function(
            "Wider",
            "",
            11,
            Map.of("axes", new Attribute.OfInts(List.of(0L))),
            node("", "Unsqueeze", List.of("x"), "y", Map.of("axes", axes)));
    assertEquals(2, run(calling("Wider", Map.of(), 2).function(function), 1, 2).dim(-1));
    GraphBuilder given = calling("Wider", Map.of("axes", new long[] {1}), 2).function(function);
    assertEquals(1, run(given, 1, 2).dim(-1));
  }

  @Test
  void nodesKeepTheVersionOfTheFunction() {
    // In version 11 the axes are an attribute, which the model's version 18 does not know.
    Node node =
        node("", "Unsqueeze", List.of("x"), "y", Map.of("axes", new Attribute.OfInts(List.of(1L))));
    GraphBuilder graph =
        calling("Wider", Map.of(), 2).function(function("Wider", "", 11, Map.of(), node));
    Node inlined = FunctionInlining.inline(graph.definition()).nodes().getFirst();
    assertEquals(11, inlined.opset(Map.of("", 18L)));
    assertEquals(11, inlined.withInputs(List.of("x")).opset());
  }

  @Test
  void overloadsAreFunctionsOfTheirOwn() {
    Function plain = function("F", "", 18, Map.of(), node("", "Abs", List.of("x"), "y"));
    Function other = function("F", "twice", 18, Map.of(), node("", "Add", List.of("x", "x"), "y"));
    Node call = new Node("", "mine", "F", "twice", List.of("x"), List.of("y"), Map.of());
    GraphBuilder graph =
        calling("Outer", Map.of(), 1)
            .function(plain)
            .function(other)
            .function(function("Outer", call));
    assertEquals(6, run(graph, 3).item());
  }

  @Test
  void namesInGraphsOfABodyAreRenamedToo() {
    Graph plusOne =
        new GraphBuilder(18)
            .constant("one", new float[] {1}, 1)
            .node("Add", List.of("a", "one"), List.of("b"), Map.of())
            .output("b")
            .graph();
    Graph same =
        new GraphBuilder(18)
            .node("Identity", List.of("a"), List.of("b"), Map.of())
            .output("b")
            .graph();
    Map<String, Attribute> branches =
        Map.of(
            "then_branch", new Attribute.OfGraph(plusOne),
            "else_branch", new Attribute.OfGraph(same));
    Function function =
        function(
            "Choose",
            node("", "Add", List.of("x", "x"), "a"),
            node("", "If", List.of("z"), "y", branches));
    GraphBuilder graph =
        new GraphBuilder(18)
            .domain("mine", 1)
            .input("x", ElementType.FLOAT, 1)
            .input("one", ElementType.BOOL)
            .node("mine", "Choose", List.of("x", "one"), List.of("b"), Map.of())
            .output("b");
    graph.function(function);
    Tensor condition = Tensor.of(new boolean[] {true}).reshape();
    Tensor x = Tensor.of(new float[] {2});
    assertEquals(5, BothEngines.tensor(graph, Map.of("x", x, "one", condition)).item());
  }

  @Test
  void refusesFunctionsThatCallThemselves() {
    GraphBuilder graph =
        calling("A", Map.of(), 1)
            .function(function("A", node("mine", "B", List.of("x"), "y")))
            .function(function("B", node("mine", "A", List.of("x"), "y")));
    OnnxException e = assertThrows(OnnxException.class, () -> graph.model().session());
    assertTrue(e.getMessage().contains("calls itself"), e.getMessage());
  }

  @Test
  @Timeout(60)
  void refusesFunctionsThatUnfoldWithoutEnd() {
    GraphBuilder doubling = calling("F0", Map.of(), 1);
    for (int i = 0; i < 60; i++) {
      doubling.function(
          function(
              "F" + i,
              node("mine", "F" + (i + 1), List.of("x"), "a"),
              node("mine", "F" + (i + 1), List.of("a"), "y")));
    }
    doubling.function(function("F60", node("", "Abs", List.of("x"), "y")));
    OnnxException e = assertThrows(OnnxException.class, () -> doubling.model().session());
    assertTrue(e.getMessage().contains("unfold"), e.getMessage());
    GraphBuilder chain = calling("F0", Map.of(), 1);
    for (int i = 0; i < 100_000; i++) {
      chain.function(function("F" + i, node("mine", "F" + (i + 1), List.of("x"), "y")));
    }
    e = assertThrows(OnnxException.class, () -> chain.model().session());
    assertTrue(e.getMessage().contains("deep"), e.getMessage());
  }
}
