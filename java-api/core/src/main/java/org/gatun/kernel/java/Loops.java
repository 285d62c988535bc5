package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.kernel.KernelContext;
import org.gatun.op.BinaryFunction;

/**
 * Loops over elements that lie side by side in native memory, of one floating-point dtype. Operands
 * are given by the address of an element; strides are in bytes, counts in elements.
 *
 * <p>Where elements are read and written at the same position, source and destination may be the
 * same memory.
 */
interface Loops {
  /** The most elements, or the most rows, that one sum adds up before it is joined with others. */
  int BLOCK = 4096;

  /** The most rows that a sum of rows adds up before it is joined with others. */
  int BLOCK_ROWS = 256;

  /** Returns the loops for a floating-point dtype, f32 or f64. */
  static Loops of(KernelContext context, DType dtype) {
    if (context.vector()) {
      return VectorProvider.loops(dtype);
    }
    return dtype == DType.F32 ? ScalarFloatLoops.INSTANCE : ScalarDoubleLoops.INSTANCE;
  }

  /**
   * Returns what a plan that uses these loops reports, {@code java:vector} or {@code java:scalar}.
   */
  String implementation();

  /** Computes {@code dst[i] = f(a[i], b[i])}; a sum, difference, product or quotient. */
  void binary(BinaryFunction function, long a, long b, long dst, long count);

  /** Computes {@code dst[i] = f(a[i], b)}. */
  void binaryRight(BinaryFunction function, long a, double b, long dst, long count);

  /** Computes {@code dst[i] = f(a, b[i])}. */
  void binaryLeft(BinaryFunction function, double a, long b, long dst, long count);

  /** Returns one element. */
  double get(long src);

  /** Reads elements into an array. */
  void get(long src, double[] into, int count);

  /** Stores one element, rounded to the dtype. */
  void set(long dst, double value);

  /** Stores the elements of an array, rounded to the dtype. */
  void set(long dst, double[] from, int count);

  /** Returns a value rounded to the dtype. */
  double round(double value);

  /** Stores a value, rounded to the dtype, in all elements. */
  void fill(long dst, double value, long count);

  /** Returns the sum of at most {@link #BLOCK} elements. */
  double sum(long src, long count);

  /**
   * Computes, of at most {@link #BLOCK} elements, the sum of {@code src[i] - from} into {@code
   * sums[0]} and that of its square into {@code sums[1]}.
   *
   * @param from a number of the dtype
   */
  void deviations(long src, long count, double from, double[] sums);

  /** Returns the largest element, NaN if there is one, of one or more elements. */
  double max(long src, long count);

  /** Returns the index of the first element that equals the value, or that is NaN if it is. */
  long indexOf(long src, long count, double value);

  /**
   * Computes {@code dst[j] = sum over rows of src[row][j]}, of at most {@link #BLOCK_ROWS} rows.
   */
  void sumRows(long src, long rowStride, long rows, long count, long dst);

  /**
   * Computes {@code sum[j] = sum over rows of src[row][j] - from[j]} and the sum of its square, of
   * at most {@link #BLOCK_ROWS} rows.
   */
  void deviationsOfRows(
      long src, long rowStride, long rows, long count, long from, long sum, long square);

  /** Computes {@code max[j] = the largest of max[j] and src[row][j]}, NaN if one of them is. */
  void maxRows(long src, long rowStride, long rows, long count, long max);

  /**
   * Computes {@code max[j] = the larger of max[j] and src[j]}, NaN if one of them is; where that
   * changes {@code max[j]}, stores {@code index} in {@code where[j]}, an integer as wide as the
   * dtype.
   */
  void maxWithIndex(long src, long index, long max, long where, long count);

  /** Returns one of the integers that {@link #maxWithIndex} stores. */
  long index(long where);

  /** Computes {@code dst[i] = exp(src[i] - max)}. */
  void exp(long src, double max, long dst, long count);

  /** Computes {@code dst[j] = exp(src[j] - max[j])}. */
  void expByColumn(long src, long max, long dst, long count);
}
