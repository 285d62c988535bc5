package org.gatun.benchmarks.peers;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Whether two peers computed the same: {@code max |a - b| <= tolerance max |b|}. */
final class Agreement {
  /** Sums of products in f32, in whatever order. */
  static final double OF_OPERATORS = 1e-4;

  /** A hundred layers of them. */
  static final double OF_MODELS = 1e-3;

  /** A rounding of activations that tips moves a whole step of the integers, in any runtime. */
  static final double OF_INTEGERS = 0.2;

  private Agreement() {}

  /** Returns what is wrong, or null where they agree. */
  static @Nullable String complaint(
      @Nullable FloatBuffer expected, FloatBuffer actual, double tolerance) {
    if (expected == null) {
      return "nothing to compare with";
    }
    if (expected.limit() != actual.limit()) {
      return "%d elements, expected %d".formatted(actual.limit(), expected.limit());
    }
    for (int i = 0; i < expected.limit(); i++) {
      if (Float.isNaN(expected.get(i)) != Float.isNaN(actual.get(i))) {
        return "element %d is %s, expected %s".formatted(i, actual.get(i), expected.get(i));
      }
    }
    double difference = difference(expected, actual);
    return difference <= tolerance
        ? null
        : "differs by %.2g of the largest element".formatted(difference);
  }

  /** Returns {@code max |a - b| / max |b|} of as many elements, without those that are NaN. */
  static double difference(FloatBuffer expected, FloatBuffer actual) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.limit(); i++) {
      // Infinities of one sign are as far apart as they should be.
      double apart =
          expected.get(i) == actual.get(i) ? 0 : Math.abs(expected.get(i) - (double) actual.get(i));
      difference = Double.isNaN(apart) ? difference : Math.max(difference, apart);
      size = Float.isNaN(expected.get(i)) ? size : Math.max(size, Math.abs(expected.get(i)));
    }
    return difference == 0 ? 0 : difference / size;
  }
}
