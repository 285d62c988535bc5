package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Tensor;
import org.gatun.nn.Conv1d;
import org.gatun.nn.Conv2d;
import org.gatun.nn.Conv3d;
import org.gatun.nn.ConvOptions;
import org.gatun.nn.Functional;
import org.gatun.nn.Layer;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.Pad;
import org.gatun.op.PadMode;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Convolutions whose padding is not zeros. */
class PaddingModeTest {
  private static void here(Runnable action) {
    boolean unused =
        Engines.NATIVE.with(
            () -> {
              action.run();
              return true;
            });
  }

  /** A kernel that shifts shows what was put around. */
  @ParameterizedTest
  @CsvSource({"CONSTANT, 0, 0", "REFLECT, 3, 2", "REPLICATE, 1, 1", "CIRCULAR, 3, 4"})
  void whatIsPutBefore(PadMode mode, float first, float second) {
    here(
        () -> {
          ConvOptions options =
              ConvOptions.defaults().withPadding(Ints.of(2), Ints.of(0)).withPaddingMode(mode);
          try (Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 4);
              Tensor shift = Tensor.of(new float[] {1, 0, 0}, 1, 1, 3);
              Tensor y = Functional.conv1d(x, shift, null, options)) {
            assertArrayEquals(new float[] {first, second, 1, 2}, y.toFloatArray());
          }
        });
  }

  @Test
  void samePaddingIsPaddedToo() {
    here(
        () -> {
          ConvOptions options =
              ConvOptions.defaults().withSamePadding().withPaddingMode(PadMode.CIRCULAR);
          try (Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 4);
              Tensor pair = Tensor.of(new float[] {1, 10}, 1, 1, 2);
              Tensor y = Functional.conv1d(x, pair, null, options)) {
            assertArrayEquals(new float[] {21, 32, 43, 14}, y.toFloatArray());
          }
        });
  }

  @ParameterizedTest
  @EnumSource(PadMode.class)
  void layersPadInEveryDimension(PadMode mode) {
    here(
        () -> {
          ConvOptions options = ConvOptions.defaults().withPadding(1).withPaddingMode(mode);
          agrees(mode, new Conv1d(3, 4, 3, options, 1), 2, 3, 5);
          agrees(mode, new Conv1d(3, 4, 3, options, 1), 3, 5);
          agrees(mode, new Conv2d(3, 4, 3, options, 1), 2, 3, 5, 6);
          agrees(mode, new Conv2d(3, 4, 3, options, 1), 3, 5, 6);
          agrees(mode, new Conv3d(3, 4, 3, options, 1), 2, 3, 4, 5, 6);
        });
  }

  /** The layer's result is that of a convolution without padding on a padded input. */
  private static void agrees(PadMode mode, Layer layer, long... shape) {
    try (layer) {
      Tensor weight = layer.parameters().get("weight");
      Tensor bias = layer.parameters().get("bias");
      Longs one = Longs.repeat(1, weight.rank() - 2);
      try (Tensor x = new Generator(7).randn(DType.F32, shape);
          Tensor padded = Engine.current().run(new Pad(one, one, mode, 0), x);
          Tensor expected =
              switch (weight.rank()) {
                case 3 -> Functional.conv1d(padded, weight, bias, ConvOptions.defaults());
                case 4 -> Functional.conv2d(padded, weight, bias, ConvOptions.defaults());
                default -> Functional.conv3d(padded, weight, bias, ConvOptions.defaults());
              };
          Tensor actual = layer.forward(x)) {
        assertEquals(expected.shape(), actual.shape());
        assertArrayEquals(expected.toFloatArray(), actual.toFloatArray(), 1e-5f);
      }
    }
  }

  @Test
  void theConvolutionRefusesBeforeAnythingIsPadded() {
    here(
        () -> {
          ConvOptions options =
              ConvOptions.defaults().withPadding(1).withPaddingMode(PadMode.REFLECT);
          try (Conv2d layer = new Conv2d(3, 4, 3, options, 1);
              Tensor channels = Tensor.ones(DType.F32, 1, 2, 5, 5);
              Tensor vector = Tensor.ones(DType.F32, 5);
              Tensor small = Tensor.ones(DType.F32, 1, 3, 1, 5)) {
            refuses("conv2d: input of shape [1, 2, 7, 7] has 2 channels", layer, channels);
            refuses("conv2d: input has shape [5]", layer, vector);
            refuses("pad: ", layer, small);
          }
        });
  }

  private static void refuses(String message, Layer layer, Tensor x) {
    String actual =
        assertThrows(IllegalArgumentException.class, () -> layer.forward(x)).getMessage();
    assertEquals(message, actual.substring(0, Math.min(message.length(), actual.length())));
  }
}
