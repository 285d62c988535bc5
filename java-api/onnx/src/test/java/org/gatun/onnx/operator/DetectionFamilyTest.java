package org.gatun.onnx.operator;

import static org.gatun.onnx.Agreement.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.BothEngines;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.model.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetectionFamilyTest {
  private static GraphBuilder suppression(long most, float overlap, float least) {
    return new GraphBuilder(11)
        .input("boxes", ElementType.FLOAT, 1, 4, 4)
        .input("scores", ElementType.FLOAT, 1, 2, 4)
        .constant("most", new long[] {most}, 1)
        .constant("overlap", new float[] {overlap}, 1)
        .constant("least", new float[] {least}, 1)
        .node(
            "NonMaxSuppression",
            List.of("boxes", "scores", "most", "overlap", "least"),
            List.of("y"),
            Map.of())
        .output("y");
  }

  @ParameterizedTest
  @CsvSource({
    "9, 0.5, 0, '0 0 1 0 0 3 0 1 0 0 1 3'",
    "1, 0.5, 0, '0 0 1 0 1 0'",
    "9, 0.1, 0.45, '0 0 1 0 1 0'",
    "0, 0.5, 0, ''"
  })
  void keepsTheBestOfBoxesThatOverlap(long most, float overlap, float least, String expected) {
    // The second box is the first one, moved by a fifth; the third is empty; the last one far away.
    Tensor boxes =
        Tensor.of(
            new float[] {0, 0, 1, 1, 1.2f, 1, 0.2f, 0, 0.5f, 0.5f, 0.5f, 0.5f, 5, 5, 6, 6},
            1,
            4,
            4);
    Tensor scores = Tensor.of(new float[] {0.5f, 0.9f, 0, 0.4f, 0.8f, 0.7f, -1, 0.3f}, 1, 2, 4);
    Tensor y =
        BothEngines.tensor(
            suppression(most, overlap, least), Map.of("boxes", boxes, "scores", scores));
    long[] rows = y.toLongArray();
    String text = String.join(" ", Arrays.stream(rows).mapToObj(n -> "" + n).toList());
    assertEquals(expected, text);
    assertEquals(Shape.of(rows.length / 3, 3), y.shape());
  }

  @Test
  void refusesScoresOfOtherBoxes() {
    Tensor boxes = Tensor.zeros(DType.F32, 1, 4, 4);
    GraphBuilder graph =
        new GraphBuilder(11)
            .input("boxes", ElementType.FLOAT, 1, 4, 4)
            .constant("scores", new float[3], 1, 1, 3)
            .node("NonMaxSuppression", List.of("boxes", "scores"), List.of("y"), Map.of())
            .output("y");
    OnnxException e =
        assertThrows(OnnxException.class, () -> BothEngines.tensor(graph, Map.of("boxes", boxes)));
    assertTrue(e.getMessage().contains("[1, 1, 3]"), e.getMessage());
  }

  private static GraphBuilder pooling(
      String operator, long opset, Map<String, ?> attributes, float... region) {
    boolean aligns = operator.equals("RoiAlign");
    return new GraphBuilder(opset)
        .input("x", ElementType.FLOAT, 1, 1, 4, 4)
        .constant("regions", region, 1, region.length)
        .constant("batch", new long[] {0}, 1)
        .node(
            operator,
            aligns ? List.of("x", "regions", "batch") : List.of("x", "regions"),
            List.of("y"),
            attributes)
        .output("y");
  }

  private static double[] pooled(GraphBuilder graph) {
    Tensor x = Tensor.arange(16).to(DType.F32).reshape(1, 1, 4, 4);
    return doubles(BothEngines.tensor(graph, Map.of("x", x)));
  }

  @Test
  void alignsRegionsAsEachVersionDoes() {
    Map<String, Object> attributes =
        Map.of("output_height", 2, "output_width", 2, "sampling_ratio", 1);
    // On a plane that rises by 1 a column and 4 a row, a sample is its place.
    double[] without = pooled(pooling("RoiAlign", 10, attributes, 0, 0, 2, 2));
    assertArrayEquals(new double[] {2.5, 3.5, 6.5, 7.5}, without, 1e-6);
    double[] with = pooled(pooling("RoiAlign", 16, attributes, 0, 0, 2, 2));
    assertArrayEquals(new double[] {0, 1, 4, 5}, with, 1e-6);
  }

  @Test
  void refusesRegionsOfImagesThatAreNotThere() {
    GraphBuilder graph =
        new GraphBuilder(16)
            .input("x", ElementType.FLOAT, 1, 1, 4, 4)
            .constant("regions", new float[4], 1, 4)
            .constant("batch", new long[] {1}, 1)
            .node("RoiAlign", List.of("x", "regions", "batch"), List.of("y"), Map.of())
            .output("y");
    OnnxException e = assertThrows(OnnxException.class, () -> pooled(graph));
    assertTrue(e.getMessage().contains("image 1"), e.getMessage());
  }

  @Test
  void poolsTheMaximaOfRegions() {
    Map<String, Object> attributes =
        Map.of("pooled_shape", new long[] {2, 2}, "spatial_scale", 0.5f);
    // From pixel 1, 0 to 3, 3, halves rounded away from zero.
    double[] y = pooled(pooling("MaxRoiPool", 13, attributes, 0, 1, 0, 6, 5));
    assertArrayEquals(new double[] {6, 7, 14, 15}, y);
    double[] outside = pooled(pooling("MaxRoiPool", 22, attributes, 0, 20, 20, 30, 30));
    assertArrayEquals(new double[4], outside);
  }

  @Test
  void countsNgramsWithGaps() {
    GraphBuilder graph =
        new GraphBuilder(9)
            .input("x", ElementType.INT64, 2, 4)
            .node(
                "TfIdfVectorizer",
                List.of("x"),
                List.of("y"),
                Map.of(
                    "mode",
                    "TFIDF",
                    "min_gram_length",
                    1,
                    "max_gram_length",
                    2,
                    "max_skip_count",
                    1,
                    "ngram_counts",
                    new long[] {0, 2},
                    "ngram_indexes",
                    new long[] {2, 0, 1},
                    "pool_int64s",
                    new long[] {7, 8, 7, 8},
                    "weights",
                    new float[] {1, 10, 100}))
            .output("y");
    Tensor x = Tensor.of(new long[] {7, 8, 8, 7, 1, 7, 2, 8}, 2, 4);
    // Of 8, of (7, 8) next to each other and with one between, and of 7.
    assertArrayEquals(
        new double[] {2, 20, 200, 1, 10, 100}, doubles(BothEngines.tensor(graph, Map.of("x", x))));
  }
}
