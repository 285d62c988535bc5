package org.gatun.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A logarithmic axis with room for given values and for 1.
 *
 * @param low the decimal logarithm of where the axis starts
 * @param high of where it ends
 */
record LogAxis(double low, double high) {
  private static final double MARGIN = 0.08;

  /** Returns the axis for values that are positive. */
  static LogAxis of(List<Double> values) {
    double least = values.stream().mapToDouble(Math::log10).min().orElse(0);
    double most = values.stream().mapToDouble(Math::log10).max().orElse(0);
    return new LogAxis(Math.min(0, least - MARGIN), Math.max(1, most + MARGIN));
  }

  /** Returns where a value lies, in percent of the axis' length. */
  double position(double value) {
    return 100 * (Math.log10(value) - low) / (high - low);
  }

  /** Returns the position as CSS has it. */
  String css(double value) {
    return String.format(Locale.ROOT, "%.2f%%", position(value));
  }

  /** Returns the length from one value to another as CSS has it. */
  String css(double from, double to) {
    return String.format(Locale.ROOT, "%.2f%%", position(to) - position(from));
  }

  /** Returns the powers of ten on the axis. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (double exponent = Math.ceil(low); exponent <= high; exponent++) {
      ticks.add(Math.pow(10, exponent));
    }
    return ticks;
  }

  /** Returns a tick's text, such as {@code 1,000x} or {@code 1/10x}. */
  static String label(double tick) {
    return (tick < 1 ? "1/" + whole(1 / tick) : whole(tick)) + "\u00d7";
  }

  private static String whole(double number) {
    return String.format(Locale.ROOT, "%,.0f", number);
  }
}
