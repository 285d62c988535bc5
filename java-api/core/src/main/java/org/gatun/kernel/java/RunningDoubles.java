package org.gatun.kernel.java;

import java.util.Arrays;
import org.gatun.DType;
import org.gatun.op.ScanFunction;

/**
 * What a scan of floating-point elements has of those that it has seen, for one line or for many
 * side by side.
 */
final class RunningDoubles {
  /** Elements of a line that are added up on their own: as many sums run at a time as fit. */
  private static final int SEGMENT = 64;

  private final ScanFunction function;

  /** Sums of floats need no compensation: a double has digits to spare. */
  private final boolean compensated;

  /** The sum, product or extremum so far, or what exponents are relative to. */
  private final double[] values;

  /** What rounding took from the sum. */
  private final double[] lost;

  /** The sum of the exponentials of what elements are less than the largest so far. */
  private final double[] exponentials;

  /** Where the extremum is. */
  private final long[] indices;

  RunningDoubles(ScanFunction function, DType dtype, int lines) {
    this.function = function;
    this.compensated = dtype == DType.F64;
    this.values = new double[lines];
    this.lost = new double[lines];
    this.exponentials = new double[function == ScanFunction.LOGCUMSUMEXP ? lines : 0];
    this.indices = new long[function.hasIndices() ? lines : 0];
    restart();
  }

  /** Forgets what was seen. */
  void restart() {
    double nothing =
        switch (function) {
          case CUMMAX, LOGCUMSUMEXP -> Double.NEGATIVE_INFINITY;
          case CUMMIN -> Double.POSITIVE_INFINITY;
          case CUMPROD -> 1;
          case CUMSUM -> 0;
        };
    Arrays.fill(values, nothing);
    Arrays.fill(lost, 0);
    Arrays.fill(exponentials, 0);
    Arrays.fill(indices, 0);
  }

  /**
   * Replaces the next elements of one line by results.
   *
   * @param first the index of the first of them
   * @param where gets indices, where there are some
   */
  void along(double[] x, int count, long first, long[] where) {
    switch (function) {
      case CUMSUM -> sums(x, count);
      case CUMPROD -> products(x, count);
      case CUMMAX, CUMMIN -> {
        for (int i = 0; i < count; i++) {
          extremum(0, x[i], first + i);
          x[i] = values[0];
          where[i] = indices[0];
        }
      }
      case LOGCUMSUMEXP -> {
        for (int i = 0; i < count; i++) {
          x[i] = logSum(0, x[i]);
        }
      }
    }
  }

  /**
   * Replaces one element of each line by a result.
   *
   * @param index where they are in their lines
   * @param where gets indices, where there are some
   */
  void across(double[] x, int count, long index, long[] where) {
    switch (function) {
      case CUMSUM -> sumsOfLines(x, count);
      case CUMPROD -> {
        for (int j = 0; j < count; j++) {
          values[j] *= x[j];
          x[j] = values[j];
        }
      }
      case CUMMAX, CUMMIN -> {
        for (int j = 0; j < count; j++) {
          extremum(j, x[j], index);
          x[j] = values[j];
          where[j] = indices[j];
        }
      }
      case LOGCUMSUMEXP -> {
        for (int j = 0; j < count; j++) {
          x[j] = logSum(j, x[j]);
        }
      }
    }
  }

  /**
   * Short sums first, four at a time since each addition waits for the one before; then what came
   * before them, which is compensated.
   */
  private void sums(double[] x, int count) {
    int i = 0;
    for (; i <= count - 4 * SEGMENT; i += 4 * SEGMENT) {
      fourSums(x, i);
      for (int j = i; j < i + 4 * SEGMENT; j += SEGMENT) {
        raise(x, j, SEGMENT);
      }
    }
    for (; i < count; i += SEGMENT) {
      int n = Math.min(SEGMENT, count - i);
      for (int j = i + 1; j < i + n; j++) {
        x[j] += x[j - 1];
      }
      raise(x, i, n);
    }
  }

  private static void fourSums(double[] x, int from) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    for (int i = from; i < from + SEGMENT; i++) {
      sum0 += x[i];
      sum1 += x[i + SEGMENT];
      sum2 += x[i + 2 * SEGMENT];
      sum3 += x[i + 3 * SEGMENT];
      x[i] = sum0;
      x[i + SEGMENT] = sum1;
      x[i + 2 * SEGMENT] = sum2;
      x[i + 3 * SEGMENT] = sum3;
    }
  }

  /** Adds to sums what came before them, and the last of them to that. */
  private void raise(double[] x, int from, int count) {
    double sum = values[0];
    double more = lost[0];
    double total = x[from + count - 1];
    for (int i = from; i < from + count; i++) {
      x[i] = sum + (x[i] + more);
    }
    add(values, 0, total);
  }

  /** By Knuth's sum of two numbers, which gives its own rounding error. */
  private void add(double[] sums, int line, double x) {
    double before = sums[line];
    double sum = before + x;
    double added = sum - before;
    double error = (before - (sum - added)) + (x - added);
    sums[line] = sum;
    // The rounding error of an infinite sum is no number.
    lost[line] = Math.abs(sum) <= Double.MAX_VALUE ? lost[line] + error : 0;
  }

  private void sumsOfLines(double[] x, int count) {
    if (!compensated) {
      for (int j = 0; j < count; j++) {
        values[j] += x[j];
        x[j] = values[j];
      }
      return;
    }
    for (int j = 0; j < count; j++) {
      add(values, j, x[j]);
      x[j] = values[j] + lost[j];
    }
  }

  private void products(double[] x, int count) {
    double product = values[0];
    for (int i = 0; i < count; i++) {
      product *= x[i];
      x[i] = product;
    }
    values[0] = product;
  }

  private void extremum(int line, double x, long index) {
    double before = values[line];
    boolean beyond = function == ScanFunction.CUMMAX ? x >= before : x <= before;
    if (Double.isNaN(x) || (!Double.isNaN(before) && beyond)) {
      values[line] = x;
      indices[line] = index;
    }
  }

  /** The largest element so far, and the sum of exponentials of what the others are less. */
  private double logSum(int line, double x) {
    double max = values[line];
    if (Double.isNaN(x) || Double.isNaN(max)) {
      values[line] = Double.NaN;
      return Double.NaN;
    }
    if (x > max) {
      double factor = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(max - x);
      exponentials[line] *= factor;
      lost[line] *= factor;
      add(exponentials, line, 1);
      values[line] = x;
    } else if (Double.isFinite(max)) {
      add(exponentials, line, Math.exp(x - max));
    }
    max = values[line];
    return Double.isInfinite(max) ? max : max + Math.log(exponentials[line] + lost[line]);
  }
}
