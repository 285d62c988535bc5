package org.gatun.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Tensor;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The layers that drop at random. */
class DropoutLayersTest {
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

  private static List<Layer> layers() {
    Generator generator = new Generator(5);
    return List.of(
        new Dropout(0.5, generator),
        new AlphaDropout(0.5, generator),
        new Dropout1d(0.5, generator),
        new Dropout2d(0.5, generator),
        new FeatureAlphaDropout(0.5, generator));
  }

  @Test
  void inEvaluationNothingIsDropped() {
    here(
        () -> {
          for (Layer layer : layers()) {
            assertTrue(layer.isTraining());
            layer.eval();
            assertFalse(layer.isTraining());
            try (Tensor x = Tensor.ones(DType.F32, 4, 5, 6);
                Tensor y = layer.forward(x)) {
              assertArrayEquals(x.toFloatArray(), y.toFloatArray());
            }
            layer.train();
            assertTrue(layer.isTraining());
          }
        });
  }

  @Test
  void inTrainingHalfIsDroppedAndTheRestScaled() {
    here(
        () -> {
          try (Tensor x = Tensor.ones(DType.F32, 100, 100);
              Tensor y = new Dropout(0.5, new Generator(3)).forward(x)) {
            int kept = 0;
            for (float value : y.toFloatArray()) {
              assertTrue(value == 0 || value == 2, () -> value + " is neither 0 nor 2");
              kept += value == 0 ? 0 : 1;
            }
            assertEquals(5000, kept, 200);
          }
        });
  }

  @Test
  void eachCallInTrainingDropsOthers() {
    here(
        () -> {
          Dropout layer = new Dropout(0.5, new Generator(3));
          try (Tensor x = Tensor.ones(DType.F32, 100);
              Tensor first = layer.forward(x);
              Tensor second = layer.forward(x);
              Tensor again = new Dropout(0.5, new Generator(3)).forward(x)) {
            assertFalse(Arrays.equals(first.toFloatArray(), second.toFloatArray()));
            assertArrayEquals(first.toFloatArray(), again.toFloatArray());
          }
        });
  }

  @Test
  void channelsAreDroppedAsAWhole() {
    here(
        () -> {
          Generator generator = new Generator(9);
          whole(new Dropout1d(0.5, generator), 20, 30, 4);
          whole(new Dropout1d(0.5, generator), 600, 4);
          whole(new Dropout2d(0.5, generator), 20, 30, 2, 2);
          whole(new Dropout2d(0.5, generator), 20, 30, 4);
          whole(new Dropout3d(0.5, generator), 20, 30, 2, 2, 1);
          whole(new Dropout3d(0.5, generator), 600, 2, 2, 1);
        });
  }

  /** Runs a layer on 600 channels of 4 elements. */
  private static void whole(Layer layer, long... shape) {
    try (Tensor x = Tensor.ones(DType.F32, shape);
        Tensor y = layer.forward(x)) {
      float[] values = y.toFloatArray();
      int kept = 0;
      for (int channel = 0; channel < 600; channel++) {
        for (int i = 1; i < 4; i++) {
          assertEquals(values[4 * channel], values[4 * channel + i]);
        }
        kept += values[4 * channel] == 2 ? 1 : 0;
      }
      assertEquals(300, kept, 50);
    }
  }

  @Test
  void alphaDropoutKeepsMeanAndVariance() {
    here(
        () -> {
          Generator generator = new Generator(11);
          try (Tensor x = generator.randn(DType.F64, 40_000);
              Tensor y = Functional.alphaDropout(x, 0.3, generator)) {
            double[] values = y.toDoubleArray();
            double mean = Arrays.stream(values).average().orElseThrow();
            double variance =
                Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
            assertEquals(0, mean, 0.03);
            assertEquals(1, variance, 0.05);
          }
        });
  }

  @Test
  void otherRanksAndProbabilitiesAreRefused() {
    here(
        () -> {
          Generator generator = new Generator(1);
          refuses("dropout: p -0.1, expected a number from 0 to 1", -0.1, 4, 4, 4);
          refuses("dropout: p NaN, expected a number from 0 to 1", Double.NaN, 4, 4, 4);
          try (Tensor x = Tensor.ones(DType.F32, 4)) {
            assertEquals(
                "dropout1d: input has shape [4], expected 2 or 3 dimensions",
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Functional.dropout1d(x, 0.5, generator))
                    .getMessage());
            assertEquals(
                "feature_alpha_dropout: input has shape [4], expected 2 dimensions or more",
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Functional.featureAlphaDropout(x, 0.5, generator))
                    .getMessage());
          }
        });
  }

  private static void refuses(String message, double p, long... shape) {
    try (Tensor x = Tensor.ones(DType.F32, shape)) {
      assertEquals(
          message,
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Functional.dropout2d(x, p, new Generator(0)))
              .getMessage());
    }
  }
}
