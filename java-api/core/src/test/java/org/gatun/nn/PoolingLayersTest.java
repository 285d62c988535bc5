package org.gatun.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;
import org.gatun.op.MaxPool;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The layers and the functions that pool. */
class PoolingLayersTest {
  private final Engine engine = Engine.of(new JavaKernels());

  @AfterEach
  void close() {
    engine.close();
  }

  private void here(Runnable action) {
    boolean unused =
        engine.with(
            () -> {
              action.run();
              return true;
            });
  }

  private static Tensor counted() {
    float[] values = new float[16];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return Tensor.of(values, 1, 1, 4, 4);
  }

  @Test
  void theLargestOfEachWindow() {
    here(
        () -> {
          try (MaxPool2d pool = new MaxPool2d(2);
              Tensor x = counted();
              Tensor y = pool.forward(x)) {
            assertArrayEquals(new float[] {5, 7, 13, 15}, y.toFloatArray());
          }
        });
  }

  @Test
  void theMeanOfEachWindowCountsThePadding() {
    here(
        () -> {
          try (AvgPool2d pool = new AvgPool2d(2, 2, 1);
              Tensor x = counted();
              Tensor y = pool.forward(x)) {
            assertEquals(Shape.of(1, 1, 3, 3), y.shape());
            assertEquals(0.75, y.get(0, 0, 0, 1));
            assertEquals(7.5, y.get(0, 0, 1, 1));
          }
        });
  }

  @Test
  void adaptiveWindowsOverlap() {
    here(
        () -> {
          try (AdaptiveAvgPool2d pool = new AdaptiveAvgPool2d(1, 3);
              Tensor x = counted();
              Tensor y = pool.forward(x)) {
            assertArrayEquals(new float[] {6.5f, 7.5f, 8.5f}, y.toFloatArray());
          }
        });
  }

  @Test
  void notANumberIsTheLargest() {
    here(
        () -> {
          try (Tensor x = Tensor.of(new float[] {1, Float.NaN, 2, 3, 4, 5}, 1, 1, 6);
              Tensor y = Functional.maxPool1d(x, 3)) {
            assertTrue(Double.isNaN(y.get(0, 0, 0)));
            assertEquals(5, y.get(0, 0, 1));
          }
        });
  }

  @Test
  void indicesAreThoseOfTheFirstOfEquals() {
    here(
        () -> {
          MaxPool op = MaxPool.of(2, 2).withIndices();
          try (Tensor x = Tensor.of(new float[] {1, 1, 7, 8, 1, 1, 9, 9}, 1, 2, 4)) {
            List<Tensor> outputs = Engine.current().runAll(op, x);
            assertArrayEquals(new float[] {1, 9}, outputs.getFirst().toFloatArray());
            assertArrayEquals(new long[] {0, 6}, outputs.getLast().toLongArray());
            outputs.forEach(Tensor::close);
          }
        });
  }

  @Test
  void theFunctionsOfEachRankGiveTheirShapes() {
    here(
        () -> {
          try (Tensor signal = Tensor.zeros(DType.F32, 2, 3, 12);
              Tensor image = Tensor.zeros(DType.F32, 2, 3, 12, 8);
              Tensor volume = Tensor.zeros(DType.F32, 2, 3, 12, 8, 6)) {
            check(Shape.of(2, 3, 6), Functional.maxPool1d(signal, 3, 2, 1));
            check(Shape.of(2, 3, 6, 4), Functional.maxPool2d(image, 3, 2, 1));
            check(Shape.of(2, 3, 6, 4, 3), Functional.maxPool3d(volume, 3, 2, 1));
            check(Shape.of(2, 3, 6), Functional.avgPool1d(signal, 2));
            check(Shape.of(2, 3, 6, 4), Functional.avgPool2d(image, 2));
            check(Shape.of(2, 3, 6, 4, 3), Functional.avgPool3d(volume, 2));
            check(Shape.of(2, 3, 5), Functional.adaptiveAvgPool1d(signal, 5));
            check(Shape.of(2, 3, 5, 8), Functional.adaptiveAvgPool2d(image, 5, -1));
            check(Shape.of(2, 3, 1, 2, 3), Functional.adaptiveAvgPool3d(volume, 1, 2, 3));
          }
        });
  }

