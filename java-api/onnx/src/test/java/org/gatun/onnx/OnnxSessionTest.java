package org.gatun.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.ValueType;
import org.junit.jupiter.api.Test;

/** Sessions: what they take and refuse, what they keep, how they end. */
class OnnxSessionTest {
  private static final ValueType BATCH =
      new ValueType.OfTensor(
          ElementType.FLOAT, List.of(new Dimension.Named("n"), new Dimension.Known(2)));

  /** y = relu(x + w), z = x + x. */
  private static OnnxModel small() {
    return new GraphBuilder(17)
        .input("x", BATCH)
        .constant("w", new float[] {-2, 1}, 2)
        .node("Add", List.of("x", "w"), List.of("sum"), Map.of())
        .node("Relu", List.of("sum"), List.of("y"), Map.of())
        .node("Add", List.of("x", "x"), List.of("z"), Map.of())
        .output("y", "z")
        .model();
  }

  private static Tensor rows(long count, float first) {
    float[] values = new float[(int) (2 * count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = first + i;
    }
    return Tensor.of(values, count, 2);
  }

  private static String message(OnnxException e) {
    return String.valueOf(e.getMessage());
  }

  private static Model withDefault(long irVersion) {
    Model model =
        new GraphBuilder(8)
            .input("x", BATCH)
            .input("w", ElementType.FLOAT, 2)
            .constant("w", new float[] {-2, 1}, 2)
            .node("Mul", List.of("x", "w"), List.of("y"), Map.of())
            .output("y")
            .model()
            .definition();
    return new Model(
        irVersion,
        model.producer(),
        model.opsets(),
        model.graph(),
        model.functions(),
        model.metadata());
  }

  @Test
  void defaultsMayBeReplacedSinceFormatFour() {
    try (Scope _ = Scope.open();
        OnnxSession old = OnnxModel.of(withDefault(3)).session();
        OnnxSession now = OnnxModel.of(withDefault(4)).session()) {
      Tensor x = rows(1, 1);
      Map<String, Tensor> both = Map.of("x", x, "w", Tensor.of(new float[] {5, 7}));
      assertArrayEquals(new float[] {5, 14}, now.run(both).get("y").toFloatArray());
      assertArrayEquals(new float[] {-2, 2}, now.run(x).toFloatArray());
      assertArrayEquals(new float[] {-2, 2}, old.run(x).toFloatArray());
      String told = message(assertThrows(OnnxException.class, () -> old.run(both)));
      assertTrue(told.contains("no input 'w'"), told);
    }
  }

  @Test
  void runsAgainOnOtherValuesAndShapes() {
    try (OnnxSession session = small().session();
        Scope scope = Scope.open()) {
      for (int run = 0; run < 3; run++) {
        for (long count : new long[] {1, 3, 0}) {
          Map<String, Tensor> outputs = session.run(Map.of("x", rows(count, run)));
          float[] expected = new float[(int) (2 * count)];
          float[] doubled = expected.clone();
          for (int i = 0; i < expected.length; i++) {
            expected[i] = Math.max(0, run + i + (i % 2 == 0 ? -2 : 1));
            doubled[i] = 2 * (run + i);
          }
          assertArrayEquals(expected, outputs.get("y").toFloatArray());
          assertArrayEquals(doubled, outputs.get("z").toFloatArray());
        }
      }
      assertEquals(3, session.plans());
      assertNull(session.interpretedBecause());
    }
  }

  @Test
  void keepsSoManyPlansAndNoMore() {
    try (OnnxSession session = small().session(SessionOptions.defaults().withPlans(2));
        Scope scope = Scope.open()) {
      for (long count = 1; count < 10; count++) {
        Tensor y = session.run(Map.of("x", rows(count, 5))).get("y");
        assertEquals(count, y.dim(0));
      }
      assertEquals(2, session.plans());
    }
  }

  @Test
  void givesTheOutputOfAModelOfOneInputAndOne() {
    OnnxModel model =
        new GraphBuilder(17)
            .input("x", BATCH)
            .node("Neg", List.of("x"), List.of("y"), Map.of())
            .output("y")
            .model();
    try (OnnxSession session = model.session();
        OnnxSession other = small().session();
        Scope _ = Scope.open()) {
      Tensor y = session.run(rows(1, 3));
      assertArrayEquals(new float[] {-3, -4}, y.toFloatArray());
      OnnxException two = assertThrows(OnnxException.class, () -> other.run(rows(1, 3)));
      assertTrue(message(two).contains("expected one of each"), message(two));
    }
  }

  @Test
  void writesNoSequenceIntoATensor() {
    OnnxModel model =
        new GraphBuilder(17)
            .input("x", BATCH)
            .node("SequenceConstruct", List.of("x"), List.of("y"), Map.of())
            .output("y")
            .model();
    try (OnnxSession session = model.session();
        Scope _ = Scope.open()) {
      // The second time the model may be replayed, whose one result is the element.
      for (int run = 0; run < 2; run++) {
        Tensor output = Tensor.zeros(DType.F32, 1, 2);
        OnnxException refused =
            assertThrows(
                OnnxException.class,
                () -> session.run(Map.of("x", rows(1, 3)), Map.of("y", output)));
        assertTrue(message(refused).contains("is no tensor"), message(refused));
      }
    }
  }

  @Test
  void memoryIsReusedUnlessThatIsTurnedOff() {
    GraphBuilder builder = new GraphBuilder(17).input("x", ElementType.FLOAT, 64, 64);
    String value = "x";
    for (int i = 0; i < 8; i++) {
      builder.node("Softmax", List.of(value), List.of("y" + i), Map.of("axis", i % 2));
      value = "y" + i;
    }
    OnnxModel model = builder.output(value).model();
    String last = value;
    try (OnnxSession reusing = model.session();
        OnnxSession wasting = model.session(SessionOptions.defaults().withoutMemoryReuse());
        Scope scope = Scope.open()) {
      Tensor x = Tensor.full(DType.F32, 0.5, 64, 64);
      for (int run = 0; run < 2; run++) {
        assertArrayEquals(
            reusing.run(Map.of("x", x)).get(last).toFloatArray(),
            wasting.run(Map.of("x", x)).get(last).toFloatArray());
      }
      long value64 = 64 * 64 * Float.BYTES;
      assertEquals(7 * value64, wasting.peakBytes());
      assertEquals(2 * value64, reusing.peakBytes());
    }
  }

  @Test
  void computesIntoTensorsOfTheCaller() {
    try (OnnxSession session = small().session();
        Tensor x = rows(2, 0);
        Tensor y = Tensor.full(DType.F32, 7, 2, 2);
        Tensor wrong = Tensor.zeros(DType.F32, 2, 3)) {
      for (int run = 0; run < 3; run++) {
        y.fill(7);
        session.run(Map.of("x", x), Map.of("y", y));
        assertArrayEquals(new float[] {0, 2, 0, 4}, y.toFloatArray());
        assertThrows(
            IllegalArgumentException.class, () -> session.run(Map.of("x", x), Map.of("y", wrong)));
      }
      // The output may be the input.
      session.run(Map.of("x", x), Map.of("z", x));
      assertArrayEquals(new float[] {0, 2, 4, 6}, x.toFloatArray());
      OnnxException e =
          assertThrows(OnnxException.class, () -> session.run(Map.of("x", x), Map.of("other", y)));
      assertTrue(message(e).contains("'other'"), message(e));
    }
  }

  @Test
  void anOutputThatIsAnInputOrConstantIsACopy() {
    OnnxModel model =
        new GraphBuilder(17)
            .input("x", BATCH)
            .constant("w", new float[] {1, 2}, 2)
            .node("Identity", List.of("x"), List.of("same"), Map.of())
            .node("Identity", List.of("w"), List.of("weight"), Map.of())
            .output("same", "weight", "x")
            .model();
    try (OnnxSession session = model.session();
        Scope scope = Scope.open()) {
      Tensor x = rows(1, 3);
      for (int run = 0; run < 2; run++) {
        Map<String, Tensor> outputs = session.run(Map.of("x", x));
        outputs.get("same").fill(0);
        outputs.get("x").fill(0);
        outputs.get("weight").fill(0);
        assertArrayEquals(new float[] {3, 4}, x.toFloatArray());
      }
      assertArrayEquals(
          new float[] {1, 2}, session.run(Map.of("x", x)).get("weight").toFloatArray());
    }
  }

  @Test
  void refusesInputsThatAreNotAsDeclared() {
    try (OnnxSession session = small().session();
        Scope scope = Scope.open()) {
      Tensor x = rows(1, 0);
      String missing = message(assertThrows(OnnxException.class, () -> session.run(Map.of())));
      assertTrue(missing.contains("'x'") && missing.contains("missing"), missing);
      String unknown =
          message(assertThrows(OnnxException.class, () -> session.run(Map.of("x", x, "w", x))));
      assertTrue(unknown.contains("'w'"), unknown);
      for (Tensor wrong :
          List.of(
              Tensor.zeros(DType.F64, 1, 2),
              Tensor.zeros(DType.F32, 1, 3),
              Tensor.zeros(DType.F32, 2),
              Tensor.scalar(1f))) {
        String text =
            message(assertThrows(OnnxException.class, () -> session.run(Map.of("x", wrong))));
        assertTrue(text.contains("'x'") && text.contains("float[n, 2]"), text);
      }
      Tensor closed = rows(1, 0);
      closed.close();
      assertThrows(IllegalStateException.class, () -> session.run(Map.of("x", closed)));
    }
  }

  @Test
  void aNamedDimensionIsTheSameEverywhere() {
    OnnxModel model =
        new GraphBuilder(17)
            .input("a", BATCH)
            .input("b", BATCH)
            .node("Add", List.of("a", "b"), List.of("y"), Map.of())
            .output("y")
            .model();
    try (OnnxSession session = model.session();
        Scope scope = Scope.open()) {
      String text =
          message(
              assertThrows(
                  OnnxException.class,
                  () -> session.run(Map.of("a", rows(1, 0), "b", rows(2, 0)))));
      assertTrue(text.contains("'b'") && text.contains("dimension n"), text);
    }
  }

  @Test
  void anInitializerIsTheDefaultOfAnInput() {
    OnnxModel model =
        new GraphBuilder(17)
            .input("x", BATCH)
            .input("w", ElementType.FLOAT, 2)
            .constant("w", new float[] {10, 20}, 2)
            .node("Add", List.of("x", "w"), List.of("y"), Map.of())
            .output("y")
            .model();
    try (OnnxSession session = model.session();
        Scope scope = Scope.open()) {
      assertEquals(1, session.inputs().size());
      Tensor x = rows(1, 0);
      Tensor w = Tensor.of(new float[] {1, 1});
      for (int run = 0; run < 2; run++) {
        assertArrayEquals(
            new float[] {10, 21}, session.run(Map.of("x", x)).get("y").toFloatArray());
        assertArrayEquals(
            new float[] {1, 2}, session.run(Map.of("x", x, "w", w)).get("y").toFloatArray());
      }
    }
  }

  @Test
  void aGraphThatGoesInACircleIsRefused() {
    OnnxModel model =
        new GraphBuilder(17)
            .input("x", BATCH)
            .node("Add", List.of("x", "b"), List.of("a"), Map.of())
            .node("Relu", List.of("a"), List.of("b"), Map.of())
            .output("b")
            .model();
    String text = message(assertThrows(OnnxException.class, model::session));
    assertTrue(text.contains("'b'") && text.contains("Add"), text);
  }

  @Test
  void unknownOperatorsDomainsAndOutputsAreNamed() {
    for (String[] node : new String[][] {{"", "Frobnicate"}, {"com.example", "Relu"}}) {
      OnnxModel model =
          new GraphBuilder(17)
              .domain("com.example", 1)
              .input("x", BATCH)
              .node(node[0], node[1], List.of("x"), List.of("y"), Map.of())
              .output("y")
              .model();
      String text = message(assertThrows(OnnxException.class, model::session));
      assertTrue(text.contains(node[1]), text);
    }
    OnnxModel model = new GraphBuilder(17).input("x", BATCH).output("nothing").model();
    String text = message(assertThrows(OnnxException.class, model::session));
    assertTrue(text.contains("'nothing'"), text);
  }

  @Test
  void shapesThatDisagreeAreToldWithTheNode() {
    OnnxModel model =
        new GraphBuilder(17)
            .input("x", BATCH)
            .constant("w", new float[] {1, 2, 3}, 3)
            .node("Add", List.of("x", "w"), List.of("y"), Map.of())
            .output("y")
            .model();
    try (OnnxSession session = model.session();
        Tensor x = rows(1, 0)) {
      for (int run = 0; run < 2; run++) {
        String text = message(assertThrows(OnnxException.class, () -> session.run(Map.of("x", x))));
        assertTrue(text.contains("Add") && text.contains("[3]"), text);
      }
    }
  }

  @Test
  void anIndexOutOfRangeIsToldWithTheNodeInEveryRun() {
    OnnxModel model =
        new GraphBuilder(17)
            .input("i", ElementType.INT64, 1)
            .constant("w", new float[] {1, 2, 3}, 3)
            .node("Gather", List.of("w", "i"), List.of("y"), Map.of())
            .output("y")
            .model();
    try (OnnxSession session = model.session();
        Scope scope = Scope.open()) {
      assertArrayEquals(
          new float[] {3},
          session.run(Map.of("i", Tensor.of(new long[] {2}))).get("y").toFloatArray());
      Tensor bad = Tensor.of(new long[] {3});
      String text = message(assertThrows(OnnxException.class, () -> session.run(Map.of("i", bad))));
      assertTrue(text.contains("Gather") && text.contains("3"), text);
      Tensor y = Tensor.zeros(DType.F32, 1);
      assertThrows(OnnxException.class, () -> session.run(Map.of("i", bad), Map.of("y", y)));
    }
  }

  @Test
  void aModelWhoseCourseDependsOnValuesRunsNodeByNode() {
    OnnxModel model =
        new GraphBuilder(17)
            .input("x", BATCH)
            .node("NonZero", List.of("x"), List.of("y"), Map.of())
            .output("y")
            .model();
    try (OnnxSession session = model.session();
        Scope scope = Scope.open()) {
      Tensor one = Tensor.of(new float[] {0, 1}, 1, 2);
      Tensor two = Tensor.of(new float[] {1, 1}, 1, 2);
      for (int run = 0; run < 2; run++) {
        assertEquals(1, session.run(Map.of("x", one)).get("y").dim(1));
        assertEquals(2, session.run(Map.of("x", two)).get("y").dim(1));
      }
      assertNotNull(session.interpretedBecause());
    }
  }

  @Test
  void manyThreadsRunOneSession() throws Exception {
    try (OnnxSession session = small().session();
        var executor = Executors.newFixedThreadPool(8)) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        float first = thread;
        Callable<Boolean> task =
            () -> {
              for (int run = 0; run < 200; run++) {
                try (Scope scope = Scope.open()) {
                  float[] z =
                      session.run(Map.of("x", rows(1 + run % 3, first))).get("z").toFloatArray();
                  if (z[0] != 2 * first || z[1] != 2 * (first + 1)) {
                    return false;
                  }
                }
              }
              return true;
            };
        results.add(executor.submit(task));
      }
      for (Future<Boolean> result : results) {
        assertTrue(result.get());
      }
    }
  }

  @Test
  void aClosedSessionSaysSo() {
    OnnxSession session = small().session();
    try (Tensor x = rows(1, 0)) {
      session.run(Map.of("x", x)).values().forEach(Tensor::close);
      session.close();
      session.close();
      assertThrows(IllegalStateException.class, () -> session.run(Map.of("x", x)));
      assertFalse(x.isClosed());
    }
  }

  @Test
  void outputsBelongToTheScopeOfTheCaller() {
    Tensor y;
    try (OnnxSession session = small().session();
        Scope scope = Scope.open()) {
      Tensor x = rows(1, 0);
      session.run(Map.of("x", x));
      y = session.run(Map.of("x", x)).get("y");
      assertFalse(y.isClosed());
      assertFalse(x.isClosed());
    }
    assertTrue(y.isClosed());
  }
}
