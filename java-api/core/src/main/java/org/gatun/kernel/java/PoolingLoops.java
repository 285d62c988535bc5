package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.KernelContext;

/**
 * Loops over elements that lie side by side in native memory, of one floating-point dtype, for
 * {@link PoolingKernel}. Positions are in bytes, counts in elements.
 */
interface PoolingLoops {
  /** The bytes of a line: as many elements of one position as fill a cache line. */
  int LINE = 64;

  /** Returns the loops for a floating-point dtype, f32 or f64. */
  static PoolingLoops of(KernelContext context, DType dtype) {
    if (context.vector()) {
      return VectorProvider.poolingLoops(dtype);
    }
    return new ScalarPoolingLoops(dtype);
  }

  /**
   * Returns what a plan that uses these loops reports, {@code java:vector} or {@code java:scalar}.
   */
  String implementation();

  /**
   * Computes {@code dst[j] = the largest src[at[k] + j]} for k from 0 to {@code rows} exclusive,
   * NaN if one of them is, negative infinity if there is none.
   */
  void max(MemorySegment src, long[] at, int rows, MemorySegment dst, long d, long count);

  /** Computes {@code dst[j] = sum over k of src[at[k] + j] / divisor}. */
  void mean(
      MemorySegment src,
      long[] at,
      int rows,
      double divisor,
      MemorySegment dst,
      long d,
      long count);

  /** Computes {@code dst[j] = dst[j] / (divisors[j] * factor)}. */
  void divide(
      MemorySegment dst, long d, MemorySegment divisors, long at, double factor, long count);

  /**
   * Splits elements by their index modulo {@code stride}: {@code dst[phase * length + i] = src[i *
   * stride + phase]}, for as many as {@code count} elements of the source make.
   */
  void split(
      MemorySegment src, long s, long count, int stride, MemorySegment dst, long d, long length);

  /**
   * Stores for each window of {@code width} the line of the largest elements of its lines, NaN
   * where one of them is, negative infinity where it has none. Operands are given by address.
   *
   * @param src where the lines of all positions of {@code width} are
   * @param dst where those of the windows go
   */
  void maxOfLines(long src, WindowAxis width, long dst);

  /**
   * Stores for each window of {@code width} the sum of its lines, divided by {@code divisor}.
   *
   * @param shares whether the divisor is multiplied with the share of the window
   */
  void meanOfLines(long src, WindowAxis width, double divisor, boolean shares, long dst);

  /** Returns the largest element, NaN if there is one, of one or more elements. */
  double max(MemorySegment src, long s, long count);

  /** Returns one element. */
  double get(MemorySegment src, long s);

  /** Stores one element, rounded to the dtype. */
  void set(MemorySegment dst, long d, double value);
}
