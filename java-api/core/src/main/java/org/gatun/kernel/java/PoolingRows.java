package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.kernel.KernelContext;

/**
 * Loops over vectors of one floating-point dtype that lie here and there, for {@link StripPooling}.
 * Operands are given by address, distances in bytes, counts in elements. The largest of elements is
 * NaN if one of them is.
 *
 * <p>Vector i is read from {@code src + from[i]} and from so many places at equal distances as
 * there are taps, and written to {@code dst + to[i]}. With a stride of 2 every other element is
 * read.
 */
interface PoolingRows {
  /** Returns the loops for a floating-point dtype, f32 or f64. */
  static PoolingRows of(KernelContext context, DType dtype) {
    return context.vector() ? VectorProvider.poolingRows(dtype) : new ScalarPoolingRows(dtype);
  }

  /**
   * Returns what a plan that uses these loops reports, {@code java:vector} or {@code java:scalar}.
   */
  String implementation();

  /** Returns the elements of a vector. */
  int lanes();

  /** Stores a value in all elements. */
  void fill(long dst, long count, double value);

  /**
   * Stores the largest elements of the taps.
   *
   * @param stride 1 or 2
   * @param tap the distance of two taps
   * @param taps 1 or more
   * @param vectors how many of the places there are vectors at
   */
  void max(long src, int stride, long tap, int taps, long[] from, long dst, long[] to, int vectors);

  /**
   * The same of vectors of which only the first elements are written, and with a stride of 1 read.
   *
   * @param some how many
   */
  void max(
      long src,
      int stride,
      long tap,
      int taps,
      long[] from,
      long dst,
      long[] to,
      int vectors,
      int some);

  /** Stores the sums of the taps, divided by {@code divisor}. */
  void mean(
      long src,
      int stride,
      long tap,
      int taps,
      long[] from,
      double divisor,
      long dst,
      long[] to,
      int vectors);

  /** The same of vectors of which only the first elements are written. */
  void mean(
      long src,
      int stride,
      long tap,
      int taps,
      long[] from,
      double divisor,
      long dst,
      long[] to,
      int vectors,
      int some);
}
