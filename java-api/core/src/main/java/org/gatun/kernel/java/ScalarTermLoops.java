package org.gatun.kernel.java;

import java.util.Arrays;
import org.gatun.DType;

/**
 * Loops over terms in plain Java, in double: elements go through arrays, whose loops the compiler
 * turns into vector code by itself.
 */
final class ScalarTermLoops implements TermLoops {
  /** Results that a block of elements is reduced to first, side by side. */
  private static final int WIDTH = 128;

  private final DType dtype;

  ScalarTermLoops(DType dtype) {
    this.dtype = dtype;
  }

  @Override
  public double sum(Term term, long src, long count) {
    return sum(dtype, term, 0, src, count);
  }

  /** Returns the sum of a term of the elements. */
  static double sum(DType dtype, Term term, double power, long src, long count) {
    double[] sums = new double[(int) Math.min(WIDTH, count)];
    double[] x = new double[sums.length];
    float[] buffer = new float[sums.length];
    for (long i = 0; i < count; i += WIDTH) {
      int n = (int) Math.min(WIDTH, count - i);
      ElementRows.read(dtype, src + i * dtype.byteSize(), dtype.byteSize(), x, n, buffer);
      addTerms(term, power, x, sums, n);
    }
    return addPairs(sums);
  }

  /** Returns the sum of all, which is left in the first. */
  static double addPairs(double[] sums) {
    int n = sums.length;
    while (n > 1) {
      int half = (n + 1) / 2;
      for (int i = 0; i < n - half; i++) {
        sums[i] += sums[i + half];
      }
      n = half;
    }
    return n == 0 ? 0 : sums[0];
  }

  @Override
  public double max(Term term, long src, long count) {
    double[] maxima = new double[(int) Math.min(WIDTH, count)];
    Arrays.fill(maxima, Double.NEGATIVE_INFINITY);
    double[] x = new double[maxima.length];
    float[] buffer = new float[maxima.length];
    for (long i = 0; i < count; i += WIDTH) {
      int n = (int) Math.min(WIDTH, count - i);
      ElementRows.read(dtype, src + i * dtype.byteSize(), dtype.byteSize(), x, n, buffer);
      raiseToTerms(term, x, maxima, n);
    }
    double max = maxima[0];
    for (double other : maxima) {
      max = Math.max(max, other);
    }
    return max;
  }

  @Override
  public double product(long src, long count) {
    return product(dtype, src, count);
  }

  /** Returns the product of the elements. */
  static double product(DType dtype, long src, long count) {
    double[] products = new double[(int) Math.min(WIDTH, count)];
    Arrays.fill(products, 1);
    double[] x = new double[products.length];
    float[] buffer = new float[products.length];
    for (long i = 0; i < count; i += WIDTH) {
      int n = (int) Math.min(WIDTH, count - i);
      ElementRows.read(dtype, src + i * dtype.byteSize(), dtype.byteSize(), x, n, buffer);
      multiply(x, products, n);
    }
    int n = products.length;
    while (n > 1) {
      int half = (n + 1) / 2;
      for (int i = 0; i < n - half; i++) {
        products[i] *= products[i + half];
      }
      n = half;
    }
    return n == 0 ? 1 : products[0];
  }

  /** Multiplies each product by an element. */
  static void multiply(double[] x, double[] products, int count) {
    for (int i = 0; i < count; i++) {
      products[i] *= x[i];
    }
  }

  /** Adds the term of an element to each sum. */
  static void addTerms(Term term, double power, double[] x, double[] sums, int count) {
    switch (term) {
      case ITSELF -> addItself(x, sums, count);
      case MAGNITUDE -> addMagnitudes(x, sums, count);
      case SQUARE -> addSquares(x, sums, count);
      case NUMBER -> addNumbers(x, sums, count);
      case NONZERO -> countNonzero(x, sums, count);
      case POWER -> addPowers(power, x, sums, count);
      case NEGATED, NEGATED_MAGNITUDE -> throw new AssertionError("no sum of " + term);
    }
  }

  private static void addItself(double[] x, double[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += x[i];
    }
  }

  private static void addMagnitudes(double[] x, double[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += Math.abs(x[i]);
    }
  }

  private static void addSquares(double[] x, double[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += x[i] * x[i];
    }
  }

  private static void addNumbers(double[] x, double[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += Double.isNaN(x[i]) ? 0 : x[i];
    }
  }

  private static void countNonzero(double[] x, double[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += x[i] == 0 ? 0 : 1;
    }
  }

  private static void addPowers(double power, double[] x, double[] sums, int count) {
    if (power == 3) {
      for (int i = 0; i < count; i++) {
        sums[i] += Math.abs(x[i]) * x[i] * x[i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        sums[i] += Math.pow(Math.abs(x[i]), power);
      }
    }
  }

  /** Raises each maximum to the term of an element where that is larger, or NaN. */
  static void raiseToTerms(Term term, double[] x, double[] maxima, int count) {
    switch (term) {
      case ITSELF -> {
        for (int i = 0; i < count; i++) {
          maxima[i] = Math.max(maxima[i], x[i]);
        }
      }
      case NEGATED -> {
        for (int i = 0; i < count; i++) {
          maxima[i] = Math.max(maxima[i], -x[i]);
        }
      }
      case MAGNITUDE -> {
        for (int i = 0; i < count; i++) {
          maxima[i] = Math.max(maxima[i], Math.abs(x[i]));
        }
      }
      case NEGATED_MAGNITUDE -> {
        for (int i = 0; i < count; i++) {
          maxima[i] = Math.max(maxima[i], -Math.abs(x[i]));
        }
      }
      case SQUARE, NUMBER, NONZERO, POWER -> throw new AssertionError("no maximum of " + term);
    }
  }
}
