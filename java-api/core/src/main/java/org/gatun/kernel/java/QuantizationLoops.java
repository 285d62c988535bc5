package org.gatun.kernel.java;

import org.gatun.kernel.KernelContext;
import org.jspecify.annotations.Nullable;

/**
 * The loops of quantization that are hot, over elements that lie side by side in native memory.
 * Each takes as many elements as there are whole vectors of and returns how many that were; loops
 * over arrays do the rest, and all where there is no Vector API. Both give the same bits.
 */
interface QuantizationLoops {
  /** Returns the loops, or null where there is no Vector API. */
  static @Nullable QuantizationLoops of(KernelContext context) {
    return context.vector() ? WarmingQuantizationLoops.INSTANCE : null;
  }

  /**
   * Where integers go, and what is left of numbers beyond them.
   *
   * @param zero the zero point
   * @param low the least integer
   * @param high the largest
   */
  record Bounds(int zero, int low, int high) {}

  /** Computes {@code dst[i] = saturate(round(src[i] / scale) + zero)}, f32 to bytes. */
  long quantize(long src, long dst, long count, float scale, Bounds bounds);

  /** Computes {@code dst[i] = (src[i] - zero) * scale}, bytes to f32. */
  long dequantize(long src, boolean unsigned, long dst, long count, int zero, float scale);

  /** Puts the least and the largest element and 0 in the first and second place of an array. */
  long range(long src, long count, float[] bounds);

  /** Returns the loop's part of a row of sums; see {@link QuantizedRow}. */
  int row(long sums, long dst, int count, RowTerms terms);

  /**
   * What becomes of a row of i32 sums, column by column.
   *
   * @param zero what {@code corrections} are multiplied with and taken away
   * @param corrections for each column, if zero is not 0
   * @param rowSum what {@code zeros} are multiplied with and taken away
   * @param zeros for each column, or null
   * @param addends added to the sums, or null
   * @param factors what sums are multiplied with, as f32
   * @param bias added then, or null
   * @param divisor what that is divided by, if there is a bias and there are bounds
   * @param bounds of the integers to round to, or null for f32
   */
  record RowTerms(
      int zero,
      int[] corrections,
      int rowSum,
      int @Nullable [] zeros,
      int @Nullable [] addends,
      float[] factors,
      float @Nullable [] bias,
      float divisor,
      @Nullable Bounds bounds) {}
}
