package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.UINT16;
import static org.gatun.onnx.model.ElementType.UINT32;
import static org.gatun.onnx.model.ElementType.UINT64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.NodeCheck;
import org.gatun.onnx.model.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogicFamilyTest {
  @ParameterizedTest
  @CsvSource({
    "Less, 0 0 1 0",
    "LessOrEqual, 1 0 1 0",
    "Greater, 0 1 0 1",
    "GreaterOrEqual, 1 1 0 1",
    "Equal, 1 0 0 0"
  })
  void unsignedLongsCompareAsSuch(String operator, String expected) {
    Tensor a = Tensor.of(new long[] {-1, -1, 1, -1});
    Tensor b = Tensor.of(new long[] {-1, 1, -1, -2});
    double[] y = NodeCheck.of(operator, 16).in(UINT64, a).in(UINT64, b).values();
    for (int i = 0; i < y.length; i++) {
      assertEquals(expected.split(" ")[i].equals("1") ? 1 : 0, y[i]);
    }
  }

  @Test
  void nothingIsLessOrGreaterThanNan() {
    Tensor nan = Tensor.scalar(Float.NaN);
    for (String operator : new String[] {"Less", "LessOrEqual", "Greater", "GreaterOrEqual"}) {
      assertArrayEquals(
          new double[] {0}, NodeCheck.of(operator, 16).in(nan).in(Tensor.scalar(1f)).values());
    }
  }

  @Test
  void shiftsDropWhatLeavesTheType() {
    Tensor ints = Tensor.of(new int[] {0x8001, 0xFFFF, 1});
    Tensor by = Tensor.of(new int[] {1, 15, 16});
    assertArrayEquals(
        new double[] {2, 0x8000, 0},
        NodeCheck.of("BitShift", 11)
            .with("direction", "LEFT")
            .in(UINT16, ints)
            .in(UINT16, by)
            .values());
    assertArrayEquals(
        new double[] {0x4000, 1, 0},
        NodeCheck.of("BitShift", 11)
            .with("direction", "RIGHT")
            .in(UINT16, ints)
            .in(UINT16, by)
            .values());
    Tensor longs = Tensor.of(new long[] {-1, -1, -1, -1, 8});
    Tensor places = Tensor.of(new long[] {0, 1, 63, 64, 2});
    assertArrayEquals(
        new long[] {-1, -1L >>> 1, 1, 0, 2},
        NodeCheck.of("BitShift", 11)
            .with("direction", "RIGHT")
            .in(UINT64, longs)
            .in(UINT64, places)
            .nativeOnly()
            .result()
            .tensor()
            .toLongArray());
    NodeCheck.of("BitShift", 11)
        .with("direction", "UP")
        .in(UINT16, ints)
        .in(UINT16, by)
        .refuses("BitShift", "UP");
  }

  @Test
  void invertsTheBitsOfTheType() {
    assertArrayEquals(
        new double[] {0xFFFFFFFEL, 0},
        NodeCheck.of("BitwiseNot", 18).in(UINT32, Tensor.of(new long[] {1, 0xFFFFFFFFL})).values());
    assertArrayEquals(
        new double[] {254},
        NodeCheck.of("BitwiseNot", 18).in(Tensor.of(new byte[] {1}).to(DType.U8)).values());
  }

  @Test
  void infinitiesAreLookedForByTheirSigns() {
    Tensor x =
        Tensor.of(new float[] {Float.NEGATIVE_INFINITY, 1, Float.NaN, Float.POSITIVE_INFINITY});
    assertArrayEquals(new double[] {1, 0, 0, 1}, NodeCheck.of("IsInf", 20).in(x).values());
    assertArrayEquals(
        new double[] {0, 0, 0, 1},
        NodeCheck.of("IsInf", 20).with("detect_negative", 0).in(x).values());
    assertArrayEquals(
        new double[] {1, 0, 0, 0},
        NodeCheck.of("IsInf", 20).with("detect_positive", 0).in(x).values());
    assertArrayEquals(
        new double[] {0, 0, 0, 0},
        NodeCheck.of("IsInf", 20)
            .with("detect_positive", 0)
            .with("detect_negative", 0)
            .in(x)
            .values());
    assertArrayEquals(
        new double[] {0, 0, 1, 0},
        NodeCheck.of("IsNaN", 20).in(ElementType.FLOAT8E5M2, x).values());
  }

  @Test
  void choosesElementsOfAnyType() {
    Tensor condition = Tensor.of(new boolean[] {true, false}, 2, 1);
    assertArrayEquals(
        new double[] {7, 8, 1, 2},
        NodeCheck.of("Where", 16)
            .in(condition)
            .in(UINT16, Tensor.of(new int[] {7, 8}))
            .in(UINT16, Tensor.of(new int[] {1, 2}))
            .values());
    NodeCheck.of("Where", 16)
        .in(condition)
        .in(Tensor.scalar(1f))
        .in(Tensor.scalar(1.0))
        .refuses("Where", "double", "float");
  }

  @Test
  void logicIsOfTruthsAlone() {
    Tensor a = Tensor.of(new boolean[] {true, true, false, false});
    Tensor b = Tensor.of(new boolean[] {true, false, true, false});
    assertArrayEquals(new double[] {1, 0, 0, 0}, NodeCheck.of("And", 7).in(a).in(b).values());
    assertArrayEquals(new double[] {1, 1, 1, 0}, NodeCheck.of("Or", 7).in(a).in(b).values());
    assertArrayEquals(new double[] {0, 1, 1, 0}, NodeCheck.of("Xor", 7).in(a).in(b).values());
    assertArrayEquals(new double[] {0, 0, 1, 1}, NodeCheck.of("Not", 1).in(a).values());
    NodeCheck.of("And", 7).in(a).in(Tensor.scalar(1f)).refuses("And", "bool");
  }
}
