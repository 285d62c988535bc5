package org.gatun.onnx.operator;

import static org.gatun.onnx.Agreement.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.BothEngines;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MovementFamilyTest {
  private static Tensor counting(long... shape) {
    return Tensor.arange(Shape.of(shape).size()).to(DType.F32).reshape(shape);
  }

  private static Tensor run(GraphBuilder graph, Tensor x) {
    return BothEngines.tensor(graph, Map.of("x", x));
  }

  private static GraphBuilder node(
      long opset, String operator, List<String> in, Map<String, ?> attributes, long... shape) {
    return new GraphBuilder(opset)
        .input("x", ElementType.FLOAT, shape)
        .node(operator, in, List.of("y"), attributes)
        .output("y");
  }

  // Slice.

  @ParameterizedTest
  @CsvSource({
    "1, 3, 1",
    "-3, -1, 1",
    "0, 9223372036854775807, 2",
    "5, -9223372036854775808, -1",
    "9223372036854775807, -9223372036854775808, -2",
    "-1, 0, -3",
    "4, 1, 1",
    "1, 4, -1",
    "-9223372036854775808, 9223372036854775807, 9223372036854775807",
    "9223372036854775807, -9223372036854775808, -9223372036854775808",
    "10, 20, 1",
    "-20, -10, 1"
  })
  void slicesAsPythonDoes(long start, long end, long step) {
    GraphBuilder graph =
        node(13, "Slice", List.of("x", "s", "e", "a", "p"), Map.of(), 2, 6)
            .constant("s", new long[] {start}, 1)
            .constant("e", new long[] {end}, 1)
            .constant("a", new long[] {-1}, 1)
            .constant("p", new long[] {step}, 1);
    Tensor y = run(graph, counting(2, 6));
    List<Double> expected = new ArrayList<>();
    for (int row = 0; row < 2; row++) {
      for (int i : indices(start, end, step, 6)) {
        expected.add(row * 6.0 + i);
      }
    }
    assertArrayEquals(
        expected.stream().mapToDouble(Double::doubleValue).toArray(), doubles(y), "elements");
    assertEquals(Shape.of(2, expected.size() / 2), y.shape());
  }

  /** Python's rule for one axis, by trying all indices. */
  private static List<Integer> indices(long start, long end, long step, int size) {
    List<Integer> found = new ArrayList<>();
    long from = start < 0 ? start + size : start;
    long to = end < 0 ? end + size : end;
    from = step > 0 ? Math.clamp(from, 0, size) : Math.clamp(from, -1, size - 1);
    to = step > 0 ? Math.clamp(to, 0, size) : Math.clamp(to, -1, size - 1);
    int stride = (int) Math.clamp(step, -100, 100);
    for (long i = from; stride > 0 ? i < to : i > to; i += stride) {
      found.add((int) i);
    }
    return found;
  }

  @Test
  void slicesByAttributesBeforeVersion10() {
    Map<String, Object> attributes =
        Map.of("starts", new long[] {1, 0}, "ends", new long[] {9, -1}, "axes", new long[] {1, 0});
    Tensor y = run(node(9, "Slice", List.of("x"), attributes, 3, 4), counting(3, 4));
    assertArrayEquals(new double[] {1, 2, 3, 5, 6, 7}, doubles(y));
  }

  @Test
  void refusesAStepOfZero() {
    GraphBuilder graph =
        node(13, "Slice", List.of("x", "i", "i", "i", "i"), Map.of(), 2)
            .constant("i", new long[] {0}, 1);
    OnnxException e = assertThrows(OnnxException.class, () -> run(graph, counting(2)));
    assertTrue(e.getMessage().contains("step 0"), e.getMessage());
  }

  // Pad.

  @ParameterizedTest
  @ValueSource(strings = {"constant", "reflect", "edge", "wrap"})
  void padsBeyondTheSizeAndTakesAway(String mode) {
    long[][] pads = {{2, 1}, {0, 9}, {7, 4}, {-1, 3}, {2, -2}, {-1, -1}};
    for (long[] pad : pads) {
      GraphBuilder graph =
          node(19, "Pad", List.of("x", "p", "", "a"), Map.of("mode", mode), 4)
              .constant("p", pad, 2)
              .constant("a", new long[] {0}, 1);
      double[] y = doubles(run(graph, counting(4)));
      assertArrayEquals(padded(mode, (int) pad[0], (int) pad[1]), y, mode + pad[0] + "," + pad[1]);
    }
  }

  /** The numbers 0 to 3 with some taken away, and others put around what is left. */
  private static double[] padded(String mode, int before, int after) {
    List<Double> left = new ArrayList<>(List.of(0.0, 1.0, 2.0, 3.0));
    left = left.subList(Math.max(0, -before), 4 - Math.max(0, -after));
    int first = Math.max(0, before);
    int n = left.size();
    double[] result = new double[first + n + Math.max(0, after)];
    for (int i = 0; i < result.length; i++) {
      int at = i - first;
      boolean inside = at >= 0 && at < n;
      int period = 2 * n - 2;
      int mirrored = period == 0 ? 0 : Math.floorMod(at, period);
      result[i] =
          switch (mode) {
            case "constant" -> inside ? left.get(at) : 0;
            case "edge" -> left.get(Math.clamp(at, 0, n - 1));
            case "wrap" -> left.get(Math.floorMod(at, n));
            default -> left.get(mirrored < n ? mirrored : period - mirrored);
          };
    }
    return result;
  }

  @Test
  void padsWithLongsThatAreNoDoubles() {
    long value = Long.MAX_VALUE - 1;
    GraphBuilder graph =
        new GraphBuilder(13)
            .input("x", ElementType.INT64, 2)
            .constant("p", new long[] {1, 1}, 2)
            .constant("v", new long[] {value})
            .node("Pad", List.of("x", "p", "v"), List.of("y"), Map.of())
            .output("y");
    Tensor y = run(graph, Tensor.of(new long[] {1, 2}));
    assertArrayEquals(new long[] {value, 1, 2, value}, y.toLongArray());
  }

  @Test
  void padsByAttributesInVersion2() {
    Map<String, Object> attributes = Map.of("pads", new long[] {0, 1, 0, 1}, "value", 7f);
    Tensor y = run(node(10, "Pad", List.of("x"), attributes, 2, 1), counting(2, 1));
    assertArrayEquals(new double[] {7, 0, 7, 7, 1, 7}, doubles(y));
  }

  // Split and shapes.

  @Test
  void splitsIntoUnevenParts() {
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT, 5)
            .node("Split", List.of("x"), List.of("a", "b", "c", "d"), Map.of("num_outputs", 4))
            .output("a", "b", "c", "d");
    Map<String, Value> y = BothEngines.run(graph, Map.of("x", Value.of(counting(5))));
    List<Long> sizes =
        y.values().stream().map(value -> ((Value.Dense) value).tensor().size()).toList();
    assertEquals(List.of(2L, 2L, 1L, 0L), sizes);
  }

  @Test
  void splitsByAnAttributeBeforeVersion13() {
    GraphBuilder graph =
        new GraphBuilder(11)
            .input("x", ElementType.FLOAT, 3, 2)
            .node(
                "Split",
                List.of("x"),
                List.of("a", "b"),
                Map.of("split", new long[] {2, 1}, "axis", -2))
            .output("b", "a");
    Tensor b = run(graph, counting(3, 2));
    assertArrayEquals(new double[] {4, 5}, doubles(b));
  }

  @Test
  void refusesPartsThatAreNotTheWhole() {
    GraphBuilder graph =
        node(13, "Split", List.of("x", "s"), Map.of(), 4).constant("s", new long[] {3}, 1);
    OnnxException e = assertThrows(OnnxException.class, () -> run(graph, counting(4)));
    assertTrue(e.getMessage().contains("[3]"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0, '2 0', '2 0'", "0, '0 -1', '0 3'", "1, '3 0', '3 0'", "0, '-1', '0'"})
  void reshapesTensorsWithoutElements(int allowZero, String wanted, String expected) {
    long[] shape = longs(wanted);
    GraphBuilder graph =
        node(14, "Reshape", List.of("x", "s"), Map.of("allowzero", allowZero), 0, 3)
            .constant("s", shape, shape.length);
    if (wanted.equals("2 0")) {
      assertThrows(OnnxException.class, () -> run(graph, counting(0, 3)));
    } else {
      assertEquals(Shape.of(longs(expected)), run(graph, counting(0, 3)).shape());
    }
  }

  private static long[] longs(String text) {
    return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  @Test
  void squeezesAndUnsqueezesByAttributesAndInputs() {
    for (long opset : new long[] {11, 13}) {
      List<String> in = opset < 13 ? List.of("x") : List.of("x", "a");
      Map<String, Object> axes = opset < 13 ? Map.of("axes", new long[] {-1, 0}) : Map.of();
      GraphBuilder wider =
          node(opset, "Unsqueeze", in, axes, 2, 3).constant("a", new long[] {-1, 0}, 2);
      assertEquals(Shape.of(1, 2, 3, 1), run(wider, counting(2, 3)).shape());
      GraphBuilder narrower =
          node(opset, "Squeeze", in, axes, 1, 2, 1).constant("a", new long[] {-1, 0}, 2);
      assertEquals(Shape.of(2), run(narrower, counting(1, 2, 1)).shape());
    }
    assertThrows(
        OnnxException.class,
        () ->
            run(node(11, "Squeeze", List.of("x"), Map.of("axes", new long[] {0}), 2), counting(2)));
  }

  @Test
  void movesElementsOfTypesThatAreCarried() {
    MemorySegment bits = MemorySegment.ofArray(new long[] {-1, 2, 3, 4});
    GraphBuilder graph =
        new GraphBuilder(13)
            .constant("x", ElementType.UINT64, bits, 2, 2)
            .node("Transpose", List.of("x"), List.of("y"), Map.of())
            .output("y");
    Value.Dense y = (Value.Dense) BothEngines.run(graph, Map.of()).get("y");
    assertEquals(ElementType.UINT64, y.type());
    assertArrayEquals(new long[] {-1, 3, 2, 4}, y.tensor().toLongArray());
  }

  @Test
  void cropsAndPadsAroundTheMiddle() {
    GraphBuilder graph =
        node(18, "CenterCropPad", List.of("x", "s"), Map.of("axes", new long[] {-1}), 1, 5)
            .constant("s", new long[] {2}, 1);
    assertArrayEquals(new double[] {1, 2}, doubles(run(graph, counting(1, 5))));
    GraphBuilder padding =
        node(18, "CenterCropPad", List.of("x", "s"), Map.of(), 2).constant("s", new long[] {5}, 1);
    assertArrayEquals(new double[] {0, 0, 1, 0, 0}, doubles(run(padding, counting(2))));
  }

  @Test
  void depthToSpaceIsUndoneBySpaceToDepth() {
    Tensor x = counting(2, 8, 3, 2);
    GraphBuilder graph =
        new GraphBuilder(13)
            .input("x", ElementType.FLOAT, 2, 8, 3, 2)
            .node("DepthToSpace", List.of("x"), List.of("wide"), Map.of("blocksize", 2))
            .node("SpaceToDepth", List.of("wide"), List.of("y"), Map.of("blocksize", 2))
            .output("y");
    assertArrayEquals(doubles(x), doubles(run(graph, x)));
  }

  @Test
  void tilesAndExpandsRandomShapes() {
    Random random = new Random(5);
    for (int i = 0; i < 5; i++) {
      long a = 1L + random.nextInt(3);
      long b = 1L + random.nextInt(3);
      GraphBuilder tile =
          node(13, "Tile", List.of("x", "r"), Map.of(), 2, 2).constant("r", new long[] {a, b}, 2);
      double[] y = doubles(run(tile, counting(2, 2)));
      for (int k = 0; k < y.length; k++) {
        assertEquals((double) (k / (2 * b) % 2 * 2 + k % 2), y[k]);
      }
      GraphBuilder expand =
          node(13, "Expand", List.of("x", "r"), Map.of(), 2, 1)
              .constant("r", new long[] {a, 1, b}, 3);
      assertEquals(Shape.of(a, 2, b), run(expand, counting(2, 1)).shape());
    }
  }
}
