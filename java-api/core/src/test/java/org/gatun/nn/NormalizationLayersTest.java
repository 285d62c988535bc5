package org.gatun.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalDouble;
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

  @Test
  void vectorsSignalsAndVolumesAreNormalizedByChannels() {
    here(
        () -> {
          float[] values = {1, 3, 10, 30};
          try (BatchNorm1d vectors = new BatchNorm1d(2);
              BatchNorm3d volumes = new BatchNorm3d(2);
              InstanceNorm1d signals = new InstanceNorm1d(2);
              InstanceNorm3d volume = new InstanceNorm3d(2);
              Tensor x = Tensor.of(new float[] {1, 10, 3, 30}, 2, 2);
              Tensor y = vectors.forward(x);
              Tensor signal = Tensor.of(values, 1, 2, 2);
              Tensor ofSignal = vectors.forward(signal);
              Tensor space = Tensor.of(values, 1, 2, 1, 1, 2);
              Tensor ofSpace = volumes.forward(space);
              Tensor member = signals.forward(signal);
              Tensor alone = volume.forward(space.squeeze(0))) {
            assertArrayEquals(new float[] {-1, -1, 1, 1}, y.toFloatArray(), EXACT);
            for (Tensor normal : List.of(ofSignal, ofSpace, member, alone)) {
              assertArrayEquals(new float[] {-1, 1, -1, 1}, normal.toFloatArray(), EXACT);
            }
            assertEquals(Shape.of(2, 1, 1, 2), alone.shape());
            refuses(
                "batch_norm1d: input has shape [1, 2, 1, 1, 2], expected (N, C) or (N, C, L)",
                () -> vectors.forward(space));
            refuses(
                "instance_norm1d: input has shape [1, 2, 1, 1, 2], expected (N, C, L) or (C, L)",
                () -> signals.forward(space));
          }
        });
  }

  @Test
  void numbersOfOptionsAreFinite() {
    refuses(
        "norm options: momentum NaN, expected a finite number",
        () -> NormOptions.BATCH.withMomentum(Double.NaN));
    refuses(
        "norm options: eps Infinity, expected a finite number",
        () -> NormOptions.BATCH.withEps(Double.POSITIVE_INFINITY));
  }

  @Test
  void rootMeanSquareNormScales() {
    here(
        () -> {
          Tensor weight = Tensor.of(new float[] {1, 10}, 2);
          try (RmsNorm norm = new RmsNorm(new long[] {2}, weight, OptionalDouble.of(0));
              RmsNorm plain = new RmsNorm(2);
              Tensor x = Tensor.of(new float[] {1, 7, 0, 0}, 2, 2);
              Tensor y = norm.forward(x.slice(0, 0, 1));
              Tensor z = plain.forward(x)) {
            // The mean square of 1 and 7 is 25.
            assertArrayEquals(new float[] {0.2f, 14}, y.toFloatArray(), EXACT);
            // The dtype's epsilon keeps zeros zeros.
            assertArrayEquals(new float[] {0.2f, 1.4f, 0, 0}, z.toFloatArray(), EXACT);
          }
        });
  }

  @Test
  void localResponseNormDividesByTheNeighbours() {
    here(
        () -> {
          try (LocalResponseNorm norm = new LocalResponseNorm(2, 2, 1, 1);
              Tensor x = Tensor.of(new float[] {1, 2, 3}, 1, 3, 1);
              Tensor y = norm.forward(x)) {
            // Windows of the channel before and the channel: 1 + 1, 1 + 5, 1 + 13.
            assertArrayEquals(new float[] {1 / 2f, 2 / 6f, 3 / 14f}, y.toFloatArray(), EXACT);
          }
        });
  }

  @Test
  void deepNormNormalizesTheWeightedSum() {
    here(
        () -> {
          Layer same = Tensor::copy;
          try (DeepNorm norm = new DeepNorm(same, 3, 2);
              Tensor x = Tensor.of(new float[] {1, 3, 10, 30}, 2, 2);
              Tensor y = norm.forward(x)) {
            assertArrayEquals(new float[] {-1, 1, -1, 1}, y.toFloatArray(), EXACT);
            assertEquals(List.of("weight", "bias"), List.copyOf(norm.state().keySet()));
          }
          try (DeepNorm norm = new DeepNorm(new Sequential(new LayerNorm(2)), 3, 2)) {
            assertEquals(
                List.of("weight", "bias", "layer.0.weight", "layer.0.bias"),
                List.copyOf(norm.state().keySet()));
          }
        });
  }

  /** The paper's figure 2. */
  @Test
  void deepNormFactorsFollowFromTheDepth() {
    assertEquals(2, DeepNormFactors.of(8).alpha(), 1e-12);
    assertEquals(Math.pow(64, -0.25), DeepNormFactors.of(8).beta(), 1e-12);
    assertEquals(0.81 * 2, DeepNormFactors.ofEncoder(8, 16).alpha(), 1e-12);
    assertEquals(0.87 / 2, DeepNormFactors.ofEncoder(8, 16).beta(), 1e-12);
    assertEquals(3, DeepNormFactors.ofDecoder(27).alpha(), 1e-12);
    assertEquals(Math.pow(12 * 27, -0.25), DeepNormFactors.ofDecoder(27).beta(), 1e-12);
    refuses("deep_norm: layers 0, expected 1 or more", () -> DeepNormFactors.of(0));
  }

  @Test
  void dynamicTanhSquashes() {
    here(
        () -> {
          try (DyT norm = new DyT(2);
              Tensor x = Tensor.of(new float[] {1, -2, 0, 100}, 2, 2);
              Tensor y = norm.forward(x)) {
            assertArrayEquals(
                new float[] {(float) Math.tanh(0.5), (float) Math.tanh(-1), 0, 1},
                y.toFloatArray(),
                EXACT);
            assertEquals(
                List.of("alpha", "weight", "bias"), List.copyOf(norm.parameters().keySet()));
          }
        });
  }

  /** Equal shares of the statistics of 1, 3 and 10, 30; of all four; and of each channel. */
  @Test
  void switchNormMixesStatistics() {
    here(
        () -> {
          NormOptions options = NormOptions.BATCH.withEps(0);
          try (SwitchNorm norm = new SwitchNorm(2, options);
              Tensor x = images();
              Tensor y = norm.forward(x)) {
            double mean = (2 + 11 + 2) / 3.0;
            double variance = (1 + 131.5 + 1) / 3;
            assertEquals((1 - mean) / Math.sqrt(variance), y.get(0, 0, 0, 0), EXACT);
            assertArrayEquals(
                new float[] {0.2f, 2}, norm.buffers().get("running_mean").toFloatArray(), EXACT);
            assertArrayEquals(
                new float[] {1, 10.9f}, norm.buffers().get("running_var").toFloatArray(), EXACT);
            norm.eval();
            try (Tensor evaluated = norm.forward(x)) {
              double running = (2 + 11 + 0.2) / 3;
              assertEquals(
                  (1 - running) / Math.sqrt((1 + 131.5 + 1) / 3), evaluated.get(0, 0, 0, 0), EXACT);
            }
            assertEquals(
                List.of(
                    "weight", "bias", "mean_weight", "var_weight", "running_mean", "running_var"),
                List.copyOf(norm.state().keySet()));
          }
        });
  }

  @Test
  void switchNormDoesWithoutTheBatch() {
    here(
        () -> {
          try (SwitchNorm norm = SwitchNorm.withoutBatch(2);
              Tensor x = images();
              Tensor y = norm.forward(x)) {
            double deviation = Math.sqrt((1 + 131.5) / 2 + 1e-5);
            assertEquals((1 - (2 + 11) / 2.0) / deviation, y.get(0, 0, 0, 0), EXACT);
            norm.eval();
            try (Tensor same = norm.forward(x)) {
              assertArrayEquals(y.toFloatArray(), same.toFloatArray());
            }
          }
          refuses(
              "switch_norm: running statistics without a momentum, expected one",
              () -> new SwitchNorm(2, NormOptions.BATCH.withCumulativeAverage()));
        });
  }
}
