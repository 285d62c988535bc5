package org.gatun.cli.bench;

import java.util.Arrays;

/**
 * How long one run takes, in nanoseconds: the median over rounds, and the quartiles around it.
 *
 * @param runs how many runs were measured in all
 */
public record Timing(double median, double lower, double upper, long runs) {
  /** Returns the timing of rounds that took so long for each of their runs. */
  static Timing of(double[] rounds, long runs) {
    double[] sorted = rounds.clone();
    Arrays.sort(sorted);
    return new Timing(quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75), runs);
  }

  private static double quantile(double[] sorted, double q) {
    double at = q * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** Returns the median in microseconds. */
  public double micros() {
    return median / 1e3;
  }
}
