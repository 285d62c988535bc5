package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.UINT32;
import static org.gatun.onnx.model.ElementType.UINT64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.Agreement;
import org.gatun.onnx.NodeCheck;
import org.gatun.onnx.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReductionFamilyTest {
  private static final Tensor X = Tensor.of(new float[] {1, -2, 3, 4, -5, 6}, 2, 3);

  private static Tensor axes(long... axes) {
    return Tensor.of(axes);
  }

  @ParameterizedTest
  @CsvSource({
    "ReduceL1, 6, 15",
    "ReduceL2, 3.7416573867739413, 8.774964387392123",
    "ReduceLogSum, 0.6931471805599453, 1.6094379124341003",
    "ReduceLogSumExp, 3.1326, 6.126943",
    "ReduceMax, 3, 6",
    "ReduceMean, 0.6666666666666666, 1.6666666666666667",
    "ReduceMin, -2, -5",
    "ReduceProd, -6, -120",
    "ReduceSum, 2, 5",
    "ReduceSumSquare, 14, 77"
  })
  void reducesAnAxisGivenAsAttributeOrAsInput(String operator, double first, double second) {
    double[] expected = {first, second};
    long early = operator.equals("ReduceSum") ? 11 : 13;
    Value.Dense kept = NodeCheck.of(operator, early).with("axes", new long[] {-1}).in(X).result();
    assertEquals(Shape.of(2, 1), kept.tensor().shape());
    Agreement.assertClose(expected, kept.tensor().to(DType.F64).toDoubleArray(), 1e-4);
    Value.Dense dropped = NodeCheck.of(operator, 20).with("keepdims", 0).in(X).in(axes(1)).result();
    assertEquals(Shape.of(2), dropped.tensor().shape());
    Agreement.assertClose(expected, dropped.tensor().to(DType.F64).toDoubleArray(), 1e-4);
  }

  @ParameterizedTest
  @CsvSource({
    "ReduceL1, 1, 2", "ReduceL2, 1, 2", "ReduceLogSum, 0, NaN", "ReduceLogSumExp, 1, -2",
    "ReduceMax, 1, -2", "ReduceMean, 1, -2", "ReduceMin, 1, -2", "ReduceProd, 1, -2",
    "ReduceSum, 1, -2", "ReduceSumSquare, 1, 4"
  })
  void reducesNothingWhereToldSo(String operator, double first, double second) {
    Tensor x = Tensor.of(new float[] {1, -2});
    NodeCheck noop = NodeCheck.of(operator, 20).with("noop_with_empty_axes", 1).in(x);
    Agreement.assertClose(new double[] {first, second}, noop.values(), 1e-6);
    Agreement.assertClose(new double[] {first, second}, noop.in(axes()).values(), 1e-6);
  }

  @Test
  void reducesAllWithoutAxes() {
    assertArrayEquals(new double[] {7}, NodeCheck.of("ReduceSum", 13).in(X).values());
    assertEquals(
        Shape.of(1, 1), NodeCheck.of("ReduceSum", 13).in(X).in(axes()).result().tensor().shape());
    assertArrayEquals(
        new double[] {3}, NodeCheck.of("ReduceMax", 20).in(Tensor.scalar(3f)).values());
  }

  @ParameterizedTest
  @CsvSource({
    "ReduceL1, 0", "ReduceL2, 0", "ReduceLogSum, -Infinity", "ReduceLogSumExp, -Infinity",
    "ReduceMax, -Infinity", "ReduceMean, NaN", "ReduceMin, Infinity", "ReduceProd, 1",
    "ReduceSum, 0", "ReduceSumSquare, 0"
  })
  void nothingHasAValueOfItsOwn(String operator, double expected) {
    Value.Dense y =
        NodeCheck.of(operator, 20).in(Tensor.zeros(DType.F32, 2, 0, 1)).in(axes(1)).result();
    assertEquals(Shape.of(2, 1, 1), y.tensor().shape());
    assertArrayEquals(new double[] {expected, expected}, y.tensor().to(DType.F64).toDoubleArray());
  }

  @Test
  void ofNoIntegersTheFarthestBoundIsLeft() {
    for (DType dtype : new DType[] {DType.I8, DType.U8, DType.I32, DType.BOOL}) {
      double most =
          switch (dtype) {
            case I8 -> 127;
            case U8 -> 255;
            case BOOL -> 1;
            default -> Integer.MAX_VALUE;
          };
      double least = dtype == DType.U8 || dtype == DType.BOOL ? 0 : -most - 1;
      Tensor none = Tensor.zeros(dtype, 0);
      assertArrayEquals(new double[] {least}, NodeCheck.of("ReduceMax", 20).in(none).values());
      assertArrayEquals(new double[] {most}, NodeCheck.of("ReduceMin", 20).in(none).values());
    }
    assertEquals(
        -1,
        NodeCheck.of("ReduceMin", 20)
            .in(UINT64, Tensor.zeros(DType.I64, 0))
            .nativeOnly()
            .result()
            .tensor()
            .toLongArray()[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "ReduceL1, 7", "ReduceL2, 5", "ReduceLogSum, 1", "ReduceLogSumExp, 4", "ReduceMax, 4",
    "ReduceMean, 3", "ReduceMin, 3", "ReduceProd, 12", "ReduceSum, 7", "ReduceSumSquare, 25"
  })
  void integersStayIntegers(String operator, double expected) {
    for (DType dtype : new DType[] {DType.I32, DType.I64}) {
      Value.Dense y = NodeCheck.of(operator, 18).in(Tensor.of(new int[] {3, 4}).to(dtype)).result();
      assertEquals(dtype, y.tensor().dtype());
      assertArrayEquals(new double[] {expected}, y.tensor().to(DType.F64).toDoubleArray());
    }
    Tensor unsigned = Tensor.of(new long[] {3, 4});
    assertArrayEquals(
        new double[] {expected}, NodeCheck.of(operator, 18).in(UINT32, unsigned).values());
    assertArrayEquals(
        new double[] {expected},
        NodeCheck.of(operator, 18).in(UINT64, unsigned).nativeOnly().values());
  }

  @Test
  void sumsOverflowTheirType() {
    assertArrayEquals(
        new double[] {1},
        NodeCheck.of("ReduceSum", 13).in(UINT32, Tensor.of(new long[] {0xFFFFFFFFL, 2})).values());
    assertArrayEquals(
        new long[] {(-1L >>> 1)},
        NodeCheck.of("ReduceMean", 13)
            .in(UINT64, Tensor.of(new long[] {-1, 0}))
            .nativeOnly()
            .result()
            .tensor()
            .toLongArray());
  }

  @Test
  void unsignedLongsAndTruthsHaveExtrema() {
    Tensor x = Tensor.of(new long[] {1, -1, 7});
    assertArrayEquals(
        new long[] {-1},
        NodeCheck.of("ReduceMax", 20).in(UINT64, x).nativeOnly().result().tensor().toLongArray());
    assertArrayEquals(
        new long[] {1},
        NodeCheck.of("ReduceMin", 20).in(UINT64, x).nativeOnly().result().tensor().toLongArray());
    Tensor truths = Tensor.of(new boolean[] {true, false});
    assertArrayEquals(new double[] {1}, NodeCheck.of("ReduceMax", 20).in(truths).values());
    assertArrayEquals(new double[] {0}, NodeCheck.of("ReduceMin", 20).in(truths).values());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ArgMax", "ArgMin"})
  void ofEqualElementsTheFirstIsTakenOrTheLast(String operator) {
    float sign = operator.equals("ArgMax") ? 1 : -1;
    Tensor x = Tensor.of(new float[] {2, 2, 1, 1, 2, 2}, 2, 3).mul(sign);
    assertArrayEquals(
        new double[] {0, 1},
        NodeCheck.of(operator, 13).with("axis", 1).with("keepdims", 0).in(x).values());
    Value.Dense last =
        NodeCheck.of(operator, 13).with("axis", -1).with("select_last_index", 1).in(x).result();
    assertEquals(Shape.of(2, 1), last.tensor().shape());
    assertArrayEquals(new long[] {1, 2}, last.tensor().toLongArray());
  }

  @Test
  void unsignedLongsHavePlaces() {
    Tensor x = Tensor.of(new long[] {1, -1, 0});
    assertArrayEquals(
        new double[] {1}, NodeCheck.of("ArgMax", 13).in(UINT64, x).nativeOnly().values());
    assertArrayEquals(
        new double[] {2}, NodeCheck.of("ArgMin", 13).in(UINT64, x).nativeOnly().values());
  }

  @Test
  void refusesAxesOutOfRange() {
    NodeCheck.of("ReduceSum", 13).in(X).in(axes(2)).refuses("ReduceSum", "axis 2");
    NodeCheck.of("ReduceMean", 18).in(X).in(axes(1, 1)).refuses("ReduceMean");
    NodeCheck.of("ArgMax", 13).with("axis", -3).in(X).refuses("ArgMax", "-3");
  }

  @ParameterizedTest
  @CsvSource({
    "CumSum, 0, 0, 1 3 6", "CumSum, 1, 0, 0 1 3", "CumSum, 0, 1, 6 5 3", "CumSum, 1, 1, 5 3 0",
    "CumProd, 0, 0, 1 2 6", "CumProd, 1, 0, 1 1 2", "CumProd, 0, 1, 6 6 3", "CumProd, 1, 1, 6 3 1"
  })
  void scansForthAndBack(String operator, int exclusive, int reverse, String expected) {
    for (DType dtype : new DType[] {DType.F32, DType.F64, DType.I32, DType.I64, DType.F16}) {
      Value.Dense y =
          NodeCheck.of(operator, 26)
              .with("exclusive", exclusive)
              .with("reverse", reverse)
              .in(Tensor.of(new int[] {1, 2, 3}, 1, 3).to(dtype))
              .in(Tensor.of(new int[] {-1}, new long[0]))
              .result();
      assertEquals(dtype, y.tensor().dtype());
      double[] values = y.tensor().to(DType.F64).toDoubleArray();
      String[] words = expected.split(" ");
      for (int i = 0; i < words.length; i++) {
        assertEquals(Double.parseDouble(words[i]), values[i]);
      }
    }
  }

  @Test
  void scansOfUnsignedNumbersOverflow() {
    assertArrayEquals(
        new double[] {0xFFFFFFFFL, 1},
        NodeCheck.of("CumSum", 14)
            .in(UINT32, Tensor.of(new long[] {0xFFFFFFFFL, 2}))
            .in(Tensor.of(new long[] {0}, new long[0]))
            .values());
  }
}
