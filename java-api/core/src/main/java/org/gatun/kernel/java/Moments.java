package org.gatun.kernel.java;

/** The arithmetic of means and variances that the normalizations share. */
final class Moments {
  private Moments() {}

  /**
   * Returns the value that means of blocks are told relative to: the element itself. So they are as
   * exact as the deviations of the elements, however far from zero these lie.
   */
  static double pivot(double element) {
    return Double.isFinite(element) ? element : 0;
  }

  /**
   * Turns the sums of differences from a value, and of their squares, into the mean of the
   * elements, less the pivot, and the sum of their squared deviations from it.
   *
   * @param sums the first sum stands at {@code at}, the second behind it
   * @param around what was subtracted from each element
   */
  static void settle(double[] sums, int at, double count, double around, double pivot) {
    if (Double.isInfinite(around)) {
      // The differences are NaN, but the mean is not.
      sums[at] = around;
      sums[at + 1] = Double.NaN;
      return;
    }
    double sum = sums[at];
    sums[at] = around - pivot + sum / count;
    sums[at + 1] = Math.max(0, sums[at + 1] - sum * sum / count);
  }

  /**
   * Returns what is added to {@code (x - center) * scale}, where the center is the mean rounded to
   * the dtype: the bias, less what the rounding took away. So the mean counts in double.
   */
  static double shift(double mean, double center, double scale, double bias) {
    double correction = (mean - center) * scale;
    // An infinite mean or scale leaves nothing to correct.
    return Double.isFinite(correction) ? bias - correction : bias;
  }
}
