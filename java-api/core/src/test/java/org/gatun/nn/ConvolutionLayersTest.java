package org.gatun.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Ints;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Options, functions and layers of convolutions, whatever computes them. */
class ConvolutionLayersTest {
  private final Recording backend = new Recording();
  private final Engine engine = Engine.of(backend);

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

  private void refuses(String message, Runnable action) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, () -> here(action)).getMessage());
    assertTrue(backend.requests.isEmpty(), "something was planned");
  }

  private static Tensor zeros(long... shape) {
    return Tensor.zeros(DType.F32, shape);
  }

  @Test
  void optionsGiveOneNumberToAllDimensions() {
    here(
        () -> {
          ConvOptions options =
              ConvOptions.defaults().withStride(2).withPadding(1, 2).withDilation(3).withGroups(4);
          try (Tensor x = zeros(1, 8, 9, 9);
              Tensor weights = zeros(8, 2, 3, 3);
              Tensor y = Functional.conv2d(x, weights, null, options)) {
            assertEquals(Shape.of(1, 8, 3, 4), y.shape());
          }
        });
    Conv expected = new Conv(Ints.of(2, 2), Ints.of(1, 2), Ints.of(1, 2), Ints.of(3, 3), 4, false);
    assertEquals(expected, backend.requests.getFirst().op());
  }

  @Test
  void samePaddingKeepsTheSize() {
    here(
        () -> {
          ConvOptions options = ConvOptions.defaults().withSamePadding().withDilation(1, 3);
          try (Tensor x = zeros(3, 9, 9);
              Tensor weights = zeros(2, 3, 4, 3);
              Tensor y = Functional.conv2d(x, weights, null, options)) {
            assertEquals(Shape.of(2, 9, 9), y.shape());
          }
        });
    Conv op = (Conv) backend.requests.getFirst().op();
    // As PyTorch does: what is odd goes behind.
    assertEquals(Ints.of(1, 3), op.paddingBefore());
    assertEquals(Ints.of(2, 3), op.paddingAfter());
  }

  @Test
  void outputSizeIsExact() {
    here(
        () -> {
          ConvTransposeOptions options =
              ConvTransposeOptions.defaults().withStride(3).withPadding(1);
          try (Tensor x = zeros(1, 2, 5, 5);
              Tensor weights = zeros(2, 4, 3, 3);
              Tensor y =
                  Functional.convTranspose2d(x, weights, null, options.withOutputSize(14, 15))) {
            assertEquals(Shape.of(1, 4, 14, 15), y.shape());
          }
        });
    ConvTranspose op = (ConvTranspose) backend.requests.getFirst().op();
    assertEquals(Ints.of(1, 2), op.outputPadding());
  }

  @Test
  void optionsRefuseWhatDoesNotFit() {
    ConvOptions defaults = ConvOptions.defaults();
    ConvTransposeOptions transposed = ConvTransposeOptions.defaults().withStride(2);
    refuses(
        "conv2d: padding same with stride [2, 2], expected stride 1",
        () -> conv2d(defaults.withSamePadding().withStride(2)));
    refuses(
        "conv2d: stride [1, 2, 3], expected 1 or 2 numbers",
        () -> conv2d(defaults.withStride(1, 2, 3)));
    refuses("conv2d: groups -1, expected 1 or more", () -> conv2d(defaults.withGroups(-1)));
    refuses(
        "conv2d: padding same is 4294967294 for kernel 3 and dilation 2147483647, expected at most"
            + " 2147483647",
        () -> conv2d(defaults.withSamePadding().withDilation(Integer.MAX_VALUE)));
    refuses(
        "conv_transpose2d: output size 12 in [12] for input of shape [1, 3, 5, 5], expected 10 to"
            + " 11",
        () -> convTranspose2d(transposed.withOutputSize(12)));
    refuses(
        "conv_transpose2d: output size [10, 10, 10], expected 1 or 2 numbers",
        () -> convTranspose2d(transposed.withOutputSize(10, 10, 10)));
    refuses(
        "conv1d: weights have shape [3, 3, 2, 2], expected 3 dimensions",
        () -> {
          try (Tensor x = zeros(1, 3, 5, 5);
              Tensor weights = zeros(3, 3, 2, 2)) {
            Functional.conv1d(x, weights, null, defaults);
          }
        });
  }

  private static void conv2d(ConvOptions options) {
    try (Tensor x = zeros(1, 3, 5, 5);
        Tensor weights = zeros(3, 3, 3, 3)) {
      Functional.conv2d(x, weights, null, options);
    }
  }

  private static void convTranspose2d(ConvTransposeOptions options) {
    try (Tensor x = zeros(1, 3, 5, 5);
        Tensor weights = zeros(3, 3, 2, 2)) {
      Functional.convTranspose2d(x, weights, null, options);
    }
  }

  @Test
  void closedTensorsAreRefused() {
    here(
        () -> {
          Tensor weights = zeros(3, 3, 3, 3);
          Tensor x = zeros(1, 3, 5, 5);
          x.close();
          IllegalStateException closed =
              assertThrows(
                  IllegalStateException.class,
                  () -> Functional.conv2d(x, weights, null, ConvOptions.defaults()));
          assertTrue(closed.getMessage().startsWith("conv2d: input 0, "), closed.getMessage());
          weights.close();
        });
  }

  @Test
  void layersDrawPyTorchsParameters() {
    here(
        () -> {
          ConvOptions options = ConvOptions.defaults().withGroups(2);
          try (Conv2d layer = new Conv2d(8, 6, 3, options, 42);
              Conv2d same = new Conv2d(8, 6, 3, options, 42);
              Conv2d other = new Conv2d(8, 6, 3, options, 43)) {
            assertEquals(List.of("weight", "bias"), List.copyOf(layer.parameters().keySet()));
            Tensor weight = layer.parameters().get("weight");
            Tensor bias = layer.parameters().get("bias");
            assertNotNull(weight);
            assertNotNull(bias);
            assertEquals(Shape.of(6, 4, 3, 3), weight.shape());
            assertEquals(Shape.of(6), bias.shape());
            assertArrayEquals(weight.toFloatArray(), floats(same, "weight"));
            assertFalse(Arrays.equals(weight.toFloatArray(), floats(other, "weight")));
            // Uniform up to 1 / sqrt(4 * 3 * 3): of 216 numbers some come close, none beyond.
            float most = 0;
            for (float value : weight.toFloatArray()) {
              most = Math.max(most, Math.abs(value));
            }
            assertTrue(most <= 1 / 6.0 && most > 0.15, "largest weight " + most);
          }
        });
  }

  @Test
  void layersOfEachRankHaveKernelsOfTheirOwn() {
    here(
        () -> {
          ConvOptions options = ConvOptions.defaults();
          ConvTransposeOptions transpose = ConvTransposeOptions.defaults();
          hasWeight(Shape.of(4, 3, 5), new Conv1d(3, 4, 5, options, 1));
          hasWeight(Shape.of(4, 3, 5, 5), new Conv2d(3, 4, 5, options, 1));
          hasWeight(Shape.of(4, 3, 5, 2), new Conv2d(3, 4, Ints.of(5, 2), options, 1));
          hasWeight(Shape.of(4, 3, 2, 2, 2), new Conv3d(3, 4, 2, options, 1));
          hasWeight(Shape.of(4, 3, 2, 3, 1), new Conv3d(3, 4, Ints.of(2, 3, 1), options, 1));
          hasWeight(Shape.of(3, 4, 5), new ConvTranspose1d(3, 4, 5, transpose, 1));
          hasWeight(Shape.of(3, 4, 5, 2), new ConvTranspose2d(3, 4, Ints.of(5, 2), transpose, 1));
          hasWeight(Shape.of(3, 4, 2, 2, 2), new ConvTranspose3d(3, 4, 2, transpose, 1));
          assertEquals(
              "conv2d: kernel [1, 2, 3], expected 1 or 2 numbers",
              assertThrows(
                      IllegalArgumentException.class,
                      () -> new Conv2d(3, 4, Ints.of(1, 2, 3), options, 1))
                  .getMessage());
        });
  }

  private static void hasWeight(Shape expected, Layer layer) {
    try (layer) {
      Tensor weight = layer.parameters().get("weight");
      assertNotNull(weight);
      assertEquals(expected, weight.shape());
    }
  }

  private static float[] floats(Layer layer, String name) {
    Tensor parameter = layer.parameters().get(name);
    assertNotNull(parameter);
    return parameter.toFloatArray();
  }

  @Test
  void layersWithoutBiasHaveNone() {
    here(
        () -> {
          try (Conv2d conv = Conv2d.withoutBias(3, 4, 3, ConvOptions.defaults(), 1);
              ConvTranspose2d transposed =
                  ConvTranspose2d.withoutBias(3, 4, 2, ConvTransposeOptions.defaults(), 1)) {
            assertEquals(List.of("weight"), List.copyOf(conv.parameters().keySet()));
            assertNull(transposed.parameters().get("bias"));
            Tensor weight = transposed.parameters().get("weight");
            assertNotNull(weight);
            assertEquals(Shape.of(3, 4, 2, 2), weight.shape());
          }
        });
  }

  @Test
  void layersPackTheirParametersOnce() {
    here(
        () -> {
          try (Conv2d layer = new Conv2d(3, 4, 3, ConvOptions.defaults(), 1);
              Tensor x = zeros(1, 3, 8, 8)) {
            for (int i = 0; i < 3; i++) {
              layer.forward(x).close();
            }
          }
        });
    assertEquals(1, backend.requests.size());
    assertNull(backend.requests.getFirst().constant(0));
    assertNotNull(backend.requests.getFirst().constant(1));
    assertNotNull(backend.requests.getFirst().constant(2));
  }

  @Test
  void transposedLayersTakeAnOutputSize() {
    here(
        () -> {
          ConvTransposeOptions options = ConvTransposeOptions.defaults().withStride(2);
          try (ConvTranspose2d layer = new ConvTranspose2d(3, 4, 2, options, 1);
              Tensor x = zeros(2, 3, 5, 5);
              Tensor y = layer.forward(x);
              Tensor larger = layer.forward(x, 11, 10)) {
            assertEquals(Shape.of(2, 4, 10, 10), y.shape());
            assertEquals(Shape.of(2, 4, 11, 10), larger.shape());
          }
        });
  }

  @Test
  void layersRefuseBadNumbers() {
    ConvOptions options = ConvOptions.defaults().withGroups(3);
    refuses(
        "conv2d: input channels 4 with groups 3, expected a multiple of the groups",
        () -> new Conv2d(4, 3, 3, options, 1).close());
    refuses(
        "conv2d: output channels 0, expected 1 or more",
        () -> new Conv2d(3, 0, 3, options, 1).close());
    refuses(
        "conv_transpose2d: kernel 0, expected 1 or more",
        () -> new ConvTranspose2d(3, 3, 0, ConvTransposeOptions.defaults(), 1).close());
  }

  @Test
  void closedLayersSaySo() {
    here(
        () -> {
          Conv2d layer = new Conv2d(3, 4, 3, ConvOptions.defaults(), 1);
          Tensor weight = layer.parameters().get("weight");
          assertNotNull(weight);
          try (Tensor x = zeros(1, 3, 8, 8)) {
            layer.forward(x).close();
            layer.close();
            layer.close();
            assertTrue(weight.isClosed());
            IllegalStateException closed =
                assertThrows(IllegalStateException.class, () -> layer.forward(x));
            assertEquals("conv2d: the layer is closed", closed.getMessage());
          }
        });
  }
}
