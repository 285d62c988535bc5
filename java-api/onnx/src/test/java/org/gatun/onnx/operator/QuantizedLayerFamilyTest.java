package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.BOOL;
import static org.gatun.onnx.model.ElementType.FLOAT;
import static org.gatun.onnx.model.ElementType.INT8;
import static org.gatun.onnx.model.ElementType.UINT8;

import org.gatun.onnx.NodeCheck;
import org.junit.jupiter.api.Test;

/** Operators between quantized tensors, on numbers that can be checked by hand. */
class QuantizedLayerFamilyTest {
  private static double[] of(double... numbers) {
    return numbers;
  }

  /** Adds an input with its scale and zero point. */
  private static NodeCheck quantized(
      NodeCheck run, double scale, double zero, double[] x, long... d) {
    return run.in(UINT8, x, d).in(FLOAT, scale).in(UINT8, zero);
  }

  private static NodeCheck image(String operator, long... shape) {
    return quantized(NodeCheck.of("com.microsoft", operator), 0.5, 10, of(10, 12, 14, 18), shape);
  }

  @Test
  void sumsAndProducts() {
    // 0, 1 and 2, 3 with another scale.
    NodeCheck add = quantized(NodeCheck.of("com.microsoft", "QLinearAdd"), 0.5, 10, of(10, 12), 2);
    quantized(add, 1, 0, of(2, 3), 2).in(FLOAT, 0.25).in(UINT8, 5).gives(UINT8, of(13, 21), 2);
    NodeCheck product =
        quantized(NodeCheck.of("com.microsoft", "QLinearMul"), 0.5, 10, of(10, 12), 2);
    quantized(product, 1, 0, of(2, 3), 2).in(FLOAT, 0.25).gives(UINT8, of(0, 12), 2);
  }

  @Test
  void functionsOfOneElement() {
    // 0, 1, 2, 4.
    image("QLinearSigmoid", 4).in(FLOAT, 0.01).in(UINT8, 0).gives(UINT8, of(50, 73, 88, 98), 4);
    NodeCheck.of("com.microsoft", "QLinearLeakyRelu")
        .with("alpha", 0.5f)
        .in(INT8, of(-4, 4), 2)
        .in(FLOAT, 0.5)
        .none()
        .in(FLOAT, 0.25)
        .in(INT8, 1)
        .gives(INT8, of(-3, 9), 2);
  }

  @Test
  void means() {
    image("QLinearGlobalAveragePool", 1, 1, 2, 2)
        .in(FLOAT, 0.25)
        .in(UINT8, 1)
        .gives(UINT8, of(8), 1, 1, 1, 1);
    image("QLinearGlobalAveragePool", 1, 2, 1, 2)
        .with("channels_last", 1)
        .in(FLOAT, 0.25)
        .in(UINT8, 1)
        .gives(UINT8, of(5, 11), 1, 1, 1, 2);
    image("QLinearAveragePool", 1, 1, 2, 2)
        .with("kernel_shape", new long[] {1, 2})
        .in(FLOAT, 0.25)
        .in(UINT8, 1)
        .gives(UINT8, of(3, 13), 1, 1, 2, 1);
    image("QLinearReduceMean", 2, 2)
        .with("axes", new long[] {0})
        .with("keepdims", 0)
        .in(FLOAT, 0.25)
        .in(UINT8, 1)
        .gives(UINT8, of(5, 11), 2);
  }

  @Test
  void softmaxOfARow() {
    image("QLinearSoftmax", 2, 2)
        .with("axis", -1)
        .with("opset", 13)
        .in(FLOAT, 0.01)
        .in(UINT8, 0)
        .gives(UINT8, of(27, 73, 12, 88), 2, 2);
  }

  @Test
  void joinsAndChoices() {
    NodeCheck joined =
        NodeCheck.of("com.microsoft", "QLinearConcat").with("axis", 0).in(FLOAT, 0.25).in(UINT8, 1);
    NodeCheck both = quantized(joined, 0.5, 10, of(10, 12), 2);
    quantized(both, 1, 0, of(2), 1).gives(UINT8, of(1, 5, 9), 3);
    NodeCheck chosen = NodeCheck.of("com.microsoft", "QLinearWhere").in(BOOL, of(1, 0), 2);
    NodeCheck first = quantized(chosen, 0.5, 10, of(10, 12), 2);
    quantized(first, 1, 0, of(2, 3), 2).in(FLOAT, 0.25).in(UINT8, 1).gives(UINT8, of(1, 13), 2);
  }
}
