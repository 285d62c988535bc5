package org.gatun.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Consumer;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Tensor;
import org.gatun.nn.Initialize.Fan;
import org.gatun.nn.Initialize.Gain;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Initial values: their deviation and their bounds. */
class InitializeTest {
  private final Engine engine = Engine.of(new JavaKernels());
  private final Generator generator = new Generator(2);

  @AfterEach
  void close() {
    engine.close();
  }

  /** Fills a weight of 50 outputs, 20 inputs and a kernel of 9, and looks at its numbers. */
  private void filled(Consumer<Tensor> fill, double deviation, double bound) {
    boolean unused =
        engine.with(
            () -> {
              try (Tensor weight = Tensor.zeros(DType.F64, 50, 20, 3, 3)) {
                fill.accept(weight);
                double[] values = weight.toDoubleArray();
                double mean = Arrays.stream(values).average().orElseThrow();
                double square = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
                assertEquals(0, mean, 0.05 * deviation);
                assertEquals(deviation, Math.sqrt(square), 0.03 * deviation);
                double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
                assertTrue(largest <= bound, () -> largest + " beyond " + bound);
              }
              return true;
            });
  }

  @Test
  void kaiming() {
    double std = Math.sqrt(2.0 / 180);
    filled(
        w -> Initialize.kaimingUniform(w, Fan.IN, Gain.RELU, generator), std, Math.sqrt(3) * std);
    double out = Math.sqrt(2 / 1.25 / 450);
    filled(w -> Initialize.kaimingNormal(w, Fan.OUT, Gain.leakyRelu(0.5), generator), out, 6 * out);
  }

  @Test
  void xavier() {
    double std = Math.sqrt(2.0 / (180 + 450));
    filled(w -> Initialize.xavierUniform(w, Gain.LINEAR, generator), std, Math.sqrt(3) * std);
    double tanh = 5.0 / 3 * std;
    filled(w -> Initialize.xavierNormal(w, Gain.TANH, generator), tanh, 6 * tanh);
  }

  @Test
  void truncatedNormal() {
    // The variance of a standard normal number within one deviation is 1 - 2 phi(1) / 0.6827.
    filled(w -> Initialize.truncNormal(w, 0, 1, -1, 1, generator), Math.sqrt(0.2911), 1);
  }

  @Test
  void returnsTheTensorItFilled() {
    boolean unused =
        engine.with(
            () -> {
              try (Tensor weight = Tensor.zeros(DType.F32, 3, 2)) {
                assertSame(weight, Initialize.xavierNormal(weight, Gain.SELU, generator));
              }
              return true;
            });
  }

  @Test
  void aVectorHasNoFans() {
    try (Tensor bias = Tensor.zeros(DType.F32, 3)) {
      assertEquals(
          "xavier_uniform: weight of shape [3], expected 2 dimensions or more",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Initialize.xavierUniform(bias, Gain.LINEAR, generator))
              .getMessage());
    }
  }
}
