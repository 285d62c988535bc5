package org.gatun.onnx.operator;

import static org.gatun.onnx.Agreement.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.BothEngines;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlFamilyTest {
  private static GraphBuilder body(String... inputs) {
    GraphBuilder body = new GraphBuilder(18);
    for (String input : inputs) {
      body.input(input, new ValueType.Unknown());
    }
    return body;
  }

  private static MemorySegment truth(boolean value) {
    return MemorySegment.ofArray(new byte[] {(byte) (value ? 1 : 0)});
  }

  private static Tensor tensor(Map<String, Value> outputs, String name) {
    return ((Value.Dense) outputs.get(name)).tensor();
  }

  /** The state is added to itself, and shown each time; the iteration's number is shown too. */
  private static Graph doubling() {
    return body("i", "go", "s")
        .node("Add", List.of("s", "s"), List.of("next"), Map.of())
        .node("Identity", List.of("go"), List.of("on"), Map.of())
        .node("Identity", List.of("next"), List.of("shown"), Map.of())
        .output("on", "next", "shown", "i")
        .graph();
  }

  private static GraphBuilder loop(Graph body, String... in) {
    return new GraphBuilder(18)
        .input("x", ElementType.FLOAT, 2)
        .constant("count", new long[] {3})
        .constant("none", new long[] {0})
        .constant("true", ElementType.BOOL, truth(true))
        .node("Loop", List.of(in), List.of("y", "all", "numbers"), Map.of("body", body))
        .output("y", "all", "numbers");
  }

  @Test
  void loopsACountOfTimes() {
    Tensor x = Tensor.of(new float[] {1, 2});
    for (String condition : List.of("", "true")) {
      GraphBuilder graph = loop(doubling(), "count", condition, "x");
      Map<String, Value> y = BothEngines.run(graph, Map.of("x", Value.of(x)));
      assertArrayEquals(new double[] {8, 16}, doubles(tensor(y, "y")));
      assertArrayEquals(new double[] {2, 4, 4, 8, 8, 16}, doubles(tensor(y, "all")));
      assertArrayEquals(new long[] {0, 1, 2}, tensor(y, "numbers").toLongArray());
    }
    assertArrayEquals(new double[] {1, 2}, doubles(x), "the input is as it was");
  }

  @Test
  void aLoopOfAFixedCountIsRecorded() {
    try (OnnxSession session = loop(doubling(), "count", "", "x").model().session()) {
      session.run(Map.of("x", Tensor.of(new float[] {1, 2})));
      assertNull(session.interpretedBecause());
      Tensor y = session.run(Map.of("x", Tensor.of(new float[] {3, 4}))).get("y");
      assertArrayEquals(new double[] {24, 32}, doubles(y));
    }
  }

  @Test
  void loopsUntilTheBodySaysStop() {
    Graph body =
        body("i", "go", "s")
            .constant("ten", new float[] {10})
            .node("Add", List.of("s", "x"), List.of("next"), Map.of())
            .node("Less", List.of("next", "ten"), List.of("on"), Map.of())
            .output("on", "next")
            .graph();
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT)
            .constant("true", ElementType.BOOL, truth(true))
            .node("Loop", List.of("", "true", "x"), List.of("y"), Map.of("body", body))
            .output("y");
    OnnxSession session = graph.model().session();
    assertEquals(12, session.run(Map.of("x", Tensor.scalar(3f))).get("y").item());
    assertNotNull(session.interpretedBecause());
    assertEquals(10, session.run(Map.of("x", Tensor.scalar(2f))).get("y").item());
    session.close();
  }

  @Test
  void withoutIterationsThereIsWhatTheBodyDeclares() {
    List<ValueInfo> outputs = new ArrayList<>();
    Graph body = doubling();
    body.outputs().forEach(output -> outputs.add(declared(output.name())));
    Graph typed =
        new Graph(
            "body",
            body.nodes(),
            body.initializers(),
            List.of(),
            body.inputs(),
            outputs,
            List.of());
    GraphBuilder graph = loop(typed, "none", "", "x");
    Map<String, Value> y =
        BothEngines.run(graph, Map.of("x", Value.of(Tensor.zeros(DType.F32, 2))));
    assertEquals(Shape.of(0, 2), tensor(y, "all").shape());
    assertEquals(Shape.of(2), tensor(y, "y").shape());
  }

  private static ValueInfo declared(String name) {
    return new ValueInfo(
        name, new ValueType.OfTensor(ElementType.FLOAT, List.of(new Dimension.Known(2))));
  }

  @Test
  void aLoopKeepsASequenceAsItsState() {
    Graph body =
        body("i", "go", "s")
            .node("SequenceInsert", List.of("s", "x"), List.of("next"), Map.of())
            .node("Identity", List.of("go"), List.of("on"), Map.of())
            .output("on", "next")
            .graph();
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT, 2)
            .constant("count", new long[] {3})
            .node("SequenceEmpty", List.of(), List.of("empty"), Map.of())
            .node("Loop", List.of("count", "", "empty"), List.of("s"), Map.of("body", body))
            .node("SequenceLength", List.of("s"), List.of("n"), Map.of())
            .node("ConcatFromSequence", List.of("s"), List.of("y"), Map.of("axis", 0))
            .output("y", "n", "s");
    Map<String, Value> y =
        BothEngines.run(graph, Map.of("x", Value.of(Tensor.of(new float[] {1, 2}))));
    assertArrayEquals(new double[] {1, 2, 1, 2, 1, 2}, doubles(tensor(y, "y")));
    assertEquals(3, tensor(y, "n").item());
  }

  @Test
  @Timeout(60)
  void aLoopWithoutEndCanBeInterrupted() throws InterruptedException {
    Graph body =
        body("i", "go", "s")
            .node("Identity", List.of("go"), List.of("on"), Map.of())
            .node("Identity", List.of("s"), List.of("next"), Map.of())
            .output("on", "next", "i")
            .graph();
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT)
            .constant("count", new long[] {Long.MAX_VALUE})
            .node("Loop", List.of("count", "", "x"), List.of("y", "all"), Map.of("body", body))
            .output("y");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try (OnnxSession session = graph.model().session()) {
                session.run(Map.of("x", Tensor.scalar(1f)));
              } catch (OnnxException e) {
                thrown.set(e);
              }
            });
    thread.start();
    Thread.sleep(200);
    thread.interrupt();
    thread.join();
    assertNotNull(thrown.get());
    assertTrue(thrown.get().getMessage().contains("interrupted"), thrown.get().getMessage());
  }

  @Test
  void branchesSeeWhatIsAroundThem() {
    Graph then = body().node("Add", List.of("x", "x"), List.of("a"), Map.of()).output("a").graph();
    Graph otherwise =
        body().node("Identity", List.of("x"), List.of("b"), Map.of()).output("b").graph();
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT, 1)
            .input("c", ElementType.BOOL)
            .node(
                "If",
                List.of("c"),
                List.of("y"),
                Map.of("then_branch", then, "else_branch", otherwise))
            .output("y");
    for (boolean condition : new boolean[] {true, false}) {
      Tensor c = Tensor.of(new boolean[] {condition}).reshape();
      Tensor x = Tensor.of(new float[] {4});
      assertEquals(condition ? 8 : 4, BothEngines.tensor(graph, Map.of("x", x, "c", c)).item());
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "1, 0, 0", "0, 1, 0", "0, 0, 1", "1, 1, 1"})
  void scansAlongAxesInDirections(int axis, int inputDirection, int outputDirection) {
    Graph body =
        body("s", "part")
            .node("Add", List.of("s", "part"), List.of("next"), Map.of())
            .node("Identity", List.of("next"), List.of("shown"), Map.of())
            .output("next", "shown")
            .graph();
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT, 3, 3)
            .constant("s", new float[3], 3)
            .node(
                "Scan",
                List.of("s", "x"),
                List.of("last", "y"),
                Map.of(
                    "body", body,
                    "num_scan_inputs", 1,
                    "scan_input_axes", new long[] {axis - 2},
                    "scan_input_directions", new long[] {inputDirection},
                    "scan_output_axes", new long[] {axis},
                    "scan_output_directions", new long[] {outputDirection}))
            .output("y", "last");
    Tensor x = Tensor.arange(9).to(DType.F32).reshape(3, 3);
    double[] y = doubles(BothEngines.tensor(graph, Map.of("x", x)));
    for (int place = 0; place < 3; place++) {
      int step = outputDirection == 1 ? 2 - place : place;
      for (int j = 0; j < 3; j++) {
        double sum = 0;
        for (int k = 0; k <= step; k++) {
          int part = inputDirection == 1 ? 2 - k : k;
          sum += axis == 0 ? 3 * part + j : 3 * j + part;
        }
        assertEquals(sum, y[axis == 0 ? 3 * place + j : 3 * j + place]);
      }
    }
  }

  @Test
  void theFirstScanHasBatchesOfSequences() {
    Graph body =
        body("s", "part")
            .node("Add", List.of("s", "part"), List.of("next"), Map.of())
            .node("Identity", List.of("next"), List.of("shown"), Map.of())
            .output("next", "shown")
            .graph();
    GraphBuilder graph =
        new GraphBuilder(8)
            .input("x", ElementType.FLOAT, 2, 3, 1)
            .constant("l", new long[] {3, 2}, 2)
            .constant("s", new float[] {0, 100}, 2, 1)
            .node(
                "Scan",
                List.of("l", "s", "x"),
                List.of("last", "y"),
                Map.of("body", body, "num_scan_inputs", 1))
            .output("y", "last");
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3, 1);
    Map<String, Value> y = BothEngines.run(graph, Map.of("x", Value.of(x)));
    assertArrayEquals(new double[] {1, 3, 6, 104, 109, 0}, doubles(tensor(y, "y")));
    assertArrayEquals(new double[] {6, 109}, doubles(tensor(y, "last")));
  }

  // Graphs that cannot run.

  @Test
  void namesTheValueThatIsMissingOrGoesInACircle() {
    GraphBuilder circle =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT, 1)
            .node("Add", List.of("x", "b"), List.of("a"), Map.of())
            .node("Add", List.of("x", "a"), List.of("b"), Map.of())
            .output("b");
    OnnxException e = assertThrows(OnnxException.class, () -> circle.model().session());
    assertTrue(e.getMessage().contains("'b'"), e.getMessage());
    GraphBuilder twice =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT, 1)
            .node("Abs", List.of("x"), List.of("y"), Map.of())
            .node("Abs", List.of("x"), List.of("y"), Map.of())
            .output("y");
    e = assertThrows(OnnxException.class, () -> twice.model().session());
    assertTrue(e.getMessage().contains("'y'"), e.getMessage());
    GraphBuilder constants =
        new GraphBuilder(18)
            .constant("c", new float[] {1}, 1)
            .constant("c", new float[] {2}, 1)
            .output("c");
    e = assertThrows(OnnxException.class, () -> constants.model().session());
    assertTrue(e.getMessage().contains("'c'"), e.getMessage());
  }

  @Test
  void refusesGraphsThatAreNestedTooDeep() {
    Graph inner =
        body().node("Identity", List.of("x"), List.of("y0"), Map.of()).output("y0").graph();
    for (int i = 1; i < 200; i++) {
      inner =
          body()
              .node("If", List.of("c"), List.of("y" + i), Map.of("then_branch", inner))
              .output("y" + i)
              .graph();
    }
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT, 1)
            .input("c", ElementType.BOOL)
            .node("If", List.of("c"), List.of("y"), Map.of("then_branch", inner))
            .output("y");
    OnnxException e = assertThrows(OnnxException.class, () -> graph.model().session());
    assertTrue(e.getMessage().contains("nested"), e.getMessage());
  }
}
