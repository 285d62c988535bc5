package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.FLOAT;
import static org.gatun.onnx.model.ElementType.FLOAT16;
import static org.gatun.onnx.model.ElementType.FLOAT8E4M3FN;
import static org.gatun.onnx.model.ElementType.INT16;
import static org.gatun.onnx.model.ElementType.INT2;
import static org.gatun.onnx.model.ElementType.INT32;
import static org.gatun.onnx.model.ElementType.INT4;
import static org.gatun.onnx.model.ElementType.INT8;
import static org.gatun.onnx.model.ElementType.UINT16;
import static org.gatun.onnx.model.ElementType.UINT4;
import static org.gatun.onnx.model.ElementType.UINT8;

import org.gatun.onnx.NodeCheck;
import org.junit.jupiter.api.Test;

/** Quantization of ONNX, beyond what its node tests have. */
class QuantizationFamilyTest {
  private static double[] of(double... numbers) {
    return numbers;
  }

  @Test
  void quantizesToUnsignedBytesUnlessTold() {
    NodeCheck.of("QuantizeLinear", 10)
        .in(FLOAT, of(0, 1, 2, 1000, -3), 5)
        .in(FLOAT, 2)
        .gives(UINT8, of(0, 0, 1, 255, 0), 5);
    NodeCheck.of("QuantizeLinear", 21)
        .with("output_dtype", INT4.code())
        .in(FLOAT, of(0, 1, 3, 1000, -1000), 5)
        .in(FLOAT, 2)
        .gives(INT4, of(0, 0, 2, 7, -8), 5);
  }

  @Test
  void quantizesToEveryInteger() {
    NodeCheck.of("QuantizeLinear", 25)
        .in(FLOAT, of(1000, -1000), 2)
        .in(FLOAT, 1)
        .in(INT2, 1)
        .gives(INT2, of(1, -2), 2);
    NodeCheck.of("QuantizeLinear", 21)
        .in(FLOAT, of(1e6, -1, 5), 3)
        .in(FLOAT, 1)
        .in(UINT16, 3)
        .gives(UINT16, of(65535, 2, 8), 3);
    NodeCheck.of("QuantizeLinear", 21)
        .in(FLOAT, of(1e6, -1e6, 5), 3)
        .in(FLOAT, 1)
        .in(INT16, 3)
        .gives(INT16, of(32767, -32768, 8), 3);
  }

  @Test
  void quantizesIntegersAndAlongAxes() {
    NodeCheck.of("QuantizeLinear", 13)
        .in(INT32, of(7, -7, 300), 3)
        .in(FLOAT, 2)
        .in(INT8, 0)
        .gives(INT8, of(4, -4, 127), 3);
    NodeCheck.of("QuantizeLinear", 13)
        .with("axis", -2)
        .in(FLOAT, of(1, 2, 3, 4), 2, 2)
        .in(FLOAT, of(1, 2), 2)
        .in(INT8, of(0, 10), 2)
        .gives(INT8, of(1, 2, 12, 12), 2, 2);
  }

  @Test
  void dividesInTheScalesTypeOrTheOneAskedFor() {
    NodeCheck.of("QuantizeLinear", 23)
        .in(FLOAT16, of(1, 2), 2)
        .in(FLOAT, 0.5)
        .gives(UINT8, of(2, 4), 2);
    NodeCheck.of("QuantizeLinear", 23)
        .with("precision", FLOAT.code())
        .in(FLOAT16, of(1, 2), 2)
        .in(FLOAT16, 0.5)
        .gives(UINT8, of(2, 4), 2);
    NodeCheck.of("QuantizeLinear", 23)
        .with("precision", INT8.code())
        .in(FLOAT, of(1), 1)
        .in(FLOAT, 1)
        .refuses("attribute precision is i8, expected a floating-point type");
  }

