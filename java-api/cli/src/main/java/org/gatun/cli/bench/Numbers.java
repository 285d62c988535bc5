package org.gatun.cli.bench;

import java.util.Locale;
import java.util.OptionalDouble;

/** How numbers are written: with about three digits that mean something. */
final class Numbers {
  static final String NONE = "\u2013";

  private Numbers() {}

  /** Returns a number as {@code 0.42}, {@code 7.31}, {@code 52.8}, {@code 1,304}. */
  static String of(double value) {
    double size = Math.abs(value);
    String format = size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, value);
  }

  /** Returns a number, or a dash where there is none. */
  static String of(OptionalDouble value) {
    return value.isPresent() ? of(value.getAsDouble()) : NONE;
  }

  /** Returns how many times, as {@code 12.3x}. */
  static String times(OptionalDouble value) {
    return value.isPresent() ? of(value.getAsDouble()) + "\u00d7" : NONE;
  }

  /** Returns a duration in the unit that reads best, as {@code 52.8 \u00b5s}. */
  static String duration(double nanos) {
    if (nanos < 1e3) {
      return of(nanos) + " ns";
    }
    if (nanos < 1e6) {
      return of(nanos / 1e3) + " \u00b5s";
    }
    return nanos < 1e9 ? of(nanos / 1e6) + " ms" : of(nanos / 1e9) + " s";
  }
}
