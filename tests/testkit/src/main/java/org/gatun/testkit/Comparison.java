package org.gatun.testkit;

import java.util.Arrays;
import org.gatun.DType;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;

/**
 * A result held against the reference, element by element.
 *
 * <p>The reference's value is rounded to the result's dtype. NaN equals NaN, whatever its bits, and
 * an infinity the same infinity; a finite number equals neither. Elements that are not
 * floating-point are equal or wrong. For the others:
 *
 * <ul>
 *   <li>{@link Tolerance.Exact}: equal. Zeros of either sign are the same where the operator
 *       computes (a maximum of -0.0 and 0.0 may be either), and differ where it only moves
 *       elements.
 *   <li>{@link Tolerance.Ulps}: {@code ulps} units in the last place of the value, or {@code floor
 *       * epsilon} where that is more.
 *   <li>{@link Tolerance.Sum}: {@code factor * epsilon * scale}, and two units in the last place
 *       for what is done to the sum afterwards. The scale is the reference's; where it is not
 *       finite although the value is (an infinite term that a later division took away), the two
 *       units alone count.
 * </ul>
 *
 * <p>Results of f16 and bf16 are those of f32, rounded once: f32's tolerance, and half a unit in
 * the last place.
 *
 * @param wrong how many elements are out of tolerance
 * @param elements how many were compared
 * @param worst the largest error in units of the tolerance, infinite where equality was asked for
 * @param message the worst element, by index and both values; empty where all are equal
 */
public record Comparison(long wrong, long elements, double worst, String message) {
  /** Units in the last place that steps after a sum may cost: an activation, an addition. */
  private static final double AFTER_SUM = 2;

  /** Returns whether every element is within the tolerance. */
  public boolean passed() {
    return wrong == 0;
  }

  /**
   * Compares.
   *
   * @param expected of the reference, not rounded yet
   * @param actual the elements of the result
   * @param signedZeros whether -0.0 and 0.0 are different under {@link Tolerance.Exact}
   */
  public static Comparison of(
      NdArray expected, NdArray actual, Tolerance tolerance, boolean signedZeros) {
    if (expected.dtype() != actual.dtype() || !expected.shape().equals(actual.shape())) {
      return new Comparison(
          Math.max(1, actual.size()),
          actual.size(),
          Double.POSITIVE_INFINITY,
          "result is "
              + actual.dtype().spelling()
              + actual.shape()
              + ", expected "
              + expected.dtype().spelling()
              + expected.shape());
    }
    NdArray rounded = Elements.rounded(expected);
    long wrong = 0;
    double worst = 0;
    int worstAt = -1;
    for (int i = 0; i < actual.size(); i++) {
      double error =
          error(rounded.values()[i], actual.values()[i], expected, i, tolerance, signedZeros);
      if (!(error <= 1)) {
        wrong++;
      }
      if (error > worst) {
        worst = error;
        worstAt = i;
      }
    }
    String message =
        worstAt < 0
            ? ""
            : "at %s %s, expected %s, error %.3g of the tolerance"
                .formatted(
                    Arrays.toString(actual.index(worstAt)),
                    actual.values()[worstAt],
                    rounded.values()[worstAt],
                    worst);
    return new Comparison(wrong, actual.size(), worst, message);
  }

  private static double error(
      double expected,
      double actual,
      NdArray reference,
      int at,
      Tolerance tolerance,
      boolean signedZeros) {
    if (Double.isNaN(expected) && Double.isNaN(actual)) {
      return 0;
    }
    if (expected == actual) {
      boolean sameSign = Double.doubleToRawLongBits(expected) == Double.doubleToRawLongBits(actual);
      boolean told = signedZeros && tolerance instanceof Tolerance.Exact;
      return told && !sameSign ? Double.POSITIVE_INFINITY : 0;
    }
    DType dtype = reference.dtype();
    if (!Double.isFinite(expected) || !Double.isFinite(actual) || !dtype.isFloating()) {
      return Double.POSITIVE_INFINITY;
    }
    double allowed = allowed(expected, reference, at, tolerance, computed(dtype));
    if (allowed > 0 && computed(dtype) != dtype) {
      allowed += ulp(dtype, expected) / 2;
    }
    return allowed == 0
        ? Double.POSITIVE_INFINITY
        : Math.abs(reference.values()[at] - actual) / allowed;
  }

  private static double allowed(
      double expected, NdArray reference, int at, Tolerance tolerance, DType dtype) {
    return switch (tolerance) {
      case Tolerance.Exact _ -> 0;
      case Tolerance.Ulps(double ulps, double floor) ->
          Math.max(ulps * ulp(dtype, expected), floor * epsilon(dtype));
      case Tolerance.Sum(double factor) ->
          factor * epsilon(dtype) * scale(reference, at) + AFTER_SUM * ulp(dtype, expected);
    };
  }

  /** Returns the dtype that results of another are computed in before they are rounded. */
  private static DType computed(DType dtype) {
    return dtype == DType.F16 || dtype == DType.BF16 ? DType.F32 : dtype;
  }

  private static double scale(NdArray reference, int at) {
    double[] scale = reference.scale();
    if (scale == null) {
      throw new IllegalArgumentException(
          "comparison: tolerance of a sum, but the reference gave no scale; use NdArray.sums there"
              + " or another tolerance");
    }
    return Double.isFinite(scale[at]) ? scale[at] : 0;
  }

  /** Returns the distance from 1 to the next number of the dtype. */
  static double epsilon(DType dtype) {
    return switch (dtype) {
      case F64 -> 0x1p-52;
      case F32 -> 0x1p-23;
      case F16 -> 0x1p-10;
      case BF16 -> 0x1p-7;
      default -> throw new IllegalArgumentException("epsilon: dtype " + dtype.spelling());
    };
  }

  /** Returns the distance from a value to the next one of the dtype. */
  static double ulp(DType dtype, double value) {
    int smallest =
        switch (dtype) {
          case F64 -> Double.MIN_EXPONENT;
          case F32, BF16 -> Float.MIN_EXPONENT;
          case F16 -> -14;
          default -> throw new IllegalArgumentException("ulp: dtype " + dtype.spelling());
        };
    return Math.scalb(epsilon(dtype), Math.max(smallest, Math.getExponent(value)));
  }
}
