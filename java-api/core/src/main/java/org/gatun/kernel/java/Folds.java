package org.gatun.kernel.java;

import java.util.Arrays;

/**
 * What reductions have of the elements that they have seen, block by block, for one result or for
 * many that see blocks of the same size. A block is summed in the dtype of its elements; blocks are
 * joined in double and in a fixed order: neither the length nor the number of threads changes how
 * exact a result is.
 */
final class Folds {
  private final Statistic statistic;

  /** The sum, the largest element, or the mean. */
  private final double[] values;

  /** What rounding took from the sum, or the sum of the squared deviations from the mean. */
  private final double[] seconds;

  private double count;

  Folds(Statistic statistic, int results) {
    this.statistic = statistic;
    this.values = new double[results];
    this.seconds = new double[results];
    if (statistic == Statistic.MAX) {
      Arrays.fill(values, Double.NEGATIVE_INFINITY);
    }
  }

  /**
   * Joins a block with those before it.
   *
   * @param blockCount the number of its elements
   * @param first the sum, the largest element or the mean of each block
   * @param second the squared deviations from the mean of each, if the variance is asked for
   */
  void join(double blockCount, double[] first, double[] second) {
    switch (statistic) {
      case SUM, MEAN -> joinSums(first);
      case MAX -> joinMaxima(first);
      case VARIANCE -> joinVariances(blockCount, first, second);
    }
    count += blockCount;
  }

  /** By Knuth's sum of two numbers, which gives its own rounding error. */
  private void joinSums(double[] first) {
    for (int j = 0; j < values.length; j++) {
      double before = values[j];
      double sum = before + first[j];
      double added = sum - before;
      seconds[j] += (before - (sum - added)) + (first[j] - added);
      values[j] = sum;
    }
  }

  private void joinMaxima(double[] first) {
    for (int j = 0; j < values.length; j++) {
      values[j] = Math.max(values[j], first[j]);
    }
  }

  /**
   * Source: Chan, Golub, LeVeque, <a
   * href="https://doi.org/10.1080/00031305.1983.10483115">Algorithms for computing the sample
   * variance</a>.
   */
  private void joinVariances(double blockCount, double[] first, double[] second) {
    double total = count + blockCount;
    for (int j = 0; j < values.length; j++) {
      double delta = first[j] - values[j];
      values[j] += delta * (blockCount / total);
      seconds[j] += second[j] + delta * delta * (count / total * blockCount);
    }
  }

  /**
   * Returns the results.
   *
   * @param correction what the variance takes from the number of elements
   */
  double[] results(double correction) {
    double[] results = new double[values.length];
    Arrays.setAll(results, j -> result(j, correction));
    return results;
  }

  private double result(int j, double correction) {
    return switch (statistic) {
      case SUM, MEAN -> statistic.result(count, sum(j), 0, correction);
      case MAX, VARIANCE -> statistic.result(count, values[j], seconds[j], correction);
    };
  }

  /** The rounding error of an infinite sum is no number. */
  private double sum(int j) {
    return Double.isFinite(values[j]) ? values[j] + seconds[j] : values[j];
  }
}
