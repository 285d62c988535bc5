package org.gatun.onnx.operator;

import static org.gatun.onnx.Agreement.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.BothEngines;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.ValueType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequenceFamilyTest {
  private static final ValueType TENSOR = new ValueType.OfTensor(ElementType.FLOAT, null);

  private static Tensor counting(long... shape) {
    return Tensor.arange(Shape.of(shape).size()).to(DType.F32).reshape(shape);
  }

  private static List<Value> elements(Map<String, Value> outputs, String name) {
    return ((Value.Sequence) outputs.get(name)).elements();
  }

  private static Tensor tensor(Value value) {
    return ((Value.Dense) value).tensor();
  }

  @ParameterizedTest
  @CsvSource({"1, '2 2 1'", "0, '3 2'", "-1, '1 1 1 1 1'"})
  void splitsIntoPartsOfASizeOfSizesOrOfOne(int kind, String expected) {
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT, 5)
            .constant("size", new long[] {2})
            .constant("sizes", new long[] {3, 2}, 2)
            .node(
                "SplitToSequence",
                kind < 0 ? List.of("x") : List.of("x", kind == 1 ? "size" : "sizes"),
                List.of("y"),
                Map.of())
            .output("y");
    Map<String, Value> y = BothEngines.run(graph, Map.of("x", Value.of(counting(5))));
    assertEquals(
        expected,
        String.join(" ", elements(y, "y").stream().map(part -> "" + tensor(part).dim(0)).toList()));
  }

  @Test
  void dropsTheAxisOfPartsOfOne() {
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT, 2, 3)
            .node("SplitToSequence", List.of("x"), List.of("s"), Map.of("axis", -1, "keepdims", 0))
            .node(
                "ConcatFromSequence", List.of("s"), List.of("y"), Map.of("axis", -1, "new_axis", 1))
            .output("s", "y");
    Map<String, Value> y = BothEngines.run(graph, Map.of("x", Value.of(counting(2, 3))));
    assertEquals(Shape.of(2), tensor(elements(y, "s").getFirst()).shape());
    assertArrayEquals(doubles(counting(2, 3)), doubles(tensor(y.get("y"))));
  }

  @Test
  void insertsErasesAndFindsFromEitherEnd() {
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT, 1)
            .constant("a", new float[] {10}, 1)
            .constant("b", new float[] {20}, 1)
            .constant("first", new long[] {0})
            .constant("minus2", new long[] {-2})
            .node("SequenceConstruct", List.of("a", "b"), List.of("s"), Map.of())
            .node("SequenceInsert", List.of("s", "x", "minus2"), List.of("s3"), Map.of())
            .node("SequenceAt", List.of("s3", "minus2"), List.of("at"), Map.of())
            .node("SequenceErase", List.of("s3", "first"), List.of("s2"), Map.of())
            .node("SequenceErase", List.of("s2"), List.of("s1"), Map.of())
            .node("SequenceLength", List.of("s1"), List.of("n"), Map.of())
            .output("s3", "at", "s1", "n");
    Map<String, Value> y =
        BothEngines.run(graph, Map.of("x", Value.of(Tensor.of(new float[] {5}))));
    assertEquals(5, tensor(elements(y, "s3").getFirst()).item());
    assertEquals(10, tensor(y.get("at")).item());
    assertEquals(10, tensor(elements(y, "s1").getFirst()).item());
    assertEquals(1, tensor(y.get("n")).item());
  }

  @Test
  void refusesPositionsOutOfRange() {
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT, 1)
            .constant("two", new long[] {2})
            .node("SequenceConstruct", List.of("x"), List.of("s"), Map.of())
            .node("SequenceAt", List.of("s", "two"), List.of("y"), Map.of())
            .output("y");
    OnnxException e =
        assertThrows(
            OnnxException.class,
            () -> BothEngines.tensor(graph, Map.of("x", Tensor.of(new float[] {5}))));
    assertTrue(e.getMessage().contains("position 2"), e.getMessage());
  }

  @Test
  void mapsSequencesSideBySide() {
    GraphBuilder body =
        new GraphBuilder(18)
            .input("p", TENSOR)
            .input("q", TENSOR)
            .input("r", TENSOR)
            .node("Add", List.of("p", "q"), List.of("sum"), Map.of())
            .node("Add", List.of("sum", "r"), List.of("all"), Map.of())
            .output("all", "p");
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("a", new ValueType.OfSequence(TENSOR))
            .input("b", new ValueType.OfSequence(TENSOR))
            .constant("c", new float[] {100}, 1)
            .node(
                "SequenceMap",
                List.of("a", "b", "c"),
                List.of("y", "same"),
                Map.of("body", body.graph()))
            .output("y", "same");
    Value a = new Value.Sequence(List.of(Value.of(counting(1)), Value.of(counting(2))));
    Map<String, Value> y = BothEngines.run(graph, Map.of("a", a, "b", a));
    assertArrayEquals(new double[] {100, 102}, doubles(tensor(elements(y, "y").get(1))));
    assertArrayEquals(new double[] {0, 1}, doubles(tensor(elements(y, "same").get(1))));
    Value shorter = new Value.Sequence(List.of(Value.of(counting(1))));
    assertThrows(OnnxException.class, () -> BothEngines.run(graph, Map.of("a", a, "b", shorter)));
  }

  @Test
  void optionalValuesAreThereOrNot() {
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", new ValueType.OfOptional(TENSOR))
            .node("OptionalHasElement", List.of("x"), List.of("has"), Map.of())
            .node("OptionalHasElement", List.of(), List.of("hasNone"), Map.of())
            .output("has", "hasNone");
    for (Value inner : new Value[] {Value.of(counting(2)), null}) {
      Map<String, Value> y = BothEngines.run(graph, Map.of("x", new Value.Optional(inner)));
      assertEquals(inner == null ? 0 : 1, tensor(y.get("has")).item());
      assertEquals(0, tensor(y.get("hasNone")).item());
    }
    GraphBuilder getting =
        new GraphBuilder(18)
            .input("x", new ValueType.OfOptional(TENSOR))
            .node("OptionalGetElement", List.of("x"), List.of("y"), Map.of())
            .output("y");
    Map<String, Value> given = Map.of("x", new Value.Optional(Value.of(counting(2))));
    assertArrayEquals(
        new double[] {0, 1}, doubles(tensor(BothEngines.run(getting, given).get("y"))));
    assertThrows(
        OnnxException.class, () -> BothEngines.run(getting, Map.of("x", new Value.Optional(null))));
  }
}
