package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.FLOAT;
import static org.gatun.onnx.model.ElementType.INT16;
import static org.gatun.onnx.model.ElementType.INT32;
import static org.gatun.onnx.model.ElementType.INT8;
import static org.gatun.onnx.model.ElementType.UINT8;

import org.gatun.onnx.NodeCheck;
import org.junit.jupiter.api.Test;

/** Products of integers, beyond what ONNX's node tests have. */
class IntegerProductFamilyTest {
  private static double[] of(double... numbers) {
    return numbers;
  }

  @Test
  void productsOfVectors() {
    NodeCheck.of("MatMulInteger", 10)
        .in(UINT8, of(1, 2, 3), 3)
        .in(INT8, of(1, -1, 2), 3)
        .gives(INT32, of(5));
    NodeCheck.of("MatMulInteger", 10)
        .in(UINT8, of(1, 2), 2)
        .in(INT8, of(1, -1, 2, 3), 2, 2)
        .in(UINT8, 1)
        .gives(INT32, of(2, 3), 2);
  }

  @Test
  void zeroPointsOfRowsAndColumns() {
    NodeCheck.of("MatMulInteger", 10)
        .in(UINT8, of(1, 2, 3, 4), 2, 2)
        .in(UINT8, of(1, 2, 3, 4), 2, 2)
        .in(UINT8, of(0, 3), 2)
        .in(UINT8, of(1, 2), 2)
        .gives(INT32, of(4, 4, 2, 2), 2, 2);
  }

  @Test
  void productsOfWiderIntegers() {
    NodeCheck.of("com.microsoft", "MatMulInteger16")
        .in(INT16, of(300, 2), 1, 2)
        .in(INT16, of(300, -1), 2, 1)
        .gives(INT32, of(89998), 1, 1);
  }

  @Test
  void productsAsNumbers() {
    NodeCheck.of("com.microsoft", "MatMulIntegerToFloat")
        .in(UINT8, of(1, 2), 1, 2)
        .in(INT8, of(1, -1, 2, 3), 2, 2)
        .in(FLOAT, 0.5)
        .in(FLOAT, of(2, 4), 2)
        .in(UINT8, 1)
        .none()
        .in(FLOAT, of(10, 20), 2)
        .gives(FLOAT, of(12, 26), 1, 2);
    // From -1 to 154 the scale is 155 / 255, and the integers 0 and 255.
    NodeCheck.of("com.microsoft", "DynamicQuantizeMatMul")
        .in(FLOAT, of(-1, 154), 1, 2)
        .in(INT8, of(1, 2), 2, 1)
        .in(FLOAT, 1)
        .gives(FLOAT, of((-2 + 2 * 253) * 155.0 / 255), 1, 1);
  }

  private static NodeCheck quantized() {
    return NodeCheck.of("QLinearMatMul", 10)
        .in(UINT8, of(1, 2, 3, 4), 2, 2)
        .in(FLOAT, 0.5)
        .in(UINT8, 1)
        .in(INT8, of(1, -1, 2, 3), 2, 2)
        .in(FLOAT, of(2, 4), 2)
        .in(INT8, of(0, 0), 2);
  }

  @Test
  void quantizedProducts() {
    // Numbers [[0, 0.5], [1, 1.5]] times [[2, -4], [4, 12]].
    quantized().in(FLOAT, 0.5).in(INT8, 1).gives(INT8, of(5, 13, 17, 29), 2, 2);
    quantized()
        .in(FLOAT, of(0.5, 1), 2)
        .in(UINT8, of(1, 100), 2)
        .gives(UINT8, of(5, 13, 108, 114), 2, 2);
  }

  @Test
  void quantizedGemmWithEveryBias() {
    quantizedGemm().gives(FLOAT, of(4, 12, 16, 28), 2, 2);
    quantizedGemm().in(INT32, of(1, 2), 2).gives(FLOAT, of(6, 20, 18, 36), 2, 2);
    quantizedGemm().in(INT32, of(1, 2), 2, 1).gives(FLOAT, of(6, 16, 20, 36), 2, 2);
    quantizedGemm()
        .in(INT32, of(1, 2), 2, 1)
        .in(FLOAT, 2)
        .in(UINT8, 1)
        .gives(UINT8, of(4, 9, 11, 19), 2, 2);
  }

  private static NodeCheck quantizedGemm() {
    return NodeCheck.of("com.microsoft", "QGemm")
        .with("transB", 1)
        .with("alpha", 2.0f)
        .in(UINT8, of(1, 2, 3, 4), 2, 2)
        .in(FLOAT, 0.5)
        .in(UINT8, 1)
        .in(INT8, of(1, 2, -1, 3), 2, 2)
        .in(FLOAT, of(2, 4), 2)
        .in(INT8, of(0, 0), 2);
  }

  @Test
  void convolutionsOfIntegers() {
    NodeCheck.of("ConvInteger", 10)
        .with("auto_pad", "SAME_UPPER")
        .in(UINT8, of(5, 6, 7, 8), 1, 1, 2, 2)
        .in(INT8, of(1, 2, 3, 4), 1, 1, 2, 2)
        .in(UINT8, 5)
        .gives(INT32, of(2 + 6 + 12, 1 + 9, 2 + 6, 3), 1, 1, 2, 2);
    NodeCheck.of("ConvInteger", 10)
        .in(UINT8, of(5, 6, 7, 8), 1, 1, 2, 2)
        .in(UINT8, of(1, 2, 3, 4), 1, 1, 2, 2)
        .in(UINT8, 5)
        .in(UINT8, of(1), 1)
        .gives(INT32, of(1 + 4 + 9), 1, 1, 1, 1);
  }

  @Test
  void quantizedConvolutionsOfEitherOrder() {
    quantizedConv("", 1, 2, 1, 2).gives(UINT8, of(13, 16), 1, 1, 1, 2);
    quantizedConv("com.microsoft", 1, 1, 2, 2)
        .with("channels_last", 1)
        .gives(UINT8, of(13, 16), 1, 1, 2, 1);
  }

  /** Two pixels of two channels, 0 and 1, 0.5 and 1.5, with weights of 1 and 2. */
  private static NodeCheck quantizedConv(String domain, long... shape) {
    boolean last = !domain.isEmpty();
    NodeCheck run =
        last ? NodeCheck.of("com.microsoft", "QLinearConv") : NodeCheck.of("QLinearConv", 10);
    return run.in(UINT8, last ? of(1, 3, 2, 4) : of(1, 2, 3, 4), shape)
        .in(FLOAT, 0.5)
        .in(UINT8, 1)
        .in(INT8, of(2, 4), 1, 2, 1, 1)
        .in(FLOAT, of(0.5), 1)
        .in(INT8, of(0), 1)
        .in(FLOAT, 0.5)
        .in(UINT8, 7)
        .in(INT32, of(4), 1);
  }

  @Test
  void refusesWhatItDoesNotTake() {
    NodeCheck.of("MatMulInteger", 10)
        .in(UINT8, of(1, 2), 1, 2)
        .in(INT8, of(1, 2, 3), 3, 1)
        .refuses("inner dimensions 2 and 3 differ");
    NodeCheck.of("ConvInteger", 10)
        .with("auto_pad", "SOME")
        .in(UINT8, of(5, 6, 7, 8), 1, 1, 2, 2)
        .in(INT8, of(1), 1, 1, 1, 1)
        .refuses("auto_pad is 'SOME'");
  }
}
