package org.gatun.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The layers that normalize: their modes, and what training leaves behind. */
class NormalizationLayersTest {
  private static final float EXACT = 1e-5f;

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

  private static void refuses(String message, Runnable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
  }

  /** Two channels of two values each: means 2 and 20, variances 1 and 100, unbiased 2 and 200. */
  private static Tensor images() {
    return Tensor.of(new float[] {1, 3, 10, 30}, 1, 2, 1, 2);
  }

  @Test
  void trainingNormalizesByTheBatchAndUpdatesTheRunningStatistics() {
    here(
        () -> {
          try (BatchNorm2d norm = new BatchNorm2d(2);
              Tensor x = images();
              Tensor y = norm.forward(x)) {
            assertArrayEquals(new float[] {-1, 1, -1, 1}, y.toFloatArray(), EXACT);
            assertArrayEquals(
                new float[] {0.2f, 2}, norm.buffers().get("running_mean").toFloatArray(), EXACT);
            assertArrayEquals(
                new float[] {1.1f, 20.9f}, norm.buffers().get("running_var").toFloatArray(), EXACT);
            assertEquals(1, norm.numBatchesTracked());
          }
        });
  }

  @Test
  void evaluationNormalizesByTheRunningStatisticsAndLeavesThem() {
    here(
        () -> {
          Tensor mean = Tensor.of(new float[] {1, 10}, 2);
          Tensor variance = Tensor.of(new float[] {4, 25}, 2);
          NormOptions options = NormOptions.BATCH.withEps(0);
          try (BatchNorm2d norm = new BatchNorm2d(null, null, mean, variance, options);
              Tensor x = images()) {
            norm.eval();
            try (Tensor y = norm.forward(x)) {
              assertArrayEquals(new float[] {0, 1, 0, 4}, y.toFloatArray(), EXACT);
            }
            assertArrayEquals(new float[] {1, 10}, mean.toFloatArray());
            assertEquals(0, norm.numBatchesTracked());
            norm.train();
            try (Tensor y = norm.forward(x)) {
              assertArrayEquals(new float[] {-1, 1, -1, 1}, y.toFloatArray(), EXACT);
            }
          }
        });
  }

  @Test
  void withoutMomentumTheRunningStatisticsAreTheMeanOfAllBatches() {
    here(
        () -> {
          try (BatchNorm2d norm = new BatchNorm2d(2, NormOptions.BATCH.withCumulativeAverage());
              Tensor x = images();
              Tensor other = Tensor.of(new float[] {5, 9, 0, 0}, 1, 2, 1, 2)) {
            norm.forward(x).close();
            norm.forward(other).close();
            assertArrayEquals(
                new float[] {4.5f, 10}, norm.buffers().get("running_mean").toFloatArray(), EXACT);
            assertArrayEquals(
                new float[] {5, 100}, norm.buffers().get("running_var").toFloatArray(), EXACT);
            assertEquals(2, norm.numBatchesTracked());
          }
        });
  }

  @Test
  void withoutRunningStatisticsEvaluationIsByTheBatch() {
    here(
        () -> {
          try (BatchNorm2d norm = new BatchNorm2d(2, NormOptions.BATCH.withRunningStats(false));
              Tensor x = images()) {
            norm.eval();
            try (Tensor y = norm.forward(x)) {
              assertArrayEquals(new float[] {-1, 1, -1, 1}, y.toFloatArray(), EXACT);
            }
            assertEquals(0, norm.buffers().size());
            assertEquals(0, norm.numBatchesTracked());
          }
        });
  }

  @Test
  void anEmptyBatchLeavesTheRunningStatistics() {
    here(
        () -> {
          try (BatchNorm2d norm = new BatchNorm2d(2);
              Tensor x = Tensor.zeros(DType.F32, 0, 2, 3, 3);
              Tensor y = norm.forward(x)) {
            assertEquals(x.shape(), y.shape());
            assertArrayEquals(
                new float[] {0, 0}, norm.buffers().get("running_mean").toFloatArray());
            assertArrayEquals(new float[] {1, 1}, norm.buffers().get("running_var").toFloatArray());
          }
        });
  }

