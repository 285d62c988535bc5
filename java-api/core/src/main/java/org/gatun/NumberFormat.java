package org.gatun;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Prints numbers as NumPy does in a column: equally wide, rounded to four decimals, without
 * decimals that are zero in all, and in scientific notation where there are large, small or very
 * different ones.
 */
final class NumberFormat {
  private static final int DECIMALS = 4;

  /** Five digits tell any two numbers of 16 bits apart. */
  private static final int HALF_DIGITS = 5;

  private NumberFormat() {}

  /** Returns the elements at these offsets as texts of the same length. */
  static List<String> format(MemorySegment memory, DType dtype, List<Long> offsets) {
    if (dtype.isFloating()) {
      return formatFloating(memory, dtype, offsets);
    }
    return aligned(
        offsets,
        dtype == DType.BOOL
            ? offset -> Boolean.toString(Elements.get(memory, dtype, offset) != 0)
            : offset -> Long.toString(Elements.getLong(memory, dtype, offset)));
  }

  private static <T> List<String> aligned(List<T> values, Function<T, String> format) {
    List<String> texts = values.stream().map(format).toList();
    int width = texts.stream().mapToInt(String::length).max().orElse(0);
    return texts.stream().map(text -> " ".repeat(width - text.length()) + text).toList();
  }

  private static List<String> formatFloating(
      MemorySegment memory, DType dtype, List<Long> offsets) {
    List<Decimal> decimals =
        offsets.stream().map(o -> Decimal.of(Elements.get(memory, dtype, o), dtype)).toList();
    boolean scientific = isScientific(decimals);
    List<Decimal> rounded = decimals.stream().map(d -> d.rounded(scientific)).toList();
    int places = rounded.stream().mapToInt(Decimal::places).max().orElse(0);
    return aligned(rounded, d -> d.text(scientific, places));
  }

  /** NumPy's rule. */
  private static boolean isScientific(List<Decimal> decimals) {
    double most = 0;
    double least = Double.POSITIVE_INFINITY;
    for (Decimal decimal : decimals) {
      double magnitude = Math.abs(decimal.value);
      if (Double.isFinite(magnitude) && magnitude != 0) {
        most = Math.max(most, magnitude);
        least = Math.min(least, magnitude);
      }
    }
    return most > 0 && (most >= 1e8 || least < 1e-4 || most / least > 1000);
  }

  /**
   * A number in decimal digits.
   *
   * @param value the number
   * @param digits its magnitude; for scientific notation between 1 and 10 once it is rounded; 0
   *     where the number is not finite
   * @param exponent of ten, by which the digits are multiplied
   */
  private record Decimal(double value, BigDecimal digits, int exponent) {
    static Decimal of(double value, DType dtype) {
      if (!Double.isFinite(value)) {
        return new Decimal(value, BigDecimal.ZERO, 0);
      }
      return new Decimal(value, shortest(value, dtype).abs(), 0);
    }

    /** Returns the shortest digits that tell the number from its neighbours in the dtype. */
    private static BigDecimal shortest(double value, DType dtype) {
      if (dtype == DType.F64) {
        return new BigDecimal(Double.toString(value));
      }
      if (dtype != DType.F32) {
        for (int precision = 1; precision <= HALF_DIGITS; precision++) {
          BigDecimal rounded = new BigDecimal(value).round(new MathContext(precision));
          if (Elements.rounded(rounded.doubleValue(), dtype) == value) {
            return rounded;
          }
        }
      }
      return new BigDecimal(Float.toString((float) value));
    }

    Decimal rounded(boolean scientific) {
      if (!scientific || digits.signum() == 0) {
        return new Decimal(value, stripped(digits.setScale(DECIMALS, RoundingMode.HALF_EVEN)), 0);
      }
      BigDecimal kept = digits.round(new MathContext(DECIMALS + 1, RoundingMode.HALF_EVEN));
      int power = kept.precision() - kept.scale() - 1;
      return new Decimal(value, stripped(kept.movePointLeft(power)), power);
    }

    private static BigDecimal stripped(BigDecimal number) {
      BigDecimal shorter = number.stripTrailingZeros();
      return shorter.scale() < 0 ? shorter.setScale(0) : shorter;
    }

    /** Returns the number of decimals that are not zeros at the end. */
    int places() {
      return digits.scale();
    }

    /** Returns the text: as many decimals in scientific notation, else with blanks for zeros. */
    String text(boolean scientific, int places) {
      if (!Double.isFinite(value)) {
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
      }
      String sign = Math.copySign(1, value) < 0 ? "-" : "";
      String number = digits.toPlainString();
      if (digits.scale() == 0) {
        number += ".";
      }
      if (!scientific) {
        return sign + number + " ".repeat(places - digits.scale());
      }
      return sign
          + number
          + "0".repeat(places - digits.scale())
          + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
  }
}
