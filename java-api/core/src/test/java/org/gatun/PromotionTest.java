package org.gatun;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.gatun.op.BinaryFunction;
import org.gatun.op.UnaryFunction;
import org.junit.jupiter.api.Test;

/** PyTorch's result types, as its documentation has them. */
class PromotionTest {
  private static Layout tensor(DType dtype) {
    return Layout.of(dtype, Shape.of(2));
  }

  private static Layout scalar(DType dtype) {
    return Layout.of(dtype, Shape.of());
  }

  private static DType of(Layout a, Layout b) {
    return new Promotion().add(a).add(b).result();
  }

  @Test
  void tensorsOfDimensionsMeetInTheirCommonDType() {
    assertEquals(DType.F64, of(tensor(DType.F32), tensor(DType.F64)));
    assertEquals(DType.I64, of(tensor(DType.I64), tensor(DType.BOOL)));
    assertEquals(DType.F16, of(tensor(DType.I64), tensor(DType.F16)));
    assertEquals(DType.I16, of(tensor(DType.U8), tensor(DType.I8)));
  }

  @Test
  void scalarTensorsYieldUnlessTheyAreOfAHigherKind() {
    assertEquals(DType.F32, of(tensor(DType.F32), scalar(DType.F64)));
    assertEquals(DType.I8, of(tensor(DType.I8), scalar(DType.I64)));
    assertEquals(DType.F64, of(tensor(DType.I8), scalar(DType.F64)));
    assertEquals(DType.I32, of(tensor(DType.BOOL), scalar(DType.I32)));
    assertEquals(DType.F32, of(tensor(DType.F32), scalar(DType.I64)));
    assertEquals(DType.F64, of(scalar(DType.F32), scalar(DType.F64)));
    assertEquals(DType.F64, of(scalar(DType.F64), scalar(DType.I64)));
  }

  @Test
  void numbersYieldToTensors() {
    Scalar whole = new Scalar.Whole(3);
    Scalar real = new Scalar.Real(2);
    assertEquals(DType.F16, Promotion.of(tensor(DType.F16), new Scalar.Real(1e300)));
    assertEquals(DType.U8, Promotion.of(tensor(DType.U8), whole));
    assertEquals(DType.I64, Promotion.of(tensor(DType.BOOL), whole));
    assertEquals(DType.F32, Promotion.of(tensor(DType.I32), real));
    assertEquals(DType.F32, Promotion.of(tensor(DType.BOOL), real));
    assertEquals(DType.F64, Promotion.of(scalar(DType.F64), real));
    assertEquals(DType.I32, Promotion.of(scalar(DType.I32), whole));
  }

  @Test
  void functionsThatIntegersHaveNoValuesOfLeaveTheIntegers() {
    assertEquals(DType.F32, Promotion.computed(BinaryFunction.DIV, DType.I64));
    assertEquals(DType.F32, Promotion.computed(UnaryFunction.EXP, DType.BOOL));
    assertEquals(DType.BF16, Promotion.computed(BinaryFunction.DIV, DType.BF16));
    assertEquals(DType.I64, Promotion.computed(BinaryFunction.MUL, DType.I64));
    assertEquals(DType.I64, Promotion.computed(UnaryFunction.ABS, DType.I64));
  }
}
