package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.kernel.KernelContext;
import org.jspecify.annotations.Nullable;

/**
 * Loops over several rows at a time, each of elements that lie side by side in native memory. Rows
 * of some hundred elements take about as long as it takes to get to them, one by one, and to add up
 * the lanes of a vector.
 *
 * <p>Rows are given by the address of the first one and the bytes from one to the next. What is
 * computed of a row does not depend on which rows are computed with it. Arrays have room for {@link
 * #MOST_ROWS} numbers, of which those behind the last row are of no particular value.
 */
interface RowLoops {
  /** The most rows that a loop takes, a multiple of 4. */
  int MOST_ROWS = 16;

  /** How many floats the loops want for themselves. */
  int SCRATCH = (MOST_ROWS + MOST_ROWS / 4) * 16;

  /** Returns the loops for a dtype, or null where there are none. */
  static @Nullable RowLoops of(KernelContext context, DType dtype) {
    return context.vector() && dtype == DType.F32 ? VectorProvider.rows() : null;
  }

  /** Computes the sum of each row. */
  void sums(long src, long stride, int rows, long count, double[] sums, float[] scratch);

  /** Computes the largest element of each row of one or more, NaN if there is one. */
  void maxima(long src, long stride, int rows, long count, double[] maxima, float[] scratch);

  /** Computes the smallest element of each row of one or more, NaN if there is one. */
  void minima(long src, long stride, int rows, long count, double[] minima, float[] scratch);

  /**
   * Computes {@code dst[i] = exp(src[i] - shift)} of each row, and their sums, where no element is
   * above the shift. Where one is NaN, or the shift is not finite, results are anything.
   */
  void exps(
      long src,
      long stride,
      long dst,
      long dstStride,
      int rows,
      long count,
      double[] shifts,
      double[] sums,
      float[] scratch);

  /** Computes the sum of {@code exp(src[i] - shift)} of each row, as {@link #exps} does. */
  void sumsOfExps(
      long src, long stride, int rows, long count, double[] shifts, double[] sums, float[] scratch);

  /** Computes {@code dst[i] *= factor} of each row. */
  void scale(long dst, long stride, int rows, long count, double[] factors);
}
