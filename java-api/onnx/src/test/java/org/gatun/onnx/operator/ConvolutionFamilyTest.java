package org.gatun.onnx.operator;

import static org.gatun.onnx.Agreement.assertElements;
import static org.gatun.onnx.Agreement.assertSame;
import static org.gatun.onnx.SampleTensors.counting;
import static org.gatun.onnx.SampleTensors.mixed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.ConvOptions;
import org.gatun.nn.Functional;
import org.gatun.onnx.NodeCheck;
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
        NodeCheck.of("Conv", 11).in(signal()).in(weights(1, 10)).with("auto_pad", mode).tensor();
    assertElements(y, Stream.of(expected.split(" ")).mapToDouble(Double::parseDouble).toArray());
  }

  @Test
  void padsForDilatedStridesByTheMode() {
    // Three positions of a kernel that reaches over three elements need six of five.
    Tensor y =
        NodeCheck.of("Conv", 11)
            .in(signal())
            .in(weights(1, 10))
            .with("auto_pad", "SAME_LOWER")
            .with("strides", new long[] {2})
            .with("dilations", new long[] {2})
            .tensor();
    assertElements(y, 20, 42, 4);
  }

  @Test
  void padsBothSidesByTheirOwn() {
    Tensor y =
        NodeCheck.of("Conv", 11)
            .in(signal())
            .in(weights(1, 10))
            .with("pads", new long[] {2, 1})
            .with("strides", new long[] {2})
            .tensor();
    assertElements(y, 0, 21, 43, 5);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F64", "F16", "BF16"})
  void takesAllFloats(DType dtype) {
    Tensor y =
        NodeCheck.of("Conv", 22).in(signal().to(dtype)).in(weights(1, 10).to(dtype)).tensor();
    assertEquals(dtype, y.dtype());
    assertElements(y, 21, 32, 43, 54);
  }

  @Test
  void refusesAKernelThatTheWeightsHaveNot() {
    NodeCheck.of("Conv", 11)
        .in(signal())
        .in(weights(1, 10))
        .with("kernel_shape", new long[] {3})
        .refuses("attribute kernel_shape is [3]");
  }

  @Test
  void refusesAModeOfPaddingThatIsNone() {
    NodeCheck.of("Conv", 11)
        .in(signal())
        .in(weights(1, 10))
        .with("auto_pad", "SAME")
        .refuses("auto_pad is 'SAME'");
  }

  @Test
  void refusesPaddingOfAnotherRank() {
    NodeCheck.of("Conv", 11)
        .in(signal())
        .in(weights(1, 10))
        .with("pads", new long[] {1})
        .refuses("attribute pads is [1], expected 2 numbers");
  }

  // Transposed.

  private static NodeCheck transposed() {
    return NodeCheck.of("ConvTranspose", 11)
        .in(Tensor.of(new float[] {1, 2, 3}, 1, 1, 3))
        .in(weights(1, 10))
        .in(Tensor.of(new float[] {100}));
  }

  @Test
  void reachesAShapeByCutting() {
    Tensor y =
        transposed().with("strides", new long[] {2}).with("output_shape", new long[] {5}).tensor();
    // Of 1 10 2 20 3 30 one is too many: cut before it, where the mode does not say otherwise.
    assertElements(y, 110, 102, 120, 103, 130);
  }

  @Test
  void cutsBehindForSameUpper() {
    Tensor y =
        transposed()
            .with("strides", new long[] {2})
            .with("output_shape", new long[] {5})
            .with("auto_pad", "SAME_UPPER")
            .tensor();
    assertElements(y, 101, 110, 102, 120, 103);
  }

  @Test
  void reachesAShapeFarBehindByTheBias() {
    Tensor y = transposed().with("output_shape", new long[] {7}).tensor();
    assertElements(y, 101, 112, 123, 130, 100, 100, 100);
  }

  @Test
  void multipliesSizesForSameLower() {
    Tensor y = transposed().with("strides", new long[] {3}).with("auto_pad", "SAME_LOWER").tensor();
    assertElements(y, 101, 110, 100, 102, 120, 100, 103, 130, 100);
  }

  @Test
  void takesPaddingAsAnInput() {
    Tensor y =
        NodeCheck.of("com.microsoft", "ConvTransposeWithDynamicPads")
            .in(Tensor.of(new float[] {1, 2, 3}, 1, 1, 3))
            .in(weights(1, 10))
            .constant(1L, 0L)
            .tensor();
    assertElements(y, 12, 23, 30);
  }

  // Columns.

  @Test
  void addsUpIntegersInAnImageOfOneDimension() {
    // Two blocks of two in an image of three with one more before it.
    Tensor y =
        NodeCheck.of("Col2Im", 18)
            .in(Tensor.of(new int[] {1, 2, 10, 20}, 1, 2, 2))
            .constant(3L)
            .constant(2L)
            .with("pads", new long[] {1, 0})
            .with("strides", new long[] {2})
            .tensor();
    assertEquals(DType.I32, y.dtype());
    assertElements(y, 10, 2, 20);
  }

  @Test
  void refusesColumnsOfAnotherImage() {
    NodeCheck.of("Col2Im", 18).in(counting(1, 2, 2)).constant(9L).constant(2L).refuses("8 columns");
  }

  // Deformable.

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "1, 2", "2, 4"})
  void isAnOrdinaryConvolutionWithoutOffsets(int groups, int offsetGroups) {
    Tensor x = mixed(2, 4, 6, 7);
    Tensor w = mixed(6, 4 / groups, 3, 2);
    Tensor b = mixed(6);
    Tensor y =
        NodeCheck.of("DeformConv", 19)
            .in(x)
            .in(w)
            .in(Tensor.zeros(DType.F32, 2, offsetGroups * 12L, 3, 7))
            .in(b)
            .with("group", groups)
            .with("offset_group", offsetGroups)
            .with("strides", new long[] {2, 1})
            .with("pads", new long[] {1, 0, 0, 1})
            .tensor();
    Tensor padded = Functional.pad(x, 0, 1, 1, 0);
    Tensor expected =
        Functional.conv2d(padded, w, b, ConvOptions.defaults().withStride(2, 1).withGroups(groups));
    assertSame(expected, y);
  }

  @Test
  void looksWhereOffsetsPointAndWeighsByTheMask() {
    // One element of one pixel: half a row down, a column to the right.
    Tensor y =
        NodeCheck.of("DeformConv", 22)
            .in(counting(1, 1, 3, 3))
            .in(Tensor.ones(DType.F32, 1, 1, 1, 1))
            .in(
                Tensor.of(
                    new float[] {
                      .5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f, 1, 1, 1, 1, 1, 1, 1, 1, 1
                    },
                    1,
                    2,
                    3,
                    3))
            .none()
            .in(Tensor.full(DType.F32, 2, 1, 1, 3, 3))
            .tensor();
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
        NodeCheck.of("com.microsoft", "FusedConv")
            .in(x)
            .in(w)
            .in(b)
            .in(z)
            .with("activation", activation.name)
            .with("activation_params", activation.numbers)
            .tensor();
    Tensor plain = Functional.conv2d(x, w, b, ConvOptions.defaults()).add(z);
    assertSame(activation.function.apply(plain), y);
  }

  @Test
  void addsAResidualToATransposedConvolution() {
    Tensor y =
        NodeCheck.of("org.gatun", "FusedConvTranspose")
            .in(Tensor.of(new float[] {1, -2}, 1, 1, 2))
            .in(weights(1, 10))
            .none()
            .in(Tensor.of(new float[] {1, 1, 1}, 1, 1, 3))
            .with("activation", "Relu")
            .tensor();
    assertElements(y, 2, 9, 0);
  }

  @Test
  void refusesAnActivationThatIsNone() {
    NodeCheck.of("com.microsoft", "FusedConv")
        .in(signal())
        .in(weights(1))
        .with("activation", "Softmax")
        .refuses("'Softmax', which is no activation");
  }

  @Test
  void convolvesChannelsLast() {
    Tensor x = mixed(2, 6, 7, 3);
    Tensor w = mixed(4, 3, 3, 3);
    Tensor z = mixed(2, 4, 5, 4);
    Tensor y =
        NodeCheck.of("com.microsoft", "NhwcFusedConv")
            .in(x)
            .in(w)
            .none()
            .in(z)
            .with("activation", "Relu")
            .tensor();
    Tensor images = x.permute(0, 3, 1, 2);
    Tensor plain = Functional.conv2d(images, w, null, ConvOptions.defaults());
    assertSame(plain.permute(0, 2, 3, 1).add(z).relu(), y);
    assertEquals(Shape.of(2, 4, 5, 4), y.shape());
  }
}
