package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.BOOL;
import static org.gatun.onnx.model.ElementType.DOUBLE;
import static org.gatun.onnx.model.ElementType.FLOAT;
import static org.gatun.onnx.model.ElementType.FLOAT4E2M1;
import static org.gatun.onnx.model.ElementType.FLOAT8E4M3FN;
import static org.gatun.onnx.model.ElementType.FLOAT8E5M2;
import static org.gatun.onnx.model.ElementType.FLOAT8E8M0;
import static org.gatun.onnx.model.ElementType.INT2;
import static org.gatun.onnx.model.ElementType.INT4;
import static org.gatun.onnx.model.ElementType.INT64;
import static org.gatun.onnx.model.ElementType.INT8;
import static org.gatun.onnx.model.ElementType.UINT16;
import static org.gatun.onnx.model.ElementType.UINT2;
import static org.gatun.onnx.model.ElementType.UINT32;
import static org.gatun.onnx.model.ElementType.UINT4;
import static org.gatun.onnx.model.ElementType.UINT64;
import static org.gatun.onnx.model.ElementType.UINT8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.Agreement;
import org.gatun.onnx.NodeCheck;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CastFamilyTest {
  private static NodeCheck cast(ElementType to) {
    return NodeCheck.of("Cast", 25).with("to", to.code());
  }

  private static double[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  /** Whole numbers lose the bits that the type does not have. */
  @ParameterizedTest
  @CsvSource({
    "UINT8, 254 255 0 44",
    "INT8, -2 -1 0 44",
    "UINT16, 65534 65535 0 300",
    "INT16, -2 -1 0 300",
    "UINT32, 4294967294 4294967295 0 300",
    "UINT4, 14 15 0 12",
    "INT4, -2 -1 0 -4",
    "UINT2, 2 3 0 0",
    "INT2, -2 -1 0 0",
    "FLOAT, -2 -1 0 300",
    "FLOAT16, -2 -1 0 300",
    "FLOAT8E5M2, -2 -1 0 320",
    "FLOAT4E2M1, -2 -1 0 6",
    "BOOL, 1 1 0 1"
  })
  void convertsIntegersAndFloatsAlike(ElementType to, String expected) {
    long[] values = {-2, -1, 0, 300};
    Value.Dense ofIntegers = cast(to).in(Tensor.of(values)).result();
    assertEquals(to, ofIntegers.type());
    Agreement.assertClose(numbers(expected), ofIntegers.tensor().to(DType.F64).toDoubleArray(), 0);
    if (to.carrier().isFloating() || to == BOOL || !to.isNative()) {
      Value.Dense ofFloats = cast(to).in(Tensor.of(values).to(DType.F32)).result();
      Agreement.assertClose(numbers(expected), ofFloats.tensor().to(DType.F64).toDoubleArray(), 0);
    }
  }

  @Test
  void unsignedLongsAreLargeNumbers() {
    Tensor bits = Tensor.of(new long[] {-1, Long.MIN_VALUE, 5, (1L << 63) + 1025});
    double[] expected = {0x1p64, 0x1p63, 5, 0x1p63 + 2048};
    assertArrayEquals(expected, cast(DOUBLE).in(UINT64, bits).nativeOnly().values());
    assertEquals((float) 0x1p64, cast(FLOAT).in(UINT64, bits).nativeOnly().values()[0]);
    Value.Dense back =
        cast(UINT64)
            .in(Tensor.of(new double[] {0x1p63, 0x1p63 + 2048, 5.9, 0}))
            .nativeOnly()
            .result();
    assertEquals(UINT64, back.type());
    assertArrayEquals(
        new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 2048, 5, 0}, back.tensor().toLongArray());
    assertArrayEquals(
        new double[] {255, 0, 5, 1}, cast(UINT8).in(UINT64, bits).nativeOnly().values());
  }

  @Test
  void floatsLoseWhatFollowsThePoint() {
    Tensor x = Tensor.of(new float[] {-1.9f, -0.5f, 0.5f, 1.9f});
    assertArrayEquals(new double[] {-1, 0, 0, 1}, cast(INT64).in(x).values());
    assertArrayEquals(new double[] {-1, 0, 0, 1}, cast(INT4).in(x).values());
    assertArrayEquals(new double[] {1, 1, 1, 1}, cast(BOOL).in(x).values());
    assertArrayEquals(
        new double[] {1, 0}, cast(BOOL).in(Tensor.of(new float[] {Float.NaN, -0f})).values());
  }

  @Test
  void truthBecomesOne() {
    Tensor x = Tensor.of(new boolean[] {true, false});
    for (ElementType to : new ElementType[] {FLOAT, UINT16, UINT64, INT4, FLOAT8E5M2}) {
      assertArrayEquals(new double[] {1, 0}, cast(to).in(x).values());
    }
  }

  @Test
  void saturatesSmallFloatsUnlessToldOtherwise() {
    Tensor x = Tensor.of(new float[] {1e6f, Float.NEGATIVE_INFINITY});
    assertArrayEquals(new double[] {448, -448}, cast(FLOAT8E4M3FN).in(x).values());
    assertArrayEquals(
        new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY},
        cast(FLOAT8E5M2).with("saturate", 0).in(x).values());
  }

  @ParameterizedTest
  @CsvSource({"up, 2 4", "down, 1 2", "nearest, 1 4"})
  void roundsToPowersOfTwoAsAsked(String mode, String expected) {
    Tensor x = Tensor.of(new float[] {1.25f, 3});
    assertArrayEquals(numbers(expected), cast(FLOAT8E8M0).with("round_mode", mode).in(x).values());
  }

  @Test
  void castsLikeAnotherInput() {
    Value.Dense y =
        NodeCheck.of("CastLike", 25)
            .in(Tensor.of(new float[] {2.6f, 100}))
            .in(FLOAT4E2M1, Tensor.zeros(DType.F32, 1))
            .result();
    assertEquals(FLOAT4E2M1, y.type());
    assertArrayEquals(new double[] {3, 6}, y.tensor().to(DType.F64).toDoubleArray());
  }

  @ParameterizedTest
  @EnumSource(names = {"STRING", "COMPLEX64"})
  void refusesWhatIsNoNumber(ElementType to) {
    cast(to).in(Tensor.scalar(1f)).refuses("Cast", to.toString());
  }

  @Test
  void refusesUnknownTypesAndModes() {
    NodeCheck.of("Cast", 13).in(Tensor.scalar(1f)).refuses("Cast", "to");
    NodeCheck.of("Cast", 13).with("to", 99).in(Tensor.scalar(1f)).refuses("Cast", "99");
    cast(FLOAT8E8M0).with("round_mode", "away").in(Tensor.scalar(1f)).refuses("away");
  }

  private static Value.Dense bitCast(ElementType to, ElementType from, Tensor x) {
    return NodeCheck.of("BitCast", 26).with("to", to.code()).in(from, x).result();
  }

  @Test
  void keepsBits() {
    assertArrayEquals(
        new int[] {Float.floatToRawIntBits(-1.5f)},
        bitCast(ElementType.INT32, FLOAT, Tensor.of(new float[] {-1.5f})).tensor().toIntArray());
    assertArrayEquals(
        new double[] {0xbfc00000L},
        bitCast(UINT32, FLOAT, Tensor.of(new float[] {-1.5f}))
            .tensor()
            .to(DType.F64)
            .toDoubleArray());
    assertArrayEquals(
        new double[] {65535},
        bitCast(UINT16, ElementType.INT16, Tensor.of(new short[] {-1}))
            .tensor()
            .to(DType.F64)
            .toDoubleArray());
    assertArrayEquals(
        new float[] {-1.5f},
        bitCast(FLOAT8E5M2, INT8, Tensor.of(new byte[] {(byte) 0xbe}).to(DType.I8))
            .tensor()
            .toFloatArray());
    assertArrayEquals(
        new byte[] {-1},
        bitCast(INT4, UINT4, Tensor.of(new byte[] {15}).to(DType.U8)).tensor().toByteArray());
    assertArrayEquals(
        new byte[] {2},
        bitCast(UINT2, INT2, Tensor.of(new byte[] {-2}).to(DType.I8)).tensor().toByteArray());
    assertEquals(INT64, bitCast(INT64, UINT64, Tensor.of(new long[] {-1})).type());
  }

  @Test
  void bitsOfOtherStridesAreInOrder() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).t();
    Tensor bits = bitCast(ElementType.INT32, FLOAT, x).tensor();
    assertEquals(Float.floatToIntBits(3), bits.get(0, 1));
  }

  @Test
  void refusesBitsOfAnotherWidth() {
    NodeCheck.of("BitCast", 26)
        .with("to", INT64.code())
        .in(Tensor.scalar(1f))
        .refuses("BitCast", "64 bits", "32");
  }
}