  @Test
  void theLayersOfEachRankGiveTheirShapes() {
    here(
        () -> {
          try (Tensor signal = Tensor.zeros(DType.F32, 2, 3, 12);
              Tensor image = Tensor.zeros(DType.F32, 2, 3, 12, 8);
              Tensor volume = Tensor.zeros(DType.F32, 2, 3, 12, 8, 6)) {
            check(Shape.of(2, 3, 6), new MaxPool1d(3, 2, 1), signal);
            check(Shape.of(2, 3, 6, 4), new MaxPool2d(3, 2, 1), image);
            check(Shape.of(2, 3, 6, 4, 3), new MaxPool3d(3, 2, 1), volume);
            check(Shape.of(2, 3, 6), new AvgPool1d(2), signal);
            check(Shape.of(2, 3, 6, 4), new AvgPool2d(2), image);
            check(Shape.of(2, 3, 6, 4, 3), new AvgPool3d(2), volume);
            check(Shape.of(2, 3, 4), new LpPool1d(2, 3), signal);
            check(Shape.of(2, 3, 4, 2), new LpPool2d(2, 3), image);
            check(Shape.of(2, 3, 4, 2, 2), new LpPool3d(2, 3), volume);
            check(Shape.of(2, 3, 5), new AdaptiveAvgPool1d(5), signal);
            check(Shape.of(2, 3, 5, 8), new AdaptiveAvgPool2d(5, -1), image);
            check(Shape.of(2, 3, 1, 2, 3), new AdaptiveAvgPool3d(1, 2, 3), volume);
            check(Shape.of(2, 3, 5), new AdaptiveMaxPool1d(5), signal);
            check(Shape.of(2, 3, 5, 8), new AdaptiveMaxPool2d(5, -1), image);
            check(Shape.of(2, 3, 1, 2, 3), new AdaptiveMaxPool3d(1, 2, 3), volume);
          }
        });
  }

  private static void check(Shape expected, Layer layer, Tensor x) {
    try (layer) {
      check(expected, layer.forward(x));
    }
  }

  @Test
  void unpoolingPutsTheLargestBack() {
    here(
        () -> {
          try (MaxPool2d pool = new MaxPool2d(2);
              Tensor x = counted();
              ValuesAndIndices pooled = pool.forwardWithIndices(x);
              Tensor y = new MaxUnpool2d(2).forward(pooled.values(), pooled.indices())) {
            assertArrayEquals(
                new float[] {0, 0, 0, 0, 0, 5, 0, 7, 0, 0, 0, 0, 0, 13, 0, 15}, y.toFloatArray());
          }
        });
  }

  @Test
  void unpoolingGivesTheSizeAskedForWithinAStride() {
    here(
        () -> {
          MaxUnpool1d unpool = new MaxUnpool1d(2);
          try (Tensor values = Tensor.of(new float[] {2, 4}, 1, 1, 2);
              Tensor indices = Tensor.of(new long[] {1, 3}, 1, 1, 2);
              Tensor y = unpool.forward(values, indices, 5)) {
            assertArrayEquals(new float[] {0, 2, 0, 4, 0}, y.toFloatArray());
            assertEquals(
                "max_unpool1d: output size 6 in [6], expected more than 2 and less than 6",
                assertThrows(
                        IllegalArgumentException.class, () -> unpool.forward(values, indices, 6))
                    .getMessage());
            assertEquals(
                "max_unpool1d: index 3, expected 0 or more and less than 3, the positions of a"
                    + " channel of the result",
                assertThrows(
                        IllegalArgumentException.class, () -> unpool.forward(values, indices, 3))
                    .getMessage());
          }
        });
  }

  @Test
  void theNormOfEachWindow() {
    here(
        () -> {
          try (Tensor x = Tensor.of(new float[] {3, -4, 5, 12}, 1, 1, 4);
              Tensor y = Functional.lpPool1d(x, 2, 2)) {
            assertArrayEquals(new float[] {5, 13}, y.toFloatArray());
          }
        });
  }

  @Test
  void adaptiveMaximaTellWhereTheyStood() {
    here(
        () -> {
          try (Tensor x = Tensor.of(new float[] {3, 9, 5, 12, 1}, 1, 1, 5);
              ValuesAndIndices y = new AdaptiveMaxPool1d(2).forwardWithIndices(x)) {
            assertArrayEquals(new float[] {9, 12}, y.values().toFloatArray());
            assertArrayEquals(new long[] {1, 3}, y.indices().toLongArray());
          }
        });
  }

  private static void check(Shape expected, Tensor y) {
    assertEquals(expected, y.shape());
    y.close();
  }

  @Test
  void layersRefuseOtherOperators() {
    assertEquals(
        "max_pool1d: sizes [3], expected 2 for this layer",
        assertThrows(IllegalArgumentException.class, () -> new MaxPool2d(MaxPool.of(3)))
            .getMessage());
    assertEquals(
        "max_pool2d: indices asked for, expected none; forwardWithIndices returns them",
        assertThrows(
                IllegalArgumentException.class, () -> new MaxPool2d(MaxPool.of(3, 3).withIndices()))
            .getMessage());
  }
}
