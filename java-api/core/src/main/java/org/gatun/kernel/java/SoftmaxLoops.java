package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.kernel.KernelContext;

/**
 * Loops over elements that lie side by side in native memory, of one floating-point dtype, for
 * {@link SoftmaxKernel} and {@link CrossEntropyKernel}: the steps of a softmax, each a short loop
 * over a row that is in the cache. Operands are given by the address of an element.
 *
 * <p>What is summed here is summed in the dtype, over at most {@link #BLOCK} elements; who calls
 * joins the blocks in double. Where elements are read and written at the same position, source and
 * destination may be the same memory.
 */
interface SoftmaxLoops {
  /** The most elements that one sum adds up: some hundred in each lane. */
  int BLOCK = 1024;

  /** Returns the loops for a floating-point dtype, f32 or f64. */
  static SoftmaxLoops of(KernelContext context, DType dtype) {
    if (context.vector()) {
      return VectorProvider.softmaxLoops(dtype);
    }
    return new ScalarSoftmaxLoops(dtype == DType.F64);
  }

  /**
   * Returns what a plan that uses these loops reports, {@code java:vector} or {@code java:scalar}.
   */
  String implementation();

  /** Returns the largest of the elements that are not NaN, negative infinity of none. */
  double max(long src, long count);

  /** Computes {@code dst[i] = exp(src[i] - max)} and returns their sum. */
  double exp(long src, double max, long dst, long count);

  /** Returns the sum of {@code exp(src[i] - max)}. */
  double sumOfExp(long src, double max, long count);

  /** Returns the sum of the elements. */
  double sum(long src, long count);

  /** Returns the sum of {@code a[i] * b[i]}. */
  double dot(long a, long b, long count);

  /** Returns the sum of {@code a[i] * (b[i] - shift)}. */
  double dotShifted(long a, long b, double shift, long count);

  /** Computes {@code dst[i] = src[i] * factor}. */
  void scale(long src, double factor, long dst, long count);

  /** Computes {@code dst[i] = src[i] - first - second}, in this order. */
  void subtract(long src, double first, double second, long dst, long count);

  /** Computes {@code dst[i] += src[i] * factor}. */
  void addScaled(long src, double factor, long dst, long count);

  /** Computes {@code dst[i] *= src[i]}. */
  void multiply(long src, long dst, long count);

  /** Computes {@code dst[i] = src[i] * factor + term}. */
  void affine(long src, double factor, double term, long dst, long count);

  /** Computes {@code dst[i] = result[i] * (cotangent[i] - dot)}. */
  void softmaxGradient(long cotangent, long result, double dot, long dst, long count);

  /** Computes {@code dst[i] = cotangent[i] - exp(result[i]) * sum}. */
  void logSoftmaxGradient(long cotangent, long result, double sum, long dst, long count);
}
