package org.gatun.onnx.operator;

import static org.gatun.onnx.operator.NodeTester.assertElements;
import static org.gatun.onnx.operator.NodeTester.assertSame;
import static org.gatun.onnx.operator.NodeTester.counting;
import static org.gatun.onnx.operator.NodeTester.mixed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PoolingFamilyTest {
  private static NodeTester pool(String operator, long opset, Tensor x, long... kernel) {
    return NodeTester.of(operator, opset).input(x).attribute("kernel_shape", kernel);
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
            .attribute("strides", new long[] {2, 2})
            .attribute("storage_order", order)
            .outputs(2)
            .runAll();
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
            .attribute("dilations", new long[] {3})
            .attribute("pads", new long[] {1, 1})
            .run();
    assertEquals(dtype, y.dtype());
    assertElements(y, 2, 3, 4, 5, 3);
  }

  @Test
  void roundsUpUnlessAWindowStartsBehind() {
    Tensor y =
        pool("MaxPool", 10, counting(1, 1, 6), 2)
            .attribute("strides", new long[] {4})
            .attribute("pads", new long[] {0, 1})
            .attribute("ceil_mode", 1)
            .run();
    assertElements(y, 1, 5);
  }

  @Test
  void poolsChannelsLast() {
    Tensor y =
        NodeTester.of("com.microsoft", "NhwcMaxPool")
            .input(counting(1, 2, 2, 3).to(DType.U8))
            .attribute("kernel_shape", new long[] {2, 2})
            .run();
    assertElements(y, 9, 10, 11);
    assertEquals(Shape.of(1, 1, 1, 3), y.shape());
  }

  @Test
  void doesNotSeeWhatAMaskHides() {
    Tensor y =
        NodeTester.of("com.microsoft", "MaxpoolWithMask")
            .input(counting(1, 1, 4))
            .input(Tensor.of(new int[] {1, 0, 1, 0}, 1, 1, 4))
            .attribute("kernel_shape", new long[] {2})
            .run();
    assertElements(y, 0, 2, 2);
  }

  // Unpooling.

  private static NodeTester unpool() {
    return NodeTester.of("MaxUnpool", 11)
        .input(Tensor.of(new float[] {1, 2}, 1, 1, 2))
        .input(Tensor.of(new long[] {1, 2}, 1, 1, 2))
        .attribute("kernel_shape", new long[] {2})
        .attribute("strides", new long[] {2});
  }

  @Test
  void putsMaximaIntoTheCornerOfALargerResult() {
    Tensor y = unpool().constant(1L, 1L, 6L).run();
    assertElements(y, 0, 1, 2, 0, 0, 0);
  }

  @Test
  void refusesToUnpoolIntoLess() {
    unpool().constant(1L, 1L, 3L).refused("output_shape [1, 1, 3]");
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
            .attribute("dilations", new long[] {2})
            .attribute("pads", new long[] {1, 1})
            .attribute("count_include_pad", counts)
            .attribute("ceil_mode", ceil)
            .run();
    assertElements(y, a, b, c, d, e);
  }

  @Test
  void countsNothingBeyondThePadding() {
    // The second window has the padding's zero, and an element that is not there.
    Tensor y =
        pool("AveragePool", 19, counting(1, 1, 5).add(1.0), 2)
            .attribute("dilations", new long[] {3})
            .attribute("strides", new long[] {4})
            .attribute("ceil_mode", 1)
            .run();
    assertElements(y, 2.5, 5);
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 7, 4", "2, 2.2360680, 5, 4", "3, 2.0800838, 4.4979414, 4"})
  void takesNormsOfMagnitudes(long p, double a, double b, double c) {
    Tensor x = Tensor.of(new float[] {-1, 2, -3, 4}, 1, 1, 4);
    Tensor y =
        pool("LpPool", 18, x, 2)
            .attribute("p", p)
            .attribute("strides", new long[] {2})
            .attribute("pads", new long[] {0, 1})
            .attribute("ceil_mode", 0)
            .run();
    assertElements(y, a, b);
    Tensor dilated =
        pool("LpPool", 18, x, 2)
            .attribute("p", p)
            .attribute("pads", new long[] {0, 3})
            .attribute("dilations", new long[] {3})
            .run();
    assertEquals(c, dilated.get(0, 0, 3), 1e-5);
  }

  @Test
  void takesTheNormOfAChannel() {
    Tensor x = mixed(2, 3, 4, 5);
    Tensor y = NodeTester.of("GlobalLpPool", 2 + 5).input(x).attribute("p", 3).run();
    Tensor cubes = x.abs().pow(3.0).sum(new int[] {2, 3}, true);
    assertSame(cubes.pow(1 / 3.0), y);
  }

  @Test
  void refusesAWindowWithoutAKernel() {
    NodeTester.of("AveragePool", 7).input(counting(1, 1, 4)).refused("kernel_shape is missing");
  }
}
