package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.kernel.KernelContext;

/**
 * Loops over elements that lie side by side in native memory, of one floating-point dtype, for the
 * normalizations that {@link StatisticsLoops} does not suffice for. Operands are given by the
 * address of an element; strides are in bytes, counts in elements. Where elements are read and
 * written at the same position, source and destination may be the same memory.
 */
interface ScalingLoops {
  /** Returns the loops for a floating-point dtype, f32 or f64. */
  static ScalingLoops of(KernelContext context, DType dtype) {
    if (context.vector()) {
      return VectorProvider.scalingLoops(dtype);
    }
    return new ScalarScalingLoops(dtype);
  }

  /**
   * Returns what a plan that uses these loops reports, {@code java:vector} or {@code java:scalar}.
   */
  String implementation();

  /** Returns the sum of the squares of at most {@link StatisticsLoops#BLOCK} elements. */
  double squares(long src, long count);

  /** Computes {@code dst[i] = src[i] * factor}. */
  void scale(long src, long dst, long count, double factor);

  /** Computes {@code dst[i] = src[i] * factor * weight[i]}. */
  void scale(long src, long dst, long count, double factor, long weight);

  /** Computes {@code dst[i] = src[i] * factor + added[i]}. */
  void add(long src, long added, long dst, long count, double factor);

  /** Computes {@code dst[i] = tanh(src[i] * factor)}. */
  void tanh(long src, long dst, long count, double factor);

  /** Computes {@code dst[i] = src[i] * factor + added}. */
  void shift(long src, long dst, long count, double factor, double added);

  /** Computes {@code dst[i] = src[i] * weight[i] + bias[i]}. */
  void weigh(long src, long dst, long count, long weight, long bias);

  /** How elements respond to the sum of their neighbours' squares. */
  record Response(double factor, double exponent, double added) {
    /** Exponents up to 4 of this part take roots and products, and no logarithm. */
    private static final double QUARTER = 0.25;

    /** Returns the exponent in quarters, or -1 where it has another part. */
    int quarters() {
      double quarters = exponent / QUARTER;
      return quarters >= 0 && quarters <= 4 && quarters == Math.rint(quarters)
          ? (int) quarters
          : -1;
    }
  }

  /**
   * Computes {@code dst[i] = src[i] / (added + factor * s)^exponent}, s being the sum over rows of
   * {@code rows[row][i]^2}.
   *
   * @param window the first row, which the element itself may be part of
   * @param rows 1 or more
   */
  void respond(
      long src, long window, long rowStride, long rows, long dst, long count, Response response);

  /** Returns one element. */
  double get(long src);
}
