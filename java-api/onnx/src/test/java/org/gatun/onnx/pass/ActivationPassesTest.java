package org.gatun.onnx.pass;

import static org.gatun.onnx.pass.RewriteCheck.operators;
import static org.gatun.onnx.pass.RewriteCheck.same;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.model.ElementType;
import org.junit.jupiter.api.Test;

class ActivationPassesTest {
  private static final Map<String, ?> NONE = Map.of();

  private static GraphBuilder of() {
    return new GraphBuilder(14)
        .input("x", ElementType.FLOAT, 3, 7)
        .constant("half", new float[] {0.5f})
        .constant("one", new float[] {1})
        .constant("two", new float[] {2})
        .constant("root2", new float[] {(float) Math.sqrt(2)})
        .constant("inverse2", new float[] {(float) Math.sqrt(0.5)})
        .constant("rootpi", new float[] {(float) Math.sqrt(2 / Math.PI)})
        .constant("cube", new float[] {0.044715f})
        .constant("three", new float[] {3})
        .constant("zero", new float[] {0})
        .constant("six", new float[] {6})
        .constant("sixth", new float[] {1 / 6f})
        .constant("quick", new float[] {1.702f});
  }

  private static GraphBuilder erf(GraphBuilder graph, String scaling, String by) {
    return graph
        .node(scaling, List.of("x", by), List.of("a"), NONE)
        .node("Erf", List.of("a"), List.of("b"), NONE)
        .node("Add", List.of("b", "one"), List.of("c"), NONE);
  }

  @Test
  void geluAsPyTorchWritesIt() {
    assertEquals(
        List.of("Gelu"),
        operators(
            same(
                erf(of(), "Div", "root2")
                    .node("Mul", List.of("x", "c"), List.of("d"), NONE)
                    .node("Mul", List.of("d", "half"), List.of("y"), NONE)
                    .output("y"))));
  }

  @Test
  void geluWithTheHalfFirst() {
    assertEquals(
        List.of("Gelu"),
        operators(
            same(
                erf(of(), "Mul", "inverse2")
                    .node("Mul", List.of("half", "x"), List.of("d"), NONE)
                    .node("Mul", List.of("d", "c"), List.of("y"), NONE)
                    .output("y"))));
  }

  @Test
  void geluWithTheHalfAtTheGate() {
    assertEquals(
        List.of("Gelu"),
        operators(
            same(
                erf(of(), "Div", "root2")
                    .node("Div", List.of("c", "two"), List.of("d"), NONE)
                    .node("Mul", List.of("d", "x"), List.of("y"), NONE)
                    .output("y"))));
  }

  @Test
  void otherNumbersAreNoGelu() {
    assertEquals(
        List.of("Div", "Erf", "Add", "Mul", "Mul"),
        operators(
            same(
                erf(of(), "Div", "two")
                    .node("Mul", List.of("x", "c"), List.of("d"), NONE)
                    .node("Mul", List.of("d", "half"), List.of("y"), NONE)
                    .output("y"))));
  }

  @Test
  void geluOfWhichAPartIsAnOutputKeepsThatPart() {
    assertEquals(
        List.of("Div", "Erf", "Gelu"),
        operators(
            same(
                erf(of(), "Div", "root2")
                    .node("Mul", List.of("x", "c"), List.of("d"), NONE)
                    .node("Mul", List.of("d", "half"), List.of("y"), NONE)
                    .output("b", "y"))));
  }

  @Test
  void geluWithTanh() {
    assertEquals(
        List.of("FastGelu"),
        operators(
            same(
                of().node("Pow", List.of("x", "three"), List.of("a"), NONE)
                    .node("Mul", List.of("a", "cube"), List.of("b"), NONE)
                    .node("Add", List.of("x", "b"), List.of("c"), NONE)
                    .node("Mul", List.of("c", "rootpi"), List.of("d"), NONE)
                    .node("Tanh", List.of("d"), List.of("e"), NONE)
                    .node("Add", List.of("e", "one"), List.of("f"), NONE)
                    .node("Mul", List.of("x", "half"), List.of("g"), NONE)
                    .node("Mul", List.of("g", "f"), List.of("y"), NONE)
                    .output("y"))));
  }

