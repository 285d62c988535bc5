package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.kernel.KernelContext;

/**
 * Loops that reduce the terms of elements that lie side by side in native memory, at most {@link
 * Loops#BLOCK} of them at a time.
 */
interface TermLoops {
  /** Returns the loops for a floating-point dtype, f32 or f64. */
  static TermLoops of(KernelContext context, DType dtype) {
    return context.vector() ? VectorProvider.termLoops(dtype) : new ScalarTermLoops(dtype);
  }

  /** Returns the sum of a term, other than {@link Term#POWER}, of the elements. */
  double sum(Term term, long src, long count);

  /** Returns the largest of a term, NaN if there is one, of one or more elements. */
  double max(Term term, long src, long count);

  /** Returns the product of the elements. */
  double product(long src, long count);
}
