package org.gatun.kernel.java;

/**
 * Numbers rounded to integers, half to even, and kept within bounds, as plain loops over arrays,
 * which the compiler turns into vector code: it knows no vector rounding of floats.
 */
final class Rounding {
  /**
   * What is added to a number and taken away again, so that the digits behind the point fall off:
   * from here to twice as much floats are the integers. Exact up to 2^22 either way.
   */
  private static final float WHOLE = 0x1.8p23f;

  private static final double WHOLE_DOUBLE = 0x1.8p52;

  private Rounding() {}

  /**
   * Sets {@code q = saturate(round(x) + zero)}; what is not a number gives {@code zero}.
   *
   * @param low the least value of q, 2^21 or less away from 0
   * @param high the largest, likewise
   */
  static void round(float[] x, int count, int zero, int low, int high, int[] q) {
    float least = low - zero;
    float most = high - zero;
    for (int i = 0; i < count; i++) {
      float within = Math.min(Math.max(x[i], least), most);
      q[i] = (int) ((within + WHOLE) - WHOLE) + zero;
    }
  }

  /** Likewise, each number with a zero of its own. */
  static void round(float[] x, int count, int[] zero, int low, int high, int[] q) {
    for (int i = 0; i < count; i++) {
      float within = Math.min(Math.max(x[i], (float) (low - zero[i])), (float) (high - zero[i]));
      q[i] = (int) ((within + WHOLE) - WHOLE) + zero[i];
    }
  }

  /** Likewise of doubles. */
  static void round(double[] x, int count, int zero, int low, int high, int[] q) {
    double least = low - zero;
    double most = high - zero;
    for (int i = 0; i < count; i++) {
      double within = Math.min(Math.max(x[i], least), most);
      q[i] = (int) ((within + WHOLE_DOUBLE) - WHOLE_DOUBLE) + zero;
    }
  }

  /** Likewise of doubles, each with a zero of its own. */
  static void round(double[] x, int count, int[] zero, int low, int high, int[] q) {
    for (int i = 0; i < count; i++) {
      double within = Math.min(Math.max(x[i], (double) (low - zero[i])), (double) (high - zero[i]));
      q[i] = (int) ((within + WHOLE_DOUBLE) - WHOLE_DOUBLE) + zero[i];
    }
  }

  /** Returns one number rounded. */
  static int round(double x, int zero, int low, int high) {
    double within = Math.min(Math.max(x, (double) low - zero), (double) high - zero);
    return (int) Math.rint(within) + zero;
  }
}
