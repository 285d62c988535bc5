package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.op.Ternary;
import org.gatun.op.TernaryFunction;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.op.Where;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What pointwise methods add to their operators: promotion, numbers, results in place. */
class PointwiseMethodsTest {
  private Scope scope = Scope.open();

  @BeforeEach
  void open() {
    scope.close();
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor floats(float... values) {
    return Tensor.of(values);
  }

  private static void assertMessage(String expected, Runnable call) {
    var e = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(expected, e.getMessage());
  }

  @Test
  void logitTakesEpsBeforeOneMinusEps() {
    float[] values = new float[64];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 32f;
    }
    for (var engine : Engines.all().entrySet()) {
      try (Tensor x = Tensor.of(values);
          Tensor y = engine.getValue().with(() -> x.logit(1))) {
        float[] result = y.toFloatArray();
        for (int i = 0; i < result.length; i++) {
          // Below eps it is log(1 / 0); from there on x is more than 1 - eps, log(0 / 1).
          float expected = values[i] < 1 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
          assertEquals(expected, result[i], engine.getKey() + " of " + values[i]);
        }
      }
    }
  }

  @Test
  void aWholeNumberKeepsIntegersAndAnotherDoesNot() {
    Tensor x = Tensor.of(new int[] {1, 2, 3});
    assertArrayEquals(new int[] {3, 4, 5}, x.add(2).toIntArray());
    assertArrayEquals(new float[] {3, 4, 5}, x.add(2.0).toFloatArray());
    assertArrayEquals(new float[] {0.5f, 1, 1.5f}, x.div(2).toFloatArray());
    assertArrayEquals(new int[] {1, 0, -1}, x.rsub(2).toIntArray());
    assertArrayEquals(new float[] {2, 4, 8}, x.rpow(2.0).toFloatArray());
    assertArrayEquals(new int[] {1, 4, 9}, x.pow(2).toIntArray());
    assertArrayEquals(new int[] {2, 2, 3}, x.clamp(2, 5).toIntArray());
    assertEquals(DType.F32, x.exp().dtype());
    assertEquals(DType.I32, x.floor().dtype());
  }

  @Test
  void aScalarTensorDoesNotWidenOthers() {
    Tensor x = floats(1, 2);
    assertEquals(DType.F32, x.add(Tensor.scalar(1.0)).dtype());
    assertEquals(DType.F64, Tensor.of(new int[] {1}).add(Tensor.scalar(1.0)).dtype());
    assertArrayEquals(
        new float[] {1, 2.5f},
        x.where(Tensor.of(new boolean[] {true, false}), Tensor.scalar(2.5)).toFloatArray());
  }

  @Test
  void integersOverflowAsTheirWidthHasIt() {
    Tensor x = Tensor.of(new byte[] {127, -128, 100});
    assertArrayEquals(new byte[] {-128, -127, 101}, x.add(1).toByteArray());
    assertArrayEquals(new byte[] {-127, -128, -100}, x.neg().toByteArray());
    assertArrayEquals(
        new long[] {Long.MIN_VALUE}, Tensor.of(new long[] {Long.MAX_VALUE}).add(1).toLongArray());
    assertArrayEquals(
        new long[] {(1L << 60) + 1}, Tensor.of(new long[] {1L << 60}).add(1).toLongArray());
  }

  @Test
  void booleansAreOneBit() {
    Tensor x = Tensor.of(new boolean[] {true, true, false});
    Tensor y = Tensor.of(new boolean[] {true, false, false});
    assertArrayEquals(new boolean[] {true, true, false}, x.add(y).toBooleanArray());
    assertArrayEquals(new boolean[] {true, false, false}, x.mul(y).toBooleanArray());
    assertArrayEquals(new boolean[] {true, true, false}, x.fmax(y).toBooleanArray());
    assertArrayEquals(new boolean[] {true, false, false}, x.fmin(y).toBooleanArray());
    assertArrayEquals(new boolean[] {true, true, false}, x.heaviside(y).toBooleanArray());
    assertArrayEquals(new long[] {1, 1, 0}, x.square().toLongArray());
    assertArrayEquals(new boolean[] {false, false, true}, x.bitwiseNot().toBooleanArray());
    assertArrayEquals(new long[] {2, 2, 1}, x.add(1).toLongArray());
    assertMessage(
        "sub: input 0 has dtype bool, expected a floating-point or integer one", () -> x.sub(y));
  }

