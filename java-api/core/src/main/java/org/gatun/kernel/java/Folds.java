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

  /** The sum, the largest term, the product, or what the mean is more than the origin. */
  private final double[] values;

  /** What rounding took from the sum, or the sum of the squared deviations from the mean. */
  private final double[] seconds;

  /** The center of the first block: means far from 0 would lose digits that the variance needs. */
  private final double[] origins;

  /** The sum of the blocks' centers: infinite where an element is, when other means are NaN. */
  private final double[] centers;

  private double count;

  Folds(Statistic statistic, int results) {
    this.statistic = statistic;
    this.values = new double[results];
    this.seconds = new double[results];
    this.origins = statistic.join() == Statistic.Join.MOMENTS ? new double[results] : seconds;
    this.centers = statistic.join() == Statistic.Join.MOMENTS ? new double[results] : seconds;
    statistic.start(values);
  }

  /**
   * Joins blocks of sums, of largest terms or of products with those before.
   *
   * @param blockCount the number of elements of each block
   */
  void join(double blockCount, double[] first) {
    switch (statistic.join()) {
      case SUM -> joinSums(first);
      case MAX -> joinMaxima(first);
      case PRODUCT -> ScalarTermLoops.multiply(first, values, values.length);
      case MOMENTS -> throw new AssertionError("moments are three numbers for each result");
    }
    count += blockCount;
  }

  /** Joins what others have seen after those before. */
  void join(Folds others) {
    switch (statistic.join()) {
      case SUM -> {
        joinSums(others.values);
        for (int j = 0; j < values.length; j++) {
          seconds[j] += others.seconds[j];
        }
        count += others.count;
      }
      case MAX, PRODUCT -> join(others.count, others.values);
      case MOMENTS -> {
        join(others.count, others.origins, others.values, others.seconds);
        for (int j = 0; j < values.length; j++) {
          centers[j] += others.centers[j];
        }
      }
    }
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
   * @param blockCenters the mean of each block, rounded
   * @param shifts what the mean is more than that
   * @param squares the sum of the squared deviations from the mean
   */
  void join(double blockCount, double[] blockCenters, double[] shifts, double[] squares) {
    if (count == 0) {
      System.arraycopy(blockCenters, 0, origins, 0, origins.length);
    }
    double total = count + blockCount;
    for (int j = 0; j < values.length; j++) {
      double delta = blockCenters[j] - origins[j] + shifts[j] - values[j];
      centers[j] += blockCenters[j];
      values[j] += delta * (blockCount / total);
      seconds[j] += squares[j] + delta * delta * (count / total * blockCount);
    }
    count = total;
  }

  /** Returns the results. */
  double[] results() {
    double[] results = new double[values.length];
    Arrays.setAll(results, this::result);
    return results;
  }

  private double result(int j) {
    return switch (statistic.join()) {
      case SUM -> statistic.result(count, sum(j), 0);
      case MAX, PRODUCT -> statistic.result(count, values[j], 0);
      case MOMENTS -> statistic.result(count, values[j], seconds[j]);
    };
  }

  /** Returns the means of elements whose moments were joined. */
  double[] means() {
    double[] means = new double[values.length];
    Arrays.setAll(means, j -> count == 0 ? Double.NaN : mean(origins[j] + values[j], centers[j]));
    return means;
  }

  /** Returns a mean, or what is infinite about it: a deviation from infinity is no number. */
  static double mean(double mean, double center) {
    return Double.isNaN(mean) ? center : mean;
  }

  /** The rounding error of an infinite sum is no number. */
  private double sum(int j) {
    return Double.isFinite(values[j]) ? values[j] + seconds[j] : values[j];
  }
}
