package org.gatun.kernel.java;

/** What a reduction computes of each block of elements. */
enum Statistic {
  SUM,
  MEAN,
  MAX,
  VARIANCE;

  /**
   * Computes what {@link Folds#join} takes of a block of elements that lie side by side.
   *
   * @param count the number of elements, at most {@link Loops#BLOCK}
   * @param partial gets three numbers: a sum, the largest element, or the mean as a number of the
   *     dtype; what the mean is more than that; and the sum of the squared deviations from the mean
   */
  void block(Loops loops, long src, long count, double[] partial) {
    switch (this) {
      case SUM, MEAN -> partial[0] = loops.sum(src, count);
      case MAX -> partial[0] = loops.max(src, count);
      case VARIANCE -> {
        // The sum of the deviations corrects what the rounding of the mean did to their squares.
        double center = loops.round(loops.sum(src, count) / count);
        loops.deviations(src, count, center, partial);
        double shift = partial[0] / count;
        partial[2] = partial[1] - shift * shift * count;
        partial[1] = shift;
        partial[0] = center;
      }
    }
  }

  /**
   * Returns the result for elements that have been joined.
   *
   * @param first the sum or the largest element
   * @param squares the squared deviations from the mean
   * @param correction what the variance takes from the number of elements
   */
  double result(double count, double first, double squares, double correction) {
    return switch (this) {
      case SUM, MAX -> first;
      case MEAN -> first / count;
      case VARIANCE -> count == 0 ? Double.NaN : squares / Math.max(0, count - correction);
    };
  }
}
