package org.gatun.safety.programs;

import java.util.SplittableRandom;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;

/** Which numbers a tensor begins with; they follow from a seed. */
public sealed interface Values {
  /** Real numbers of a kind; in a tensor of whole numbers, small ones and the dtype's bounds. */
  enum Kind implements Values {
    /** Between -2 and 2. */
    NORMAL,

    /** Few different ones, so that some are equal: 0, 1, -1, 2, 0.5. */
    FEW,

    /** Some NaN, infinite or zero of either sign. */
    SPECIAL,

    /** Smaller than any normal number of the dtype, or little larger. */
    TINY,

    /** Up to the largest of the dtype. */
    LARGE
  }

  /** Whole numbers, both bounds included. */
  record Whole(long low, long high) implements Values {}

  /** Real numbers between two bounds. */
  record Between(double low, double high) implements Values {}

  /** Draws numbers, exact in their dtype. */
  default NdArray draw(DType dtype, Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    NdArray array = NdArray.zeros(dtype, shape);
    double[] x = array.values();
    for (int i = 0; i < x.length; i++) {
      x[i] =
          switch (this) {
            case Whole(long low, long high) -> random.nextLong(low, high + 1);
            case Between(double low, double high) -> low + (high - low) * random.nextDouble();
            case Kind kind -> dtype.isFloating() ? real(kind, dtype, random) : whole(dtype, random);
          };
    }
    return Elements.rounded(array);
  }

  private static double real(Kind kind, DType dtype, SplittableRandom random) {
    double normal = 4 * random.nextDouble() - 2;
    return switch (kind) {
      case NORMAL -> normal;
      case FEW -> new double[] {0, 1, -1, 2, 0.5}[random.nextInt(5)];
      case SPECIAL ->
          switch (random.nextInt(16)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            case 3, 4 -> 0.0;
            case 5, 6 -> -0.0;
            default -> normal;
          };
      case TINY -> normal * Math.scalb(1.0, leastExponent(dtype) - random.nextInt(12));
      case LARGE -> Math.scalb(normal / 2, random.nextInt(largestExponent(dtype) + 1));
    };
  }

  private static int leastExponent(DType dtype) {
    return dtype == DType.F64 ? Double.MIN_EXPONENT : dtype == DType.F16 ? -14 : -126;
  }

  private static int largestExponent(DType dtype) {
    return dtype == DType.F64 ? Double.MAX_EXPONENT : dtype == DType.F16 ? 15 : 127;
  }

  private static double whole(DType dtype, SplittableRandom random) {
    if (dtype == DType.BOOL) {
      return random.nextInt(2);
    }
    boolean signed = dtype != DType.U8;
    // Of i64 what a double holds: the reference computes in these.
    int bits = Math.min(8 * dtype.byteSize(), 32) - (signed ? 1 : 0);
    return switch (random.nextInt(12)) {
      case 0 -> (1L << bits) - 1;
      case 1 -> signed ? -(1L << bits) : 0;
      default -> random.nextInt(signed ? -9 : 0, 10);
    };
  }
}
