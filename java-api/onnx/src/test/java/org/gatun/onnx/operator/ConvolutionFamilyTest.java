package org.gatun.onnx.operator;

import static org.gatun.onnx.operator.NodeTester.assertElements;
import static org.gatun.onnx.operator.NodeTester.assertSame;
import static org.gatun.onnx.operator.NodeTester.counting;
import static org.gatun.onnx.operator.NodeTester.mixed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.ConvOptions;
import org.gatun.nn.Functional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConvolutionFamilyTest {
  private static Tensor signal() {
    return Tensor.of(new float[] {1, 2, 3, 4, 5}, 1, 1, 5);
  }

  private static Tensor weights(float... values) {
    return Tensor.of(values, 1, 1, values.length);
  }

  // Padding.

  @ParameterizedTest
  @CsvSource({
    // Each digit of the result is an element of the input: 21 is x[0] + 10 x[1].
    "SAME_UPPER, 21 32 43 54 5",
    "SAME_LOWER, 10 21 32 43 54",
    "VALID, 21 32 43 54",
    "NOTSET, 21 32 43 54"
  })
  void padsByTheMode(String mode, String expected) {
    Tensor y =
        NodeTester.of("Conv", 11)
            .input(signal())
            .input(weights(1, 10))
            .attribute("auto_pad", mode)
            .run();
    assertElements(y, Stream.of(expected.split(" ")).mapToDouble(Double::parseDouble).toArray());
  }

  @Test
  void padsForDilatedStridesByTheMode() {
    // Three positions of a kernel that reaches over three elements need six of five.
    Tensor y =
        NodeTester.of("Conv", 11)
            .input(signal())
            .input(weights(1, 10))
            .attribute("auto_pad", "SAME_LOWER")
            .attribute("strides", new long[] {2})
            .attribute("dilations", new long[] {2})
            .run();
    assertElements(y, 20, 42, 4);
  }

  @Test
  void padsBothSidesByTheirOwn() {
    Tensor y =
        NodeTester.of("Conv", 11)
            .input(signal())
            .input(weights(1, 10))
            .attribute("pads", new long[] {2, 1})
            .attribute("strides", new long[] {2})
            .run();
    assertElements(y, 0, 21, 43, 5);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F64", "F16", "BF16"})
  void takesAllFloats(DType dtype) {
    Tensor y =
        NodeTester.of("Conv", 22).input(signal().to(dtype)).input(weights(1, 10).to(dtype)).run();
    assertEquals(dtype, y.dtype());
    assertElements(y, 21, 32, 43, 54);
  }

  @Test
  void refusesAKernelThatTheWeightsHaveNot() {
    NodeTester.of("Conv", 11)
        .input(signal())
        .input(weights(1, 10))
        .attribute("kernel_shape", new long[] {3})
        .refused("attribute kernel_shape is [3]");
  }

  @Test
  void refusesAModeOfPaddingThatIsNone() {
    NodeTester.of("Conv", 11)
        .input(signal())
        .input(weights(1, 10))
        .attribute("auto_pad", "SAME")
        .refused("auto_pad is 'SAME'");
  }

  @Test
  void refusesPaddingOfAnotherRank() {
    NodeTester.of("Conv", 11)
        .input(signal())
        .input(weights(1, 10))
        .attribute("pads", new long[] {1})
        .refused("attribute pads is [1], expected 2 numbers");
  }

  // Transposed.

  private static NodeTester transposed() {
    return NodeTester.of("ConvTranspose", 11)
        .input(Tensor.of(new float[] {1, 2, 3}, 1, 1, 3))
        .input(weights(1, 10))
        .input(Tensor.of(new float[] {100}));
  }

  @Test
  void reachesAShapeByCutting() {
    Tensor y =
        transposed()
            .attribute("strides", new long[] {2})
            .attribute("output_shape", new long[] {5})
            .run();
    // Of 1 10 2 20 3 30 one is too many: cut before it, where the mode does not say otherwise.
    assertElements(y, 110, 102, 120, 103, 130);
  }

  @Test
  void cutsBehindForSameUpper() {
    Tensor y =
        transposed()
            .attribute("strides", new long[] {2})
            .attribute("output_shape", new long[] {5})
            .attribute("auto_pad", "SAME_UPPER")
            .run();
    assertElements(y, 101, 110, 102, 120, 103);
  }

  @Test
  void reachesAShapeFarBehindByTheBias() {
    Tensor y = transposed().attribute("output_shape", new long[] {7}).run();
    assertElements(y, 101, 112, 123, 130, 100, 100, 100);
  }

  @Test
  void multipliesSizesForSameLower() {
    Tensor y =
        transposed().attribute("strides", new long[] {3}).attribute("auto_pad", "SAME_LOWER").run();
    assertElements(y, 101, 110, 100, 102, 120, 100, 103, 130, 100);
  }

  @Test
  void takesPaddingAsAnInput() {
    Tensor y =
        NodeTester.of("com.microsoft", "ConvTransposeWithDynamicPads")
            .input(Tensor.of(new float[] {1, 2, 3}, 1, 1, 3))
            .input(weights(1, 10))
            .constant(1L, 0L)
            .run();
    assertElements(y, 12, 23, 30);
  }

  // Columns.

  @Test
  void addsUpIntegersInAnImageOfOneDimension() {
    // Two blocks of two in an image of three with one more before it.
    Tensor y =
        NodeTester.of("Col2Im", 18)
            .input(Tensor.of(new int[] {1, 2, 10, 20}, 1, 2, 2))
            .constant(3L)
            .constant(2L)
            .attribute("pads", new long[] {1, 0})
            .attribute("strides", new long[] {2})
            .run();
    assertEquals(DType.I32, y.dtype());
    assertElements(y, 10, 2, 20);
  }

  @Test
  void refusesColumnsOfAnotherImage() {
    NodeTester.of("Col2Im", 18)
        .input(counting(1, 2, 2))
        .constant(9L)
        .constant(2L)
        .refused("8 columns");
  }

  // Deformable.

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "1, 2", "2, 4"})
  void isAnOrdinaryConvolutionWithoutOffsets(int groups, int offsetGroups) {
    Tensor x = mixed(2, 4, 6, 7);
    Tensor w = mixed(6, 4 / groups, 3, 2);
    Tensor b = mixed(6);
    Tensor y =
        NodeTester.of("DeformConv", 19)
            .input(x)
            .input(w)
            .input(Tensor.zeros(DType.F32, 2, offsetGroups * 12L, 3, 7))
            .input(b)
            .attribute("group", groups)
            .attribute("offset_group", offsetGroups)
            .attribute("strides", new long[] {2, 1})
            .attribute("pads", new long[] {1, 0, 0, 1})
            .run();
    Tensor padded = Functional.pad(x, 0, 1, 1, 0);
    Tensor expected =
        Functional.conv2d(padded, w, b, ConvOptions.defaults().withStride(2, 1).withGroups(groups));
    assertSame(expected, y);
  }

  @Test
  void looksWhereOffsetsPointAndWeighsByTheMask() {
    // One element of one pixel: half a row down, a column to the right.
    Tensor y =
        NodeTester.of("DeformConv", 22)
            .input(counting(1, 1, 3, 3))
            .input(Tensor.ones(DType.F32, 1, 1, 1, 1))
            .input(
                Tensor.of(
                    new float[] {
                      .5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f, 1, 1, 1, 1, 1, 1, 1, 1, 1
                    },
                    1,
                    2,
                    3,
                    3))
            .none()
            .input(Tensor.full(DType.F32, 2, 1, 1, 3, 3))
            .run();
    assertElements(y, 5, 7, 0, 11, 13, 0, 7, 8, 0);
  }

  // Fused.

  private record Activation(String name, float[] numbers, UnaryOperator<Tensor> function) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Arguments activation(
      String name, UnaryOperator<Tensor> function, float... numbers) {
    return Arguments.of(new Activation(name, numbers, function));
  }

  static Stream<Arguments> activations() {
    return Stream.of(
        activation("", x -> x),
        activation("Relu", Tensor::relu),
        activation("Sigmoid", Tensor::sigmoid),
        activation("Tanh", Tensor::tanh),
        activation("Clip", x -> x.clamp(-0.5, 1.0), -0.5f, 1),
        activation("Clip", x -> x.clampMin(0.25), 0.25f),
        activation("LeakyRelu", x -> x.maximum(x.mul(0.01))),
        activation("LeakyRelu", x -> x.maximum(x.mul(0.25)), 0.25f),
        activation("ThresholdedRelu", x -> x.where(x.gt(0.5), 0.0), 0.5f),
        activation("Elu", x -> x.relu().add(x.clampMax(0.0).expm1().mul(0.5)), 0.5f),
        activation("HardSigmoid", x -> x.mul(0.2).add(0.5).clamp(0.0, 1.0)),
        activation("HardSigmoid", x -> x.div(6.0).add(0.5).clamp(0.0, 1.0), 1 / 6f, 0.5f),
        activation("HardSwish", x -> x.mul(x.div(6.0).add(0.5).clamp(0.0, 1.0))),
        activation("Silu", x -> x.mul(x.sigmoid())),
        activation("QuickGelu", x -> x.mul(x.mul(1.702).sigmoid())),
        activation("QuickGelu", x -> x.mul(x.mul(2.0).sigmoid()), 2),
        activation("Gelu", x -> x.mul(x.div(Math.sqrt(2)).erf().add(1.0)).mul(0.5)),
        activation("Mish", x -> x.mul(x.exp().log1p().tanh())),
        activation("Softplus", x -> x.exp().log1p()),
        activation("Softsign", x -> x.div(x.abs().add(1.0))),
        activation("ScaledTanh", x -> x.mul(0.5).tanh().mul(2.0), 2, 0.5f),
        activation("Affine", x -> x.mul(2.0).add(1.0), 2, 1),
        activation("Selu", x -> x.relu().add(x.clampMax(0.0).expm1().mul(0.5)).mul(2.0), 0.5f, 2));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void endsInAnActivation(Activation activation) {
    Tensor x = mixed(1, 3, 6, 7);
    Tensor w = mixed(4, 3, 3, 3);
    Tensor b = mixed(4);
    Tensor z = mixed(1, 4, 4, 5);
    Tensor y =
        NodeTester.of("com.microsoft", "FusedConv")
            .input(x)
            .input(w)
            .input(b)
            .input(z)
            .attribute("activation", activation.name)
            .attribute("activation_params", activation.numbers)
            .run();
    Tensor plain = Functional.conv2d(x, w, b, ConvOptions.defaults()).add(z);
    assertSame(activation.function.apply(plain), y);
  }

  @Test
  void addsAResidualToATransposedConvolution() {
    Tensor y =
        NodeTester.of("org.gatun", "FusedConvTranspose")
            .input(Tensor.of(new float[] {1, -2}, 1, 1, 2))
            .input(weights(1, 10))
            .none()
            .input(Tensor.of(new float[] {1, 1, 1}, 1, 1, 3))
            .attribute("activation", "Relu")
            .run();
    assertElements(y, 2, 9, 0);
  }

  @Test
  void refusesAnActivationThatIsNone() {
    NodeTester.of("com.microsoft", "FusedConv")
        .input(signal())
        .input(weights(1))
        .attribute("activation", "Softmax")
        .refused("'Softmax', which is no activation");
  }

  @Test
  void convolvesChannelsLast() {
    Tensor x = mixed(2, 6, 7, 3);
    Tensor w = mixed(4, 3, 3, 3);
    Tensor z = mixed(2, 4, 5, 4);
    Tensor y =
        NodeTester.of("com.microsoft", "NhwcFusedConv")
            .input(x)
            .input(w)
            .none()
            .input(z)
            .attribute("activation", "Relu")
            .run();
    Tensor images = x.permute(0, 3, 1, 2);
    Tensor plain = Functional.conv2d(images, w, null, ConvOptions.defaults());
    assertSame(plain.permute(0, 2, 3, 1).add(z).relu(), y);
    assertEquals(Shape.of(2, 4, 5, 4), y.shape());
  }
}
