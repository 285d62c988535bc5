package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.kernel.KernelContext;

/**
 * What attention does with a block of products of queries and keys, row by row, each a query's. The
 * rows lie one behind the other without gaps. A call for each row of a short sequence takes as long
 * as the row does: so these take a block at a time.
 */
interface AttentionRows {
  /** Returns the loops for a floating-point dtype, f32 or f64. */
  static AttentionRows of(KernelContext context, DType dtype) {
    return context.vector() && dtype == DType.F32
        ? WarmingAttentionRows.INSTANCE
        : new LoopsAttentionRows(Loops.of(context, dtype), dtype.byteSize());
  }

  /** Returns what a plan that uses these loops reports. */
  String implementation();

  /**
   * Finds the largest element of each row, negative infinity of none. Of a row with NaN it is any
   * number but that.
   *
   * @param at the address of the first row
   * @param columns the elements of a row
   * @param seen how many of each row count
   * @param max where the largest go
   */
  void max(long at, int rows, int columns, Seen seen, double[] max);

  /**
   * Adds a mask to each row first, then does what {@link #max} does.
   *
   * @param mask the address of the mask's first row, whose elements lie side by side
   * @param maskRow the bytes from one row of the mask to the next
   */
  void maskedMax(long at, int rows, int columns, Seen seen, long mask, long maskRow, double[] max);

  /**
   * Computes {@code exp(x - max)} of each row, and the sums; 0 for elements that do not count, and
   * for all of a row whose largest is negative infinity.
   *
   * @param max the largest of each row
   * @param sums where the sums go
   */
  void exp(long at, int rows, int columns, Seen seen, double[] max, double[] sums);

  /**
   * Divides each row by its number, where that is not 0.
   *
   * @param rowBytes the bytes from one row to the next
   */
  void divide(long at, long rowBytes, int rows, int columns, double[] numbers);

  /**
   * How many elements of a row count: all, or one more from each row to the next.
   *
   * @param first those of the first row
   * @param step 0 or 1
   */
  record Seen(int first, int step) {
    int of(int row, int columns) {
      return Math.min(columns, first + row * step);
    }
  }
}