  @Test
  void aRefusedBatchLeavesTheRunningStatistics() {
    here(
        () -> {
          try (BatchNorm2d norm = new BatchNorm2d(2);
              Tensor one = Tensor.zeros(DType.F32, 1, 2, 1, 1);
              Tensor flat = Tensor.zeros(DType.F32, 4, 2)) {
            refuses(
                "batch_norm: input of shape [1, 2, 1, 1] has one value for each channel, expected"
                    + " more for training",
                () -> norm.forward(one));
            refuses(
                "batch_norm2d: input has shape [4, 2], expected (N, C, H, W)",
                () -> norm.forward(flat));
            assertEquals(0, norm.numBatchesTracked());
          }
        });
  }

  @Test
  void instancesAreNormalizedByThemselves() {
    here(
        () -> {
          NormOptions options = NormOptions.INSTANCE.withRunningStats(true);
          try (InstanceNorm2d norm = new InstanceNorm2d(1, options);
              Tensor x = Tensor.of(new float[] {1, 3, 10, 30}, 2, 1, 1, 2);
              Tensor y = norm.forward(x)) {
            assertArrayEquals(new float[] {-1, 1, -1, 1}, y.toFloatArray(), EXACT);
            assertArrayEquals(
                new float[] {1.1f}, norm.buffers().get("running_mean").toFloatArray(), EXACT);
            assertArrayEquals(
                new float[] {11}, norm.buffers().get("running_var").toFloatArray(), EXACT);
            norm.eval();
            try (Tensor evaluated = norm.forward(x)) {
              assertEquals((1 - 1.1) / Math.sqrt(11), evaluated.get(0, 0, 0, 0), EXACT);
            }
          }
        });
  }

  @Test
  void anImageWithoutABatchIsNormalized() {
    here(
        () -> {
          try (InstanceNorm2d norm = new InstanceNorm2d(2);
              Tensor x = Tensor.of(new float[] {1, 3, 10, 30}, 2, 1, 2);
              Tensor y = norm.forward(x)) {
            assertEquals(Shape.of(2, 1, 2), y.shape());
            assertArrayEquals(new float[] {-1, 1, -1, 1}, y.toFloatArray(), EXACT);
          }
        });
  }

  @Test
  void layerAndGroupNormApplyTheirParameters() {
    here(
        () -> {
          Tensor weight = Tensor.of(new float[] {2, 3}, 2);
          Tensor bias = Tensor.of(new float[] {10, 20}, 2);
          try (LayerNorm norm = new LayerNorm(new long[] {2}, weight, bias, 0);
              GroupNorm group = new GroupNorm(1, 2);
              Tensor x = Tensor.of(new float[] {1, 3, 10, 30}, 2, 2);
              Tensor y = norm.forward(x);
              Tensor z = group.forward(x)) {
            assertArrayEquals(new float[] {8, 23, 8, 23}, y.toFloatArray(), EXACT);
            assertArrayEquals(new float[] {-1, 1, -1, 1}, z.toFloatArray(), EXACT);
            assertEquals(List.of("weight", "bias"), List.copyOf(norm.parameters().keySet()));
          }
        });
  }

  @Test
  void layersRefuseSizesOutOfRange() {
    here(
        () -> {
          refuses("batch_norm2d: channels 0, expected 1 or more", () -> new BatchNorm2d(0));
          refuses(
              "group_norm: channels 5 with groups 2, expected a multiple of the groups",
              () -> new GroupNorm(2, 5));
        });
  }

  @Test
  void functionsRefuseHalfTheStatistics() {
    here(
        () -> {
          try (Tensor x = images();
              Tensor mean = Tensor.zeros(DType.F32, 2)) {
            refuses(
                "batch_norm: running mean without running variance, expected both or none",
                () -> Functional.batchNorm(x, mean, null, null, null, true, 0.1, 1e-5));
          }
        });
  }

  @Test
  void aClosedLayerRefuses() {
    here(
        () -> {
          BatchNorm2d norm = new BatchNorm2d(2);
          norm.close();
          norm.close();
          try (Tensor x = images()) {
            assertThrows(IllegalStateException.class, () -> norm.forward(x));
          }
        });
  }

  @Test
  void aMeanFarFromZeroCostsNoDigits() {
    here(
        () -> {
          float[] values = new float[20_000];
          for (int i = 0; i < values.length; i++) {
            values[i] = 10_000 + (i % 2 == 0 ? 1 : -1);
          }
          try (Tensor x = Tensor.of(values, 1, 1, 100, 200);
              Tensor y = Functional.batchNorm(x, null, null, null, null, true, 0.1, 0)) {
            assertEquals(1, y.get(0, 0, 0, 0), EXACT);
            assertEquals(-1, y.get(0, 0, 99, 199), EXACT);
          }
        });
  }
}
