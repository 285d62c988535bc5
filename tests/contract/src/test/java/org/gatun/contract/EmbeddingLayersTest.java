package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Supplier;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.Bilinear;
import org.gatun.nn.Embedding;
import org.gatun.nn.EmbeddingBag;
import org.gatun.nn.EmbeddingBagOptions;
import org.gatun.nn.Functional;
import org.gatun.op.BagMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tables of vectors as layers: padding, given tables, limited norms and bags. */
class EmbeddingLayersTest {
  private final Scope scope = Scope.open();

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor table() {
    return Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 6, 8}, 4, 2);
  }

  private static Tensor indices(long... values) {
    return Tensor.of(values);
  }

  @Test
  void thePaddingsRowIsZeros() {
    try (Embedding layer = Embedding.withPadding(5, 3, -1, 42);
        Embedding plain = new Embedding(5, 3, 42)) {
      assertEquals(4L, layer.paddingIndex());
      assertArrayEquals(new float[3], layer.forward(indices(4)).toFloatArray());
      assertArrayEquals(
          plain.forward(indices(0, 3)).toFloatArray(), layer.forward(indices(0, 3)).toFloatArray());
      assertEquals(List.of("weight"), List.copyOf(layer.state().keySet()));
    }
  }

  @Test
  void givenRowsAreLookedUp() {
    try (Embedding layer = Embedding.fromPretrained(table())) {
      Tensor rows = layer.forward(Tensor.of(new int[] {2, 0, 2}, 1, 3));
      assertEquals(Shape.of(1, 3, 2), rows.shape());
      assertArrayEquals(new float[] {5, 6, 1, 2, 5, 6}, rows.toFloatArray());
    }
  }

  @Test
  void rowsThatAreTooLongAreScaledInTheTable() {
    Tensor table = table();
    Tensor rows = Functional.embedding(indices(3, 1, 3), table, 5, 2);
    assertArrayEquals(new float[] {3, 4, 3, 4, 3, 4}, rows.toFloatArray(), 1e-6f);
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 3, 4}, table.toFloatArray(), 1e-6f);
    try (Embedding layer = Embedding.fromPretrained(table(), null, 5.0, Double.POSITIVE_INFINITY)) {
      float[] row = layer.forward(indices(3)).toFloatArray();
      assertArrayEquals(new float[] {3.75f, 5}, row, 1e-6f);
    }
  }

  @Test
  void aWrongIndexLeavesTheTableAsItWas() {
    Tensor table = table();
    refuses(
        "embedding: index 4 at position 1, expected 0 or more and less than 4, the rows of the"
            + " table",
        () -> Functional.embedding(indices(3, 4), table, 1, 2));
    EmbeddingBagOptions sums = EmbeddingBagOptions.of(BagMode.SUM);
    refuses(
        "embedding_bag: index -1 at position 0, expected 0 or more and less than 4, the rows of"
            + " the table",
        () -> Functional.embeddingBag(indices(-1), table, indices(0), null, sums));
    assertArrayEquals(table().toFloatArray(), table.toFloatArray());
  }

  @Test
  void bagsOfEachMode() {
    Tensor table = table();
    Tensor indices = indices(0, 1, 3, 2, 2);
    Tensor offsets = indices(0, 3, 3);
    assertArrayEquals(
        new float[] {10, 14, 0, 0, 10, 12},
        bags(indices, table, offsets, EmbeddingBagOptions.of(BagMode.SUM)));
    assertArrayEquals(
        new float[] {10 / 3f, 14 / 3f, 0, 0, 5, 6},
        bags(indices, table, offsets, EmbeddingBagOptions.of(BagMode.MEAN)),
        1e-6f);
    assertArrayEquals(
        new float[] {6, 8, 0, 0, 5, 6},
        bags(indices, table, offsets, EmbeddingBagOptions.of(BagMode.MAX)));
    assertArrayEquals(
        new float[] {2, 3, 0, 0, 5, 6},
        bags(indices, table, offsets, EmbeddingBagOptions.of(BagMode.MEAN).withPaddingIndex(-1)));
    assertArrayEquals(
        new float[] {10, 14, 0, 0},
        bags(indices, table, offsets, EmbeddingBagOptions.of(BagMode.SUM).withEnd(true)));
    Tensor weights = Tensor.of(new float[] {1, 2, 3, 4, 5});
    assertArrayEquals(
        new float[] {25, 34, 45, 54},
        Functional.embeddingBag(
                indices, table, indices(0, 3), weights, EmbeddingBagOptions.of(BagMode.SUM))
            .toFloatArray());
  }

  private static float[] bags(
      Tensor indices, Tensor table, Tensor offsets, EmbeddingBagOptions options) {
    return Functional.embeddingBag(indices, table, offsets, null, options).toFloatArray();
  }

  @Test
  void theLayerOfBags() {
    EmbeddingBagOptions sums = EmbeddingBagOptions.of(BagMode.SUM);
    try (EmbeddingBag layer = EmbeddingBag.fromPretrained(table(), sums);
        EmbeddingBag means = new EmbeddingBag(4, 3, 42)) {
      assertArrayEquals(
          new float[] {4, 6, 11, 14},
          layer.forward(Tensor.of(new long[] {0, 1, 2, 3}, 2, 2)).toFloatArray());
      assertEquals(Shape.of(2, 3), means.forward(Tensor.of(new long[] {0, 1, 2, 3}, 2, 2)).shape());
    }
  }

  @Test
  void wrongBagsAreRefused() {
    Tensor table = table();
    EmbeddingBagOptions means = EmbeddingBagOptions.of(BagMode.MEAN);
    Tensor indices = indices(0, 1, 2);
    refuses(
        "embedding_bag: offset 1 at position 0, expected 0",
        () -> Functional.embeddingBag(indices, table, indices(1), null, means));
    refuses(
        "embedding_bag: offset 4 at position 1, expected 0 to 3",
        () -> Functional.embeddingBag(indices, table, indices(0, 4), null, means));
    refuses(
        "embedding_bag: indices have shape [3], expected (bags, size)",
        () -> Functional.embeddingBag(indices, table, null, null, means));
    refuses(
        "embedding_bag: weights for mode mean, expected sum",
        () ->
            Functional.embeddingBag(indices, table, indices(0), Tensor.ones(DType.F32, 3), means));
    refuses(
        "embedding_bag: padding 4, expected -4 or more and less than 4, the rows of the table",
        () -> Functional.embeddingBag(indices, table, indices(0), null, means.withPaddingIndex(4)));
    refuses("renorm: p 0.0, expected a number above 0", () -> Functional.renorm(table, 0, 0, 1));
  }

  @Test
  void renormLimitsSlicesOfAnyAxis() {
    Tensor columns = Functional.renorm(Tensor.of(new float[] {3, 1, 4, 1}, 2, 2), 2, 1, 1);
    assertArrayEquals(
        new float[] {0.6f, 0.70710677f, 0.8f, 0.70710677f}, columns.toFloatArray(), 1e-6f);
  }

  @Test
  void theBilinearLayer() {
    try (Bilinear layer = new Bilinear(3, 4, 5, 42)) {
      Tensor y = layer.forward(Tensor.ones(DType.F32, 2, 3), Tensor.ones(DType.F32, 2, 4));
      Tensor sums = layer.parameters().get("weight").sum(1, 2).add(layer.parameters().get("bias"));
      assertArrayEquals(sums.toFloatArray(), y.select(0, 0).toFloatArray(), 1e-5f);
      assertEquals(List.of("weight", "bias"), List.copyOf(layer.state().keySet()));
    }
  }

  private static void refuses(String message, Supplier<Tensor> call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::get).getMessage());
  }
}
