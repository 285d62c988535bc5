package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.KernelContext;

/**
 * Loops over elements that lie side by side in native memory, of one floating-point dtype, for
 * {@link NormalizationKernel} and for means. Positions and strides are in bytes, counts in
 * elements.
 *
 * <p>What is summed here is summed in the dtype, over at most a block; who calls joins the blocks
 * in double. Moments are taken around a value near the mean, so that nothing cancels.
 */
interface StatisticsLoops {
  /** The most elements that one sum adds up. */
  int BLOCK = 4096;

  /** The most rows that one sum of rows adds up. */
  int BLOCK_ROWS = 256;

  /** Returns the loops for a floating-point dtype, f32 or f64. */
  static StatisticsLoops of(KernelContext context, DType dtype) {
    if (context.vector()) {
      return VectorProvider.statisticsLoops(dtype);
    }
    return new ScalarStatisticsLoops(dtype);
  }

  /**
   * Returns what a plan that uses these loops reports, {@code java:vector} or {@code java:scalar}.
   */
  String implementation();

  /** Returns the sum of at most {@link #BLOCK} elements. */
  double sum(MemorySegment src, long s, long count);

  /**
   * Stores the sum of {@code src[i] - around} and that of its squares in {@code sums[at]} and
   * {@code sums[at + 1]}, of at most {@link #BLOCK} elements.
   *
   * @param around a value of the dtype
   */
  void moments(MemorySegment src, long s, long count, double around, double[] sums, int at);

  /** Computes {@code dst[i] = (src[i] - mean) * scale + shift}. */
  void normalize(
      MemorySegment src,
      long s,
      MemorySegment dst,
      long d,
      long count,
      double mean,
      double scale,
      double shift);

  /** Computes {@code dst[i] = ((src[i] - mean) * scale + shift) * weight[i] + bias[i]}. */
  void normalize(
      MemorySegment src,
      long s,
      MemorySegment dst,
      long d,
      long count,
      double mean,
      double scale,
      double shift,
      MemorySegment weight,
      MemorySegment bias,
      long p);

  /**
   * Computes {@code dst[j] = sum over rows of src[row][j]}, of at most {@link #BLOCK_ROWS} rows.
   */
  void sumRows(
      MemorySegment src, long s, long rowStride, long rows, long count, MemorySegment dst, long d);

  /**
   * Computes the sums over rows of {@code src[row][j] - around[j]} and of its squares, of at most
   * {@link #BLOCK_ROWS} rows.
   */
  void momentsOfRows(
      MemorySegment src,
      long s,
      long rowStride,
      long rows,
      long count,
      MemorySegment around,
      MemorySegment sums,
      MemorySegment squares);

  /** Computes {@code dst[row][j] = (src[row][j] - mean[j]) * scale[j] + shift[j]}. */
  void normalizeRows(
      MemorySegment src,
      long s,
      MemorySegment dst,
      long d,
      long rowStride,
      long rows,
      long count,
      MemorySegment mean,
      MemorySegment scale,
      MemorySegment shift);

  /** Reads as many elements as the array has. */
  void read(MemorySegment src, long s, double[] into);

  /** Returns one element. */
  double get(MemorySegment src, long s);

  /** Stores one element, rounded to the dtype. */
  void set(MemorySegment dst, long d, double value);

  /** Returns a value rounded to the dtype. */
  double rounded(double value);
}
