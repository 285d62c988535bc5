package org.gatun.onnx.operator;

import static org.gatun.onnx.Agreement.assertElements;
import static org.gatun.onnx.Agreement.assertSame;
import static org.gatun.onnx.SampleTensors.counting;
import static org.gatun.onnx.SampleTensors.mixed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.NodeCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PoolingFamilyTest {
  private static NodeCheck pool(String operator, long opset, Tensor x, long... kernel) {
    return NodeCheck.of(operator, opset).in(x).with("kernel_shape", kernel);
  }

  // Maxima.

  @ParameterizedTest
  @CsvSource({
    // The last of each window, in the second channel 12 further on.
    "0, 5, 7, 17, 19",
    "1, 4, 10, 16, 22"
  })
  void tellsWhereMaximaStand(long order, double a, double b, double c, double d) {
    List<Tensor> y =
        pool("MaxPool", 12, counting(1, 2, 3, 4), 2, 2)
            .with("strides", new long[] {2, 2})
            .with("storage_order", order)
            .outputs(2)
            .tensors();
    assertElements(y.get(0), 5, 7, 17, 19);
    assertElements(y.get(1), a, b, c, d);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"U8", "I8", "F64", "F16", "BF16"})
  void takesTheMaximumOfAllTypes(DType dtype) {
    Tensor y =
        pool("MaxPool", 12, counting(1, 1, 6).to(dtype), 2)
            .with("dilations", new long[] {3})
            .with("pads", new long[] {1, 1})
            .tensor();
    assertEquals(dtype, y.dtype());
    assertElements(y, 2, 3, 4, 5, 3);
  }

  @Test
  void roundsUpUnlessAWindowStartsBehind() {
    Tensor y =
        pool("MaxPool", 10, counting(1, 1, 6), 2)
            .with("strides", new long[] {4})
            .with("pads", new long[] {0, 1})
            .with("ceil_mode", 1)
            .tensor();
    assertElements(y, 1, 5);
  }

  @Test
  void poolsChannelsLast() {
    Tensor y =
        NodeCheck.of("com.microsoft", "NhwcMaxPool")
            .in(counting(1, 2, 2, 3).to(DType.U8))
            .with("kernel_shape", new long[] {2, 2})
            .tensor();
    assertElements(y, 9, 10, 11);
    assertEquals(Shape.of(1, 1, 1, 3), y.shape());
  }

  @Test
  void doesNotSeeWhatAMaskHides() {
    Tensor y =
        NodeCheck.of("com.microsoft", "MaxpoolWithMask")
            .in(counting(1, 1, 4))
            .in(Tensor.of(new int[] {1, 0, 1, 0}, 1, 1, 4))
            .with("kernel_shape", new long[] {2})
            .tensor();
    assertElements(y, 0, 2, 2);
  }

  // Unpooling.

  private static NodeCheck unpool() {
    return NodeCheck.of("MaxUnpool", 11)
        .in(Tensor.of(new float[] {1, 2}, 1, 1, 2))
        .in(Tensor.of(new long[] {1, 2}, 1, 1, 2))
        .with("kernel_shape", new long[] {2})
        .with("strides", new long[] {2});
  }

  @Test
  void putsMaximaIntoTheCornerOfALargerResult() {
    Tensor y = unpool().constant(1L, 1L, 6L).tensor();
    assertElements(y, 0, 1, 2, 0, 0, 0);
  }

  @Test
  void refusesToUnpoolIntoLess() {
    unpool().constant(1L, 1L, 3L).refuses("output_shape [1, 1, 3]");
  }

  // Means.

  @ParameterizedTest
  @CsvSource({
    // Windows of 0 . 2 with one element of padding on each side; the size rounded up or down.
    "0, 0, 1, 1, 2, 3, 3",
    "1, 0, 0.5, 1, 2, 3, 1.5",
    "1, 1, 0.5, 1, 2, 3, 1.5"
  })
  void averagesElementsThatLieApart(
      long counts, long ceil, double a, double b, double c, double d, double e) {
    Tensor y =
        pool("AveragePool", 19, counting(1, 1, 5), 2)
            .with("dilations", new long[] {2})
            .with("pads", new long[] {1, 1})
            .with("count_include_pad", counts)
            .with("ceil_mode", ceil)
            .tensor();
    assertElements(y, a, b, c, d, e);
  }

  @Test
  void countsNothingBeyondThePadding() {
    // The second window has the padding's zero, and an element that is not there.
    Tensor y =
        pool("AveragePool", 19, counting(1, 1, 5).add(1.0), 2)
            .with("dilations", new long[] {3})
            .with("strides", new long[] {4})
            .with("ceil_mode", 1)
            .tensor();
    assertElements(y, 2.5, 5);
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 7, 4", "2, 2.2360680, 5, 4", "3, 2.0800838, 4.4979414, 4"})
  void takesNormsOfMagnitudes(long p, double a, double b, double c) {
    Tensor x = Tensor.of(new float[] {-1, 2, -3, 4}, 1, 1, 4);
    Tensor y =
        pool("LpPool", 18, x, 2)
            .with("p", p)
            .with("strides", new long[] {2})
            .with("pads", new long[] {0, 1})
            .with("ceil_mode", 0)
            .tensor();
    assertElements(y, a, b);
    Tensor dilated =
        pool("LpPool", 18, x, 2)
            .with("p", p)
            .with("pads", new long[] {0, 3})
            .with("dilations", new long[] {3})
            .tensor();
    assertEquals(c, dilated.get(0, 0, 3), 1e-5);
  }

  @Test
  void takesTheNormOfAChannel() {
    Tensor x = mixed(2, 3, 4, 5);
    Tensor y = NodeCheck.of("GlobalLpPool", 2 + 5).in(x).with("p", 3).tensor();
    Tensor cubes = x.abs().pow(3.0).sum(new int[] {2, 3}, true);
    assertSame(cubes.pow(1 / 3.0), y);
  }

  @Test
  void refusesAWindowWithoutAKernel() {
    NodeCheck.of("AveragePool", 7).in(counting(1, 1, 4)).refuses("kernel_shape is missing");
  }
}