  @Test
  void divisionsRoundAsTheySay() {
    Tensor x = Tensor.of(new int[] {7, -7, 7, -7});
    Tensor y = Tensor.of(new int[] {2, 2, -2, -2});
    assertArrayEquals(new int[] {3, -4, -4, 3}, x.floorDivide(y).toIntArray());
    assertArrayEquals(new int[] {3, -3, -3, 3}, x.truncDivide(y).toIntArray());
    assertArrayEquals(new int[] {1, 1, -1, -1}, x.remainder(y).toIntArray());
    assertArrayEquals(new int[] {1, -1, 1, -1}, x.fmod(y).toIntArray());
  }

  @Test
  void anIntegerDividedByZeroIsAnErrorAndNothingIsWritten() {
    Tensor x = Tensor.of(new long[] {1, 2, 3});
    Tensor zero = Tensor.of(new long[] {1, 1, 0});
    assertMessage(
        "floor_divide: an integer divided by 0, expected other divisors",
        () -> x.floorDivide(zero));
    assertMessage(
        "remainder: an integer divided by 0, expected other divisors", () -> x.remainder(0));
    assertArrayEquals(new long[] {1, 2, 3}, x.toLongArray());
    assertEquals(0, Tensor.zeros(DType.I64, 0).floorDivide(0).size());
  }

  @Test
  void numbersThatDoNotFitAreErrors() {
    Tensor x = Tensor.of(new int[] {1, 2});
    assertMessage("pow: exponent -1.0 of integers, expected 0 or more", () -> x.pow(-1));
    assertMessage(
        "add: alpha 0.5 for elements of i32, expected a whole number", () -> x.add(x, 0.5));
    assertMessage(
        "masked_fill: value 0.5 for elements of i32, expected a whole number",
        () -> x.maskedFill(Tensor.of(new boolean[] {true, true}), 0.5));
    assertMessage(
        "isclose: tolerances -1.0 and 0.0, expected 0 or more", () -> x.isclose(x, -1, 0, false));
  }

  @Test
  void closenessIsToldOfOneAndOfAll() {
    Tensor x = floats(1, 2, Float.NaN);
    Tensor y = floats(1.000001f, 2.1f, Float.NaN);
    assertArrayEquals(new boolean[] {true, false, false}, x.isclose(y).toBooleanArray());
    assertTrue(x.allclose(y, 0.1, 0, true));
    assertFalse(x.allclose(y, 0.1, 0, false));
    assertTrue(floats(1, 2).equal(floats(1, 2)));
    assertFalse(floats(1, 2).equal(floats(1)));
  }

  @Test
  void inPlaceTheTensorKeepsItsDType() {
    Tensor x = floats(1, 2, 3, 4);
    x.addInPlace(1);
    x.mulInPlace(Tensor.of(new double[] {1, 2, 3, 4}));
    x.applyInPlace(new Unary(UnaryFunction.NEG));
    x.applyInPlace(new Ternary(TernaryFunction.ADDCMUL, 2), floats(1), floats(3));
    assertArrayEquals(new float[] {4, 0, -6, -14}, x.toFloatArray());
    x.maskedFillInPlace(x.lt(0), 9);
    assertArrayEquals(new float[] {4, 0, 9, 9}, x.toFloatArray());
  }

  @Test
  void inPlaceOperandsMayOverlap() {
    Tensor x = Tensor.arange(DType.F32, 0, 6, 1);
    x.slice(0, 1, 6, 1).addInPlace(x.slice(0, 0, 5, 1));
    assertArrayEquals(new float[] {0, 1, 3, 5, 7, 9}, x.toFloatArray());
    Tensor square = Tensor.arange(DType.F32, 0, 4, 1).reshape(2, 2);
    square.addInPlace(square.transpose(0, 1));
    assertArrayEquals(new float[] {0, 3, 3, 6}, square.toFloatArray());
  }

  @Test
  void inPlaceErrorsSayWhy() {
    Tensor x = Tensor.of(new int[] {1, 2});
    assertMessage(
        "div: in place of i32, the result is f32, expected a tensor that it fits in",
        () -> x.divInPlace(2));
    assertMessage(
        "add: in place of shape [2], the result has [3, 2]",
        () -> x.addInPlace(Tensor.zeros(DType.I32, 3, 2)));
    Tensor expanded = Tensor.ones(DType.F32, 1).expand(4);
    assertMessage(
        "mul: in place of f32[4] strides [0], whose elements share memory;"
            + " expected a tensor that is not expanded",
        () -> expanded.mulInPlace(2));
    assertMessage(
        "where: in place of its condition; maskedFillInPlace writes where a mask is true",
        () -> x.applyInPlace(new Where(), x, x));
    assertArrayEquals(new int[] {1, 2}, x.toIntArray());
  }
}
