package org.gatun.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Function;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.SparseTensorData;
import org.gatun.onnx.model.ValueType;
import org.gatun.runtime.MemoryPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that nobody means well with: each is refused with a reason, and leaves nothing behind. */
class HostileModelTest {
  private static GraphBuilder of() {
    return new GraphBuilder(17).input("x", ElementType.FLOAT, -1, -1);
  }

  private static String refusal(OnnxModel model) {
    try (Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2)) {
      return String.valueOf(
          assertThrows(
                  OnnxException.class,
                  () -> {
                    try (OnnxSession session = model.session()) {
                      session.run(Map.of("x", x));
                    }
                  })
              .getMessage());
    }
  }

  private static void says(String part, String message) {
    assertTrue(message.contains(part), message);
  }

  private static Node node(String domain, String operator, String in, String out) {
    return new Node("", domain, operator, "", List.of(in), List.of(out), Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Div", "Mul", "MatMul", "Conv", "Gather", "Expand", "BatchNormalization"})
  void nodeWithoutItsInputsIsNamedWhereItRuns(String operator) {
    OnnxModel model =
        of().node("Relu", List.of("x"), List.of("r"), Map.of())
            .node(operator, List.of("r"), List.of("y"), Map.of())
            .output("y")
            .model();
    String message = refusal(model);
    says(operator + " of 'y': input ", message);
    says(" is missing", message);
  }

  @Test
  void nodeWithoutAnyInputIsNamedToo() {
    OnnxModel model =
        of().node("Transpose", List.of(), List.of("t"), Map.of())
            .node("Transpose", List.of("t"), List.of("y"), Map.of())
            .output("y")
            .model();
    says("Transpose of 't': input 0 is missing", refusal(model));
  }

  @Test
  void sessionThatCannotBeMadeLeavesNothing() {
    // Their elements are converted, so that each has memory of its own.
    GraphBuilder body = new GraphBuilder(17).constant("c", new float[] {1, 2}, 2);
    Graph branch = body.node("NoSuch", List.of("c"), List.of("d"), Map.of()).output("d").graph();
    Graph other = new GraphBuilder(17).constant("e", new float[] {1, 2}, 2).output("e").graph();
    OnnxModel model =
        of().constant("w", ElementType.UINT16, MemorySegment.ofArray(new short[] {1, 2}), 2)
            .node(
                "If",
                List.of("x"),
                List.of("y"),
                Map.of("else_branch", other, "then_branch", branch))
            .output("y")
            .model();
    long before = MemoryPool.shared().report().liveBlocks();
    says("NoSuch", String.valueOf(assertThrows(OnnxException.class, model::session).getMessage()));
    assertEquals(before, MemoryPool.shared().report().liveBlocks());
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 60, -5, Long.MAX_VALUE})
  void sparseInitializerOfAnImpossibleShapeIsNamed(long size) {
    SparseTensorData sparse =
        new SparseTensorData(
            GraphBuilder.tensor("w", ElementType.FLOAT, MemorySegment.ofArray(new float[] {1}), 1),
            GraphBuilder.tensor("", ElementType.INT64, MemorySegment.ofArray(new long[] {0}), 1),
            List.of(size));
    Graph graph = of().node("Add", List.of("x", "w"), List.of("y"), Map.of()).output("y").graph();
    Graph whole =
        new Graph(
            "test",
            graph.nodes(),
            List.of(),
            List.of(sparse),
            graph.inputs(),
            graph.outputs(),
            List.of());
    Model model = new Model(10, "test", Map.of("", 17L), whole, List.of(), Map.of());
    says("initializer 'w'", refusal(OnnxModel.of(model)));
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"FLOAT", "BFLOAT16", "INT32", "BOOL"})
  void sparseInitializerWhoseIndicesAreNoIntegersIsNamed(ElementType type) {
    SparseTensorData sparse =
        new SparseTensorData(
            GraphBuilder.tensor("w", ElementType.FLOAT, MemorySegment.ofArray(new float[] {1}), 1),
            GraphBuilder.tensor("", type, MemorySegment.ofArray(new byte[type.bits() / 8]), 1),
            List.of(2L));
    Graph graph = of().node("Add", List.of("x", "w"), List.of("y"), Map.of()).output("y").graph();
    Graph whole =
        new Graph(
            "test",
            graph.nodes(),
            List.of(),
            List.of(sparse),
            graph.inputs(),
            graph.outputs(),
            List.of());
    Model model = new Model(10, "test", Map.of("", 17L), whole, List.of(), Map.of());
    says("indices of " + type + ", expected int64", refusal(OnnxModel.of(model)));
  }

  @Test
  void outputThatRepeatsElementsBeyondAnyMemoryIsAnOnnxException() {
    OnnxModel model =
        of().constant("s", new long[] {(1L << 60) - 1, 2, 2}, 3)
            .node("Shape", List.of("x"), List.of("r"), Map.of())
            .node("Expand", List.of("r", "s"), List.of("y"), Map.of())
            .output("y")
            .model();
    says("graph 'test': layout: ", refusal(model));
  }

  @Test
  void bytesOtherThanZeroAreTrue() {
    byte[] bytes = {0, 2, -1, 1, 0, 0, 0, 0, 64};
    OnnxModel model =
        new GraphBuilder(17)
            .input("x", ElementType.FLOAT, 9)
            .constant("c", ElementType.BOOL, MemorySegment.ofArray(bytes), 9)
            .node("Not", List.of("c"), List.of("n"), Map.of())
            .node("Compress", List.of("x", "c"), List.of("y"), Map.of())
            .output("y", "n")
            .model();
    try (OnnxSession session = model.session();
        Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8});
      Map<String, Tensor> outputs = session.run(Map.of("x", x));
      Tensor y = outputs.get("y");
      Tensor n = outputs.get("n");
      assertNotNull(y);
      assertNotNull(n);
      assertArrayEquals(new float[] {1, 2, 3, 8}, y.toFloatArray());
      assertArrayEquals(
          new boolean[] {true, false, false, false, true, true, true, true, false},
          n.toBooleanArray());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"FLOAT", "DOUBLE", "FLOAT16"})
  void timeWarpingTakesFloatsOfAllTypes(ElementType type) {
    OnnxModel model =
        new GraphBuilder(17)
            .input("x", type, 2, 2)
            .node("com.microsoft", "DynamicTimeWarping", List.of("x"), List.of("y"), Map.of())
            .output("y")
            .model();
    try (OnnxSession session = model.session();
        Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {0, 5, 5, 0}, 2, 2).to(type.carrier());
      Tensor y = session.run(Map.of("x", x)).get("y");
      assertNotNull(y);
      assertArrayEquals(new int[] {0, 1, 0, 1}, y.toIntArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"AveragePool", "LpPool"})
  void dilatedWindowLargerThanTheInputIsNamed(String operator) {
    Map<String, Object> attributes =
        Map.of("kernel_shape", new long[] {3}, "dilations", new long[] {9});
    OnnxModel model =
        new GraphBuilder(19)
            .input("x", ElementType.FLOAT, -1, -1)
            .constant("i", new float[4], 1, 1, 4)
            .node(operator, List.of("i"), List.of("p"), attributes)
            .node("Add", List.of("x", "p"), List.of("y"), Map.of())
            .output("y")
            .model();
    says(operator + " of 'p': a window of 19 elements for an input of shape", refusal(model));
  }

  @Test
  void nodeOfVeryManyInputsIsMadeInTime() {
    GraphBuilder graph = of();
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < 9_000; i++) {
      graph.node("Neg", List.of("x"), List.of("v" + i), Map.of());
      inputs.add("v" + i);
    }
    OnnxModel model = graph.node("Sum", inputs, List.of("y"), Map.of()).output("y").model();
    assertTimeout(
        Duration.ofSeconds(30),
        () -> {
          try (OnnxSession session = model.session()) {
            assertEquals(2, session.graph().nodes().size());
          }
        });
  }

  @Test
  void interruptEndsTheMakingOfASession() {
    OnnxModel model = of().node("Neg", List.of("x"), List.of("y"), Map.of()).output("y").model();
    Thread.currentThread().interrupt();
    try {
      OnnxException e = assertThrows(OnnxException.class, model::session);
      says("interrupted", String.valueOf(e.getMessage()));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void fileThatCannotBeMappedIsAnOnnxException(@TempDir Path folder) throws IOException {
    Path zip = folder.resolve("models.zip");
    try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path file = Files.write(files.getPath("/model.onnx"), new byte[] {8, 8});
      says(
          "load its bytes instead",
          String.valueOf(
              assertThrows(OnnxException.class, () -> OnnxModel.load(file)).getMessage()));
    }
  }

  @Test
  void outputThatFitsNoMemoryIsAnOnnxException() {
    OnnxModel model =
        of().constant("s", new long[] {1L << 50, 2, 2}, 3)
            .node("Expand", List.of("x", "s"), List.of("y"), Map.of())
            .output("y")
            .model();
    says("memory", refusal(model));
  }

  @Test
  void outputsOfOneNameAreRefused() {
    GraphBuilder graph = of().node("Relu", List.of("x"), List.of("y"), Map.of()).output("y", "y");
    says(
        "two outputs are named 'y'",
        String.valueOf(assertThrows(OnnxException.class, graph::model).getMessage()));
  }

  @Test
  void graphsInGraphsEndSomewhere() {
    Graph deep = new GraphBuilder(17).output("x").graph();
    for (int i = 0; i < 20_000; i++) {
      deep =
          new GraphBuilder(17)
              .node("If", List.of("x"), List.of("z"), Map.of("then_branch", deep))
              .output("z")
              .graph();
    }
    Model model = new Model(10, "test", Map.of("", 17L), deep, List.of(), Map.of());
    says(
        "nested more than 64 deep",
        String.valueOf(assertThrows(OnnxException.class, () -> OnnxModel.of(model)).getMessage()));
  }

  @Test
  void functionsThatDoubleWithoutANodeEnd() {
    GraphBuilder graph = of().domain("d", 1).node("d", "F0", List.of("x"), List.of("y"), Map.of());
    for (int i = 0; i < 60; i++) {
      String next = "F" + (i + 1);
      List<Node> nodes =
          i == 59 ? List.of() : List.of(node("d", next, "a", "b"), node("d", next, "b", "c"));
      graph.function(
          new Function(
              "d",
              "F" + i,
              "",
              List.of("a"),
              List.of("c"),
              List.of(),
              Map.of(),
              nodes,
              Map.of("d", 1L)));
    }
    says("unfold to more than", refusal(graph.output("y").model()));
  }

  @Test
  void longLoopIsNotUnrolled() {
    Graph body =
        new GraphBuilder(17)
            .input("i", new ValueType.Unknown())
            .input("c", new ValueType.Unknown())
            .input("v", new ValueType.Unknown())
            .node("Add", List.of("v", "one"), List.of("w"), Map.of())
            .node("Identity", List.of("c"), List.of("d"), Map.of())
            .output("d", "w")
            .graph();
    OnnxModel model =
        of().constant("n", new long[] {150_000})
            .constant("one", new float[] {1}, 1)
            .node("Loop", List.of("n", "", "x"), List.of("y"), Map.of("body", body))
            .output("y")
            .model();
    try (OnnxSession session = model.session();
        Tensor x = Tensor.zeros(DType.F32, 1, 1);
        Tensor y = session.run(Map.of("x", x)).get("y")) {
      assertNotNull(y);
      assertEquals(150_000, y.item());
      says("more than 100000 steps", String.valueOf(session.interpretedBecause()));
    }
  }

  @Test
  void sequenceDoesNotGoIntoATensor() {
    OnnxModel model =
        of().node("SequenceConstruct", List.of("x", "x"), List.of("y"), Map.of())
            .output("y")
            .model();
    try (OnnxSession session = model.session();
        Tensor x = Tensor.zeros(DType.F32, 1, 1);
        Tensor y = Tensor.zeros(DType.F32, 1, 1)) {
      OnnxException e =
          assertThrows(OnnxException.class, () -> session.run(Map.of("x", x), Map.of("y", y)));
      says("output 'y' is no tensor", String.valueOf(e.getMessage()));
    }
  }

  @Test
  void planThatIsEvictedWhileItRunsRunsOn() throws Exception {
    OnnxModel model = of().node("Neg", List.of("x"), List.of("y"), Map.of()).output("y").model();
    try (OnnxSession session = model.session(SessionOptions.defaults().withPlans(1));
        var threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        int columns = 1 + thread % 2;
        Callable<Void> run =
            () -> {
              try (Tensor x = Tensor.full(DType.F32, 2, 1, columns);
                  Tensor y = Tensor.zeros(DType.F32, 1, columns)) {
                for (int i = 0; i < 3000; i++) {
                  session.run(Map.of("x", x), Map.of("y", y));
                  assertEquals(-2, y.toFloatArray()[columns - 1]);
                }
              }
              return null;
            };
        runs.add(threads.submit(run));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    }
  }

  @Test
  void outputsMayLieInInputs() {
    OnnxModel model =
        of().node("Neg", List.of("x"), List.of("y"), Map.of())
            .node("Add", List.of("x", "y"), List.of("z"), Map.of())
            .output("y", "z")
            .model();
    try (OnnxSession session = model.session()) {
      for (int i = 0; i < 2; i++) {
        try (Tensor x = Tensor.of(new float[] {1, 2}, 1, 2);
            Tensor z = Tensor.full(DType.F32, 7, 1, 2)) {
          session.run(Map.of("x", x), Map.of("y", x, "z", z));
          assertArrayEquals(new float[] {-1, -2}, x.toFloatArray());
          assertArrayEquals(new float[] {0, 0}, z.toFloatArray());
        }
      }
    }
  }
}
