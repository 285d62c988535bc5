package org.gatun.onnx.operator;

import static org.gatun.onnx.Agreement.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexingFamilyTest {
  private static Tensor counting(long... shape) {
    return Tensor.arange(Shape.of(shape).size()).to(DType.F32).reshape(shape);
  }

  private static GraphBuilder node(
      String operator, List<String> in, Map<String, ?> attributes, long... shape) {
    return new GraphBuilder(18)
        .input("x", ElementType.FLOAT, shape)
        .node(operator, in, List.of("y"), attributes)
        .output("y");
  }

  private static Tensor run(GraphBuilder graph, Tensor x) {
    return BothEngines.tensor(graph, Map.of("x", x));
  }

  @Test
  void gathersFromTheEnd() {
    GraphBuilder graph =
        node("Gather", List.of("x", "i"), Map.of("axis", -1), 2, 3)
            .constant("i", new long[] {-1, 0}, 1, 2);
    Tensor y = run(graph, counting(2, 3));
    assertEquals(Shape.of(2, 1, 2), y.shape());
    assertArrayEquals(new double[] {2, 0, 5, 3}, doubles(y));
  }

  @Test
  void refusesIndicesOutOfRange() {
    GraphBuilder graph =
        node("Gather", List.of("x", "i"), Map.of(), 2).constant("i", new long[] {2}, 1);
    OnnxException e = assertThrows(OnnxException.class, () -> run(graph, counting(2)));
    assertTrue(e.getMessage().contains("Gather"), e.getMessage());
  }

  @Test
  void gathersPartsWithinBatches() {
    GraphBuilder graph =
        node("GatherND", List.of("x", "i"), Map.of("batch_dims", 1), 2, 3, 2)
            .constant("i", new long[] {2, -3}, 2, 1);
    Tensor y = run(graph, counting(2, 3, 2));
    assertEquals(Shape.of(2, 2), y.shape());
    assertArrayEquals(new double[] {4, 5, 6, 7}, doubles(y));
  }

  @ParameterizedTest
  @CsvSource({"none, 255 30 3", "add, 4 32 3", "mul, 252 60 3", "max, 255 30 3", "min, 1 2 3"})
  void scattersBytesWithinTheirRange(String reduction, String expected) {
    GraphBuilder graph =
        new GraphBuilder(18)
            .constant("x", ElementType.UINT8, MemorySegment.ofArray(new byte[] {1, 2, 3}), 3)
            .constant("i", new long[] {0, 1, 0}, 3, 1)
            .constant("u", ElementType.UINT8, MemorySegment.ofArray(new byte[] {4, 30, -1}), 3)
            .node("ScatterND", List.of("x", "i", "u"), List.of("y"), Map.of("reduction", reduction))
            .output("y");
    double[] y = doubles(((Value.Dense) BothEngines.run(graph, Map.of()).get("y")).tensor());
    double[] wanted = Arrays.stream(expected.split(" ")).mapToDouble(Double::parseDouble).toArray();
    assertArrayEquals(wanted, y);
  }

  @Test
  void comparesUnsignedLongsWhenItScattersThem() {
    for (String reduction : List.of("max", "min")) {
      GraphBuilder graph =
          new GraphBuilder(18)
              .constant("x", ElementType.UINT64, MemorySegment.ofArray(new long[] {5, 5}), 2)
              .constant("i", new long[] {0, 1}, 2)
              .constant("u", ElementType.UINT64, MemorySegment.ofArray(new long[] {-1, 3}), 2)
              .node(
                  "ScatterElements",
                  List.of("x", "i", "u"),
                  List.of("y"),
                  Map.of("reduction", reduction))
              .output("y");
      Value.Dense y = (Value.Dense) BothEngines.runTwice(graph, Map.of()).get("y");
      assertArrayEquals(
          reduction.equals("max") ? new long[] {-1, 5} : new long[] {5, 3},
          y.tensor().toLongArray());
    }
  }

  @Test
  void wrapsUnsignedShortsThatItAdds() {
    GraphBuilder graph =
        new GraphBuilder(18)
            .constant("x", ElementType.UINT16, MemorySegment.ofArray(new short[] {-1}), 1)
            .constant("i", new long[] {0}, 1)
            .constant("u", ElementType.UINT16, MemorySegment.ofArray(new short[] {3}), 1)
            .node(
                "ScatterElements", List.of("x", "i", "u"), List.of("y"), Map.of("reduction", "add"))
            .output("y");
    Value.Dense y = (Value.Dense) BothEngines.run(graph, Map.of()).get("y");
    assertEquals(ElementType.UINT16, y.type());
    assertArrayEquals(new double[] {2}, doubles(y.tensor()));
  }

  @Test
  void scattersWholeTensorsByIndicesOfNoAxis() {
    GraphBuilder graph =
        node("ScatterND", List.of("x", "i", "u"), Map.of(), 2)
            .constant("i", new long[0], 1, 0)
            .constant("u", new float[] {8, 9}, 1, 2);
    assertArrayEquals(new double[] {8, 9}, doubles(run(graph, counting(2))));
  }

  @Test
  void oneHotCountsFromTheEndAndLeavesOutWhatIsOutOfRange() {
    GraphBuilder graph =
        node("OneHot", List.of("x", "d", "v"), Map.of("axis", 0), 4)
            .constant("d", new long[] {3})
            .constant("v", new float[] {-1, 1}, 2);
    Tensor y = run(graph, Tensor.of(new float[] {0, -1, 3, -4}));
    assertArrayEquals(new double[] {1, -1, -1, -1, -1, -1, -1, -1, -1, 1, -1, -1}, doubles(y));
  }

  @Test
  void reversesSequencesOfEitherLayout() {
    for (int time : new int[] {0, 1}) {
      GraphBuilder graph =
          node(
                  "ReverseSequence",
                  List.of("x", "l"),
                  Map.of("time_axis", time, "batch_axis", 1 - time),
                  3,
                  3)
              .constant("l", new long[] {1, 2, 3}, 3);
      Tensor x = time == 1 ? counting(3, 3) : counting(3, 3).permute(1, 0).contiguous();
      Tensor y = run(graph, x);
      Tensor rows = time == 1 ? y : y.permute(1, 0);
      assertArrayEquals(
          new double[] {0, 1, 2, 4, 3, 5, 8, 7, 6}, doubles(rows.contiguous()), "time " + time);
    }
  }

  @Test
  void compressesPartsAndElements() {
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT, 2, 3)
            .constant("c", ElementType.BOOL, MemorySegment.ofArray(new byte[] {0, 1}), 2)
            .node("Compress", List.of("x", "c"), List.of("y"), Map.of("axis", 1))
            .node("Compress", List.of("x", "c"), List.of("z"), Map.of())
            .output("y", "z");
    Map<String, Value> y = BothEngines.run(graph, Map.of("x", Value.of(counting(2, 3))));
    assertArrayEquals(new double[] {1, 4}, doubles(((Value.Dense) y.get("y")).tensor()));
    assertArrayEquals(new double[] {1}, doubles(((Value.Dense) y.get("z")).tensor()));
  }

  @Test
  void writesIntoCachesAroundTheirEnd() {
    GraphBuilder graph =
        new GraphBuilder(24)
            .input("x", ElementType.FLOAT, 2, 3, 1)
            .constant("u", new float[] {-1, -2, -3, -4}, 2, 2, 1)
            .constant("w", new long[] {2, 0}, 2)
            .node("TensorScatter", List.of("x", "u", "w"), List.of("y"), Map.of("mode", "circular"))
            .output("y");
    assertArrayEquals(new double[] {-2, 1, -1, -3, -4, 5}, doubles(run(graph, counting(2, 3, 1))));
  }

  @Test
  void findsTheLargestUnsignedLongs() {
    GraphBuilder graph =
        new GraphBuilder(18)
            .constant("x", ElementType.UINT64, MemorySegment.ofArray(new long[] {3, -1, 7}), 3)
            .constant("k", new long[] {2}, 1)
            .node("TopK", List.of("x", "k"), List.of("v", "i"), Map.of())
            .output("v", "i");
    Map<String, Value> y = BothEngines.run(graph, Map.of());
    assertArrayEquals(new long[] {-1, 7}, ((Value.Dense) y.get("v")).tensor().toLongArray());
    assertArrayEquals(new long[] {1, 2}, ((Value.Dense) y.get("i")).tensor().toLongArray());
  }

  @Test
  void takesTheNumberFromAnAttributeBeforeVersion10() {
    GraphBuilder graph =
        new GraphBuilder(9)
            .input("x", ElementType.FLOAT, 4)
            .node("TopK", List.of("x"), List.of("v", "i"), Map.of("k", 1))
            .output("i", "v");
    Tensor i = run(graph, Tensor.of(new float[] {1, 5, 5, 2}));
    assertArrayEquals(new long[] {1}, i.toLongArray());
  }

  @ParameterizedTest
  @CsvSource({"0", "1"})
  void findsWhatIsDifferent(int sorted) {
    GraphBuilder graph =
        new GraphBuilder(18)
            .input("x", ElementType.FLOAT, 6)
            .node(
                "Unique",
                List.of("x"),
                List.of("y", "first", "inverse", "counts"),
                Map.of("sorted", sorted))
            .output("y", "first", "inverse", "counts");
    Tensor x = Tensor.of(new float[] {2, 1, 1, 3, 4, 3});
    Map<String, Value> y = BothEngines.run(graph, Map.of("x", Value.of(x)));
    boolean isSorted = sorted == 1;
    check(y, "y", isSorted ? new double[] {1, 2, 3, 4} : new double[] {2, 1, 3, 4});
    check(y, "first", isSorted ? new double[] {1, 0, 3, 4} : new double[] {0, 1, 3, 4});
    check(
        y, "inverse", isSorted ? new double[] {1, 0, 0, 2, 3, 2} : new double[] {0, 1, 1, 2, 3, 2});
    check(y, "counts", isSorted ? new double[] {2, 1, 2, 1} : new double[] {1, 2, 2, 1});
  }

  private static void check(Map<String, Value> outputs, String name, double[] expected) {
    assertArrayEquals(expected, doubles(((Value.Dense) outputs.get(name)).tensor()), name);
  }
}
