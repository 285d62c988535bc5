package org.gatun.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.reference.NdArray;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static NdArray f32(double... values) {
    return NdArray.of(DType.F32, Shape.of(values.length), values);
  }

  private static Comparison exactly(NdArray expected, NdArray actual) {
    return Comparison.of(expected, actual, Tolerance.exact(), true);
  }

  private static NdArray sum(double value, double scale) {
    return new NdArray(DType.F32, Shape.of(1), new double[] {value}, new double[] {scale});
  }

  @Test
  void equalsAreEqualAndOthersAreNot() {
    double[] values = {
      0, -0.0, 1, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
    };
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values.length; j++) {
        assertEquals(i == j, exactly(f32(values[i]), f32(values[j])).passed(), i + " " + j);
      }
    }
  }

  @Test
  void noToleranceMakesSpecialValuesEqualToOthers() {
    double[] values = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e30};
    for (double expected : values) {
      for (double actual : values) {
        boolean same = Double.compare(expected, actual) == 0;
        assertEquals(
            same, Comparison.of(f32(expected), f32(actual), Tolerance.ulps(1e9), false).passed());
        assertEquals(
            same,
            Comparison.of(
                    sum(expected, Double.POSITIVE_INFINITY), f32(actual), Tolerance.sum(), false)
                .passed());
      }
    }
  }

  @Test
  void zerosOfEitherSignAreEqualWhereTheOperatorComputes() {
    assertTrue(Comparison.of(f32(0), f32(-0.0), Tolerance.exact(), false).passed());
    assertTrue(Comparison.of(f32(0), f32(-0.0), Tolerance.ulps(1), true).passed());
  }

  @Test
  void theReferenceIsRoundedToTheDType() {
    assertTrue(exactly(f32(0.1), f32((float) 0.1)).passed());
    assertTrue(exactly(f32(1e300), f32(Double.POSITIVE_INFINITY)).passed());
  }

  @Test
  void ulpsAreThoseOfTheDType() {
    float next = Math.nextUp(100f);
    assertTrue(Comparison.of(f32(100), f32(next), Tolerance.ulps(1), false).passed());
    assertFalse(Comparison.of(f32(100), f32(Math.nextUp(next)), Tolerance.ulps(1), false).passed());
  }

  @Test
  void sumsAreAsExactAsTheirTerms() {
    double epsilon = 0x1p-23;
    assertTrue(Comparison.of(sum(0, 100), f32(99 * epsilon), Tolerance.sum(), false).passed());
    assertFalse(Comparison.of(sum(0, 100), f32(101 * epsilon), Tolerance.sum(), false).passed());
  }

  @Test
  void aSumWithoutScaleIsAnError() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Comparison.of(f32(1), f32(1.5), Tolerance.sum(), false));
  }

  @Test
  void integersAreEqualOrWrongUnderAnyTolerance() {
    NdArray one = NdArray.of(DType.I64, Shape.of(1), new double[] {1});
    NdArray two = NdArray.of(DType.I64, Shape.of(1), new double[] {2});
    assertTrue(Comparison.of(one, one, Tolerance.sum(), false).passed());
    assertFalse(Comparison.of(one, two, Tolerance.ulps(100), false).passed());
  }

  @Test
  void anotherShapeOrDTypeIsWrong() {
    assertFalse(exactly(f32(1, 2), f32(1)).passed());
    assertFalse(exactly(f32(1), NdArray.of(DType.F64, Shape.of(1), new double[] {1})).passed());
  }

  @Test
  void namesTheWorstElement() {
    Comparison comparison = Comparison.of(f32(1, 2, 3), f32(1, 2.5, 3), Tolerance.ulps(1), false);
    assertEquals(1, comparison.wrong());
    assertTrue(comparison.message().startsWith("at [1] 2.5, expected 2.0"));
  }
}
