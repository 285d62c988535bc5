package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.UINT32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.Agreement;
import org.gatun.onnx.NodeCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationFamilyTest {
  private static final double[] X = {-30, -2.5, -1, -0.4, 0, 0.3, 1, 2.2, 30};

  private static Arguments of(
      String operator, long opset, Map<String, ?> attributes, DoubleUnaryOperator function) {
    return Arguments.of(operator, opset, attributes, function);
  }

  private static double elu(double x, double alpha) {
    return x > 0 ? x : alpha * Math.expm1(x);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  static Stream<Arguments> activations() {
    double alpha = (float) 1.6732632423543772;
    double gamma = (float) 1.0507009873554805;
    return Stream.of(
        of("Celu", 12, Map.of("alpha", 2f), x -> x > 0 ? x : 2 * Math.expm1(x / 2)),
        of("Elu", 6, Map.of(), x -> elu(x, 1)),
        of("Elu", 22, Map.of("alpha", 0.5f), x -> elu(x, 0.5)),
        of("HardSigmoid", 6, Map.of(), x -> Math.clamp((double) 0.2f * x + 0.5, 0, 1)),
        of(
            "HardSigmoid",
            22,
            Map.of("alpha", 0.25f, "beta", 0.25f),
            x -> Math.clamp(0.25 * x + 0.25, 0, 1)),
        of("HardSigmoid", 22, Map.of("alpha", 1 / 6f), x -> Math.clamp(x / 6 + 0.5, 0, 1)),
        of("HardSwish", 14, Map.of(), x -> x * Math.clamp(x / 6 + 0.5, 0, 1)),
        of("LeakyRelu", 6, Map.of(), x -> x > 0 ? x : (double) 0.01f * x),
        of("LeakyRelu", 16, Map.of("alpha", 0.5f), x -> x > 0 ? x : 0.5 * x),
        of("Mish", 18, Map.of(), x -> x * Math.tanh(Math.log1p(Math.exp(x)))),
        of("Relu", 6, Map.of(), x -> Math.max(0, x)),
        of("Selu", 6, Map.of(), x -> gamma * elu(x, alpha)),
        of("Selu", 22, Map.of("alpha", 2f, "gamma", 3f), x -> 3 * elu(x, 2)),
        of("Shrink", 9, Map.of(), x -> Math.abs(x) > 0.5 ? x : 0),
        of(
            "Shrink",
            9,
            Map.of("lambd", 1.5f, "bias", 1.5f),
            x -> Math.abs(x) > 1.5 ? x - Math.copySign(1.5, x) : 0),
        of(
            "Shrink",
            9,
            Map.of("lambd", 0.5f, "bias", 0.25f),
            x -> Math.abs(x) > 0.5 ? x - Math.copySign(0.25, x) : 0),
        of("Sigmoid", 13, Map.of(), ActivationFamilyTest::sigmoid),
        of("Softplus", 1, Map.of(), x -> x > 30 ? x : Math.log1p(Math.exp(x))),
        of("Softsign", 22, Map.of(), x -> x / (1 + Math.abs(x))),
        of("Swish", 24, Map.of(), x -> x * sigmoid(x)),
        of("Swish", 24, Map.of("alpha", 0.5f), x -> x * sigmoid(0.5 * x)),
        of("ThresholdedRelu", 10, Map.of(), x -> x > 1 ? x : 0),
        of("ThresholdedRelu", 22, Map.of("alpha", 2f), x -> x > 2 ? x : 0),
        of(
            "Gelu",
            20,
            Map.of("approximate", "tanh"),
            x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void followsItsFormula(
      String operator, long opset, Map<String, ?> attributes, DoubleUnaryOperator function) {
    double[] expected = Arrays.stream(X).map(function).toArray();
    for (DType dtype : new DType[] {DType.F64, DType.F32, DType.F16, DType.BF16}) {
      NodeCheck node = NodeCheck.of(operator, opset).in(Tensor.of(X).to(dtype));
      attributes.forEach(node::with);
      double tolerance =
          switch (dtype) {
            case F64 -> 1e-12;
            case F32 -> 1e-6;
            case F16 -> 3e-3;
            default -> 2e-2;
          };
      // Inputs of few bits are rounded before: a slope times their error is an error of the result.
      Agreement.assertClose(expected, node.values(), tolerance);
    }
  }

  @Test
  void geluHasTwoFormulas() {
    Agreement.assertClose(
        new double[] {-0.15865525393145707, 0, 0.8413447460685429},
        NodeCheck.of("Gelu", 20).in(Tensor.of(new double[] {-1, 0, 1})).values(),
        1e-12);
    NodeCheck.of("Gelu", 20)
        .with("approximate", "fast")
        .in(Tensor.scalar(1f))
        .refuses("Gelu", "fast");
  }

  @Test
  void gatesAreOfTheSameShape() {
    Tensor gate = Tensor.of(new double[] {1, -2});
    Tensor x = Tensor.of(new double[] {3, 4});
    Agreement.assertClose(
        new double[] {3 * sigmoid(1), -8 * sigmoid(-2)},
        NodeCheck.of("SwiGLU", 28).in(gate).in(x).values(),
        1e-12);
    Agreement.assertClose(
        new double[] {3 * sigmoid(0.5), -8 * sigmoid(-1)},
        NodeCheck.of("SwiGLU", 28).with("alpha", 0.5f).in(gate).in(x).values(),
        1e-12);
    NodeCheck.of("SwiGLU", 28).in(gate).in(Tensor.scalar(1.0)).refuses("SwiGLU", "[2]");
  }

  @Test
  void slopesBroadcastToTheInputAndNotBack() {
    Tensor x = Tensor.of(new float[] {-1, 2, -3, 4, -5, -6}, 1, 3, 2);
    Tensor slopes = Tensor.of(new float[] {2, 3, 4}, 3, 1);
    double[] expected = {-2, 2, -9, 4, -20, -24};
    assertArrayEquals(expected, NodeCheck.of("PRelu", 16).in(x).in(slopes).values());
    assertArrayEquals(expected, NodeCheck.of("PRelu", 6).in(x).in(slopes.flatten()).values());
    Tensor ints = x.to(DType.I32);
    assertArrayEquals(
        expected, NodeCheck.of("PRelu", 16).in(ints).in(slopes.to(DType.I32)).values());
    assertArrayEquals(
        new double[] {5},
        NodeCheck.of("PRelu", 16)
            .in(UINT32, Tensor.of(new long[] {5}))
            .in(UINT32, Tensor.of(new long[] {2}))
            .values());
    NodeCheck.of("PRelu", 16)
        .in(slopes)
        .in(Tensor.zeros(DType.F32, 2, 3, 1))
        .refuses("PRelu", "[2, 3, 1]");
  }

  @Test
  void integersShrinkToo() {
    Tensor x = Tensor.of(new int[] {-3, -1, 0, 1, 3});
    assertArrayEquals(
        new double[] {-2, 0, 0, 0, 2},
        NodeCheck.of("Shrink", 9).with("lambd", 1.5f).with("bias", 1f).in(x).values());
  }

  @Test
  void softmaxIsOfOneAxisOrOfAllBehindIt() {
    Tensor x = Tensor.zeros(DType.F32, 2, 2, 4);
    assertEquals(0.125f, (float) NodeCheck.of("Softmax", 11).in(x).values()[0]);
    assertEquals(0.25f, (float) NodeCheck.of("Softmax", 13).in(x).values()[0]);
    assertEquals(0.5f, (float) NodeCheck.of("Softmax", 13).with("axis", 1).in(x).values()[0]);
    assertEquals(
        -Math.log(16), NodeCheck.of("LogSoftmax", 1).with("axis", 0).in(x).values()[0], 1e-6);
    assertEquals(Shape.of(2, 2, 4), NodeCheck.of("Softmax", 1).in(x).result().tensor().shape());
    NodeCheck.of("Softmax", 13).with("axis", 3).in(x).refuses("Softmax", "axis 3");
  }

  @Test
  void hardmaxMarksTheFirstOfTheLargest() {
    Tensor x = Tensor.of(new float[] {1, 3, 3, 0, 5, 1}, 2, 3);
    assertArrayEquals(new double[] {0, 1, 0, 0, 1, 0}, NodeCheck.of("Hardmax", 13).in(x).values());
    assertArrayEquals(
        new double[] {1, 0, 1, 0, 1, 0},
        NodeCheck.of("Hardmax", 13).with("axis", 0).in(x).values());
    assertArrayEquals(
        new double[] {0, 0, 0, 0, 1, 0},
        NodeCheck.of("Hardmax", 11).with("axis", 0).in(x).values());
  }
}