  @Test
  void smallFloatsSaturateUnlessTold() {
    NodeCheck.of("QuantizeLinear", 19)
        .in(FLOAT, of(1000, -4.1, 2), 3)
        .in(FLOAT, 2)
        .in(FLOAT8E4M3FN, 0)
        .gives(FLOAT8E4M3FN, of(448, -2, 1), 3);
    NodeCheck.of("QuantizeLinear", 19)
        .with("saturate", 0)
        .in(FLOAT, of(1e6), 1)
        .in(FLOAT, 2)
        .in(FLOAT8E4M3FN, 0)
        .gives(FLOAT8E4M3FN, of(Double.NaN), 1);
  }

  @Test
  void dequantizesIntoAnotherTypeThanTheScales() {
    NodeCheck.of("DequantizeLinear", 23)
        .with("output_dtype", FLOAT16.code())
        .in(UINT8, of(1, 3), 2)
        .in(FLOAT, 0.5)
        .in(UINT8, 1)
        .gives(FLOAT16, of(0, 1), 2);
    NodeCheck.of("DequantizeLinear", 13)
        .with("axis", 0)
        .in(INT32, of(1, 3), 2, 1)
        .in(FLOAT, of(0.5, 2), 2)
        .gives(FLOAT, of(0.5, 6), 2, 1);
  }

  @Test
  void dequantizesBlocksOfIntegersAndSmallFloats() {
    NodeCheck.of("DequantizeLinear", 21)
        .with("axis", 1)
        .with("block_size", 2)
        .in(UINT4, of(1, 2, 3, 4, 5, 6), 2, 3)
        .in(FLOAT, of(1, 10, 100, 1000), 2, 2)
        .in(UINT4, of(0, 1, 2, 3), 2, 2)
        .gives(FLOAT, of(1, 2, 20, 200, 300, 3000), 2, 3);
    NodeCheck.of("DequantizeLinear", 21)
        .with("axis", 0)
        .with("block_size", 2)
        .in(FLOAT8E4M3FN, of(1, 2, 4), 3)
        .in(FLOAT, of(0.5, 3), 2)
        .gives(FLOAT, of(0.5, 1, 12), 3);
  }

  @Test
  void aScaleOfOneElementIsForAll() {
    NodeCheck.of("com.microsoft", "DequantizeLinear")
        .in(INT8, of(1, -2, 3, -4), 2, 2)
        .in(FLOAT, of(0.5), 1)
        .in(INT8, 1)
        .gives(FLOAT, of(0, -1.5, 1, -2.5), 2, 2);
    NodeCheck.of("com.microsoft", "QuantizeLinear")
        .in(FLOAT, of(1, -2), 2)
        .in(FLOAT, of(0.5), 1)
        .in(INT16, of(100), 1)
        .gives(INT16, of(102, 96), 2);
  }

  @Test
  void dynamicQuantizationGivesScaleAndZeroPoint() {
    NodeCheck.of("DynamicQuantizeLinear", 11)
        .outputs(3)
        .in(FLOAT, of(-1, 0, 154), 3)
        .gives(0, UINT8, of(0, 2, 255), 3)
        .gives(1, FLOAT, of(155.0 / 255))
        .gives(2, UINT8, of(2));
  }

  @Test
  void refusesWhatItDoesNotTake() {
    NodeCheck.of("QuantizeLinear", 21)
        .with("output_dtype", INT8.code())
        .in(FLOAT, of(1), 1)
        .in(FLOAT, 1)
        .in(UINT8, 0)
        .refuses("attribute output_dtype is int8, expected the zero point's type, uint8");
    NodeCheck.of("DequantizeLinear", 13)
        .in(INT8, of(1, 2, 3, 4), 2, 2)
        .in(FLOAT, of(1, 2, 3), 3)
        .refuses("scale has shape [3], expected the size of axis 1");
    NodeCheck.of("DequantizeLinear", 13)
        .with("axis", 2)
        .in(INT8, of(1, 2), 1, 2)
        .in(FLOAT, of(1, 2), 2)
        .refuses("axis 2 out of range for rank 2");
  }
}
