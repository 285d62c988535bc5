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

  /** The sum, the largest element, or what the mean is more than the origin. */
  private final double[] values;

  /** What rounding took from the sum, or the sum of the squared deviations from the mean. */
  private final double[] seconds;

  /** The center of the first block: means far from 0 would lose digits that the variance needs. */
  private final double[] origins;

  private double count;

  Folds(Statistic statistic, int results) {
    this.statistic = statistic;
    this.values = new double[results];
    this.seconds = new double[results];
    this.origins = statistic == Statistic.VARIANCE ? new double[results] : seconds;
    if (statistic == Statistic.MAX) {
      Arrays.fill(values, Double.NEGATIVE_INFINITY);
    }
  }

  /**
   * Joins blocks of sums or of largest elements with those before.
   *
   * @param blockCount the number of elements of each block
   */
  void join(double blockCount, double[] first) {
    if (statistic == Statistic.MAX) {
      joinMaxima(first);
    } else {
      joinSums(first);
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
   * Joins blocks for a variance.
   *
   * <p>Source: Chan, Golub, LeVeque, <a
   * href="https://doi.org/10.1080/00031305.1983.10483115">Algorithms for computing the sample
   * variance</a>.
   *
   * @param blockCount the number of elements of each block
   * @param centers the mean of each block, rounded
   * @param shifts what the mean is more than that
   * @param squares the sum of the squared deviations from the mean
   */
  void join(double blockCount, double[] centers, double[] shifts, double[] squares) {
    if (count == 0) {
      System.arraycopy(centers, 0, origins, 0, origins.length);
    }
    double total = count + blockCount;
    for (int j = 0; j < values.length; j++) {
      double delta = centers[j] - origins[j] + shifts[j] - values[j];
      values[j] += delta * (blockCount / total);
      seconds[j] += squares[j] + delta * delta * (count / total * blockCount);
    }
    count = total;
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
