package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.FLOAT4E2M1;
import static org.gatun.onnx.model.ElementType.FLOAT8E4M3FN;
import static org.gatun.onnx.model.ElementType.FLOAT8E4M3FNUZ;
import static org.gatun.onnx.model.ElementType.FLOAT8E5M2;
import static org.gatun.onnx.model.ElementType.FLOAT8E5M2FNUZ;
import static org.gatun.onnx.model.ElementType.FLOAT8E8M0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.SmallFloats.Rounding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SmallFloatsTest {
  @ParameterizedTest
  @EnumSource(
      names = {
        "FLOAT4E2M1",
        "FLOAT8E4M3FN",
        "FLOAT8E4M3FNUZ",
        "FLOAT8E5M2",
        "FLOAT8E5M2FNUZ",
        "FLOAT8E8M0"
      })
  void valuesKeepTheirBits(ElementType type) {
    for (int bits = 0; bits < 1 << type.bits(); bits++) {
      float value = SmallFloats.toFloat(type, bits);
      int back = SmallFloats.nearestBits(type, value, false);
      if (Float.isNaN(value)) {
        assertTrue(Float.isNaN(SmallFloats.toFloat(type, back)), type + " of bits " + bits);
      } else {
        assertEquals(bits, back, type + " of bits " + bits);
      }
    }
  }

  /** The bound of each type: the largest value, the middle above it, and what follows. */
  @ParameterizedTest
  @CsvSource({
    "FLOAT8E4M3FN, 448, 464, NaN",
    "FLOAT8E4M3FNUZ, 240, 248, NaN",
    "FLOAT8E5M2, 57344, 61440, Infinity",
    "FLOAT8E5M2FNUZ, 57344, 61440, NaN"
  })
  void tooLargeNumbersSaturateOrDoNot(ElementType type, float largest, float middle, float beyond) {
    assertEquals(largest, SmallFloats.nearest(type, Math.nextDown(middle), false));
    assertEquals(largest, SmallFloats.nearest(type, middle, true));
    assertEquals(largest, SmallFloats.nearest(type, Double.POSITIVE_INFINITY, true));
    assertEquals(-largest, SmallFloats.nearest(type, -1e9, true));
    assertEquals(beyond, SmallFloats.nearest(type, Math.nextUp(middle), false));
    assertEquals(beyond, SmallFloats.nearest(type, Double.POSITIVE_INFINITY, false));
    assertEquals(-beyond, SmallFloats.nearest(type, Double.NEGATIVE_INFINITY, false));
  }

  @Test
  void middlesGoToEvenBits() {
    assertEquals(448, SmallFloats.nearest(FLOAT8E4M3FN, 464, false));
    assertEquals(1, SmallFloats.nearest(FLOAT8E4M3FN, 1.0625, true));
    assertEquals(1.25f, SmallFloats.nearest(FLOAT8E4M3FN, 1.1875, true));
    assertEquals(0, SmallFloats.nearest(FLOAT8E5M2, 0x1p-17, true));
    assertEquals(0x1p-16f, SmallFloats.nearest(FLOAT8E5M2, Math.nextUp(0x1p-17), true));
    assertEquals(0, SmallFloats.nearest(FLOAT4E2M1, 0.25, true));
    assertEquals(1, SmallFloats.nearest(FLOAT4E2M1, 0.75, true));
    assertEquals(4, SmallFloats.nearest(FLOAT4E2M1, 5, true));
  }

  @Test
  void zerosAndNansAreThoseOfTheType() {
    assertEquals(0x80, SmallFloats.nearestBits(FLOAT8E4M3FN, -0.0, true));
    assertEquals(0, SmallFloats.nearestBits(FLOAT8E4M3FNUZ, -0.0, true));
    assertEquals(0, SmallFloats.nearestBits(FLOAT8E5M2FNUZ, -1e-30, true));
    assertEquals(0x80, SmallFloats.nearestBits(FLOAT8E5M2FNUZ, Double.NaN, true));
    assertEquals(0x7f, SmallFloats.nearestBits(FLOAT8E4M3FN, Double.NaN, true));
    assertEquals(8, SmallFloats.nearestBits(FLOAT4E2M1, Double.NaN, true));
    assertEquals(0xff, SmallFloats.nearestBits(FLOAT8E8M0, Double.NaN, true));
  }

  @Test
  void fourBitsAlwaysSaturate() {
    assertEquals(6, SmallFloats.nearest(FLOAT4E2M1, 1e6, false));
    assertEquals(-6, SmallFloats.nearest(FLOAT4E2M1, Double.NEGATIVE_INFINITY, false));
  }

  @Test
  void powersAreRoundedAsAsked() {
    assertEquals(128, SmallFloats.powerBits(1.1, true, Rounding.UP));
    assertEquals(127, SmallFloats.powerBits(1.1, true, Rounding.DOWN));
    assertEquals(127, SmallFloats.powerBits(Math.nextDown(1.5), true, Rounding.NEAREST));
    assertEquals(128, SmallFloats.powerBits(1.5, true, Rounding.NEAREST));
    assertEquals(126, SmallFloats.powerBits(0.5, true, Rounding.UP));
    assertEquals(0, SmallFloats.powerBits(0, true, Rounding.UP));
    assertEquals(0xfe, SmallFloats.powerBits(Double.POSITIVE_INFINITY, true, Rounding.UP));
    assertEquals(0xff, SmallFloats.powerBits(Float.MAX_VALUE, false, Rounding.UP));
    assertEquals(0xfe, SmallFloats.powerBits(Float.MAX_VALUE, true, Rounding.UP));
    assertEquals(0xff, SmallFloats.powerBits(0, false, Rounding.NEAREST));
  }

  @Test
  void refusesOtherTypes() {
    assertThrows(
        IllegalArgumentException.class, () -> SmallFloats.nearest(ElementType.FLOAT16, 1, true));
  }
}