  @Test
  void geluWithTanhAndProducts() {
    assertEquals(
        List.of("FastGelu"),
        operators(
            same(
                of().node("Mul", List.of("x", "x"), List.of("a"), NONE)
                    .node("Mul", List.of("a", "cube"), List.of("b"), NONE)
                    .node("Add", List.of("b", "one"), List.of("c"), NONE)
                    .node("Mul", List.of("x", "rootpi"), List.of("d"), NONE)
                    .node("Mul", List.of("d", "c"), List.of("e"), NONE)
                    .node("Tanh", List.of("e"), List.of("f"), NONE)
                    .node("Add", List.of("one", "f"), List.of("g"), NONE)
                    .node("Mul", List.of("x", "g"), List.of("h"), NONE)
                    .node("Mul", List.of("half", "h"), List.of("y"), NONE)
                    .output("y"))));
  }

  @Test
  void geluWithSigmoid() {
    assertEquals(
        List.of("QuickGelu"),
        operators(
            same(
                of().node("Mul", List.of("x", "quick"), List.of("a"), NONE)
                    .node("Sigmoid", List.of("a"), List.of("b"), NONE)
                    .node("Mul", List.of("x", "b"), List.of("y"), NONE)
                    .output("y"))));
  }

  @Test
  void silu() {
    assertEquals(
        List.of("Silu"),
        operators(
            same(
                of().node("Sigmoid", List.of("x"), List.of("a"), NONE)
                    .node("Mul", List.of("x", "a"), List.of("y"), NONE)
                    .output("y"))));
  }

  @Test
  void siluWithABetaOfOneAsPaddleWritesIt() {
    assertEquals(
        List.of("Silu"),
        operators(
            same(
                of().node("Mul", List.of("x", "one"), List.of("a"), NONE)
                    .node("Sigmoid", List.of("a"), List.of("b"), NONE)
                    .node("Mul", List.of("x", "b"), List.of("y"), NONE)
                    .output("y"))));
  }

  @Test
  void hardSwishOfClip() {
    assertEquals(
        List.of("HardSwish"),
        operators(
            same(
                of().node("Add", List.of("x", "three"), List.of("a"), NONE)
                    .node("Clip", List.of("a", "zero", "six"), List.of("b"), NONE)
                    .node("Mul", List.of("x", "b"), List.of("c"), NONE)
                    .node("Div", List.of("c", "six"), List.of("y"), NONE)
                    .output("y"))));
  }

  @Test
  void hardSwishOfHardSigmoid() {
    assertEquals(
        List.of("HardSwish"),
        operators(
            same(
                of().node(
                        "HardSigmoid",
                        List.of("x"),
                        List.of("a"),
                        Map.of("alpha", 1 / 6f, "beta", 0.5f))
                    .node("Mul", List.of("a", "x"), List.of("y"), NONE)
                    .output("y"))));
  }

  @Test
  void hardSigmoidOfClip() {
    assertEquals(
        List.of("HardSigmoid"),
        operators(
            same(
                of().node("Add", List.of("three", "x"), List.of("a"), NONE)
                    .node("Clip", List.of("a", "zero", "six"), List.of("b"), NONE)
                    .node("Mul", List.of("b", "sixth"), List.of("y"), NONE)
                    .output("y"))));
  }

  @Test
  void mish() {
    assertEquals(
        List.of("Mish"),
        operators(
            same(
                of().node("Softplus", List.of("x"), List.of("a"), NONE)
                    .node("Tanh", List.of("a"), List.of("b"), NONE)
                    .node("Mul", List.of("x", "b"), List.of("y"), NONE)
                    .output("y"))));
  }
}
