package org.gatun.kernel;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.jspecify.annotations.Nullable;

/** A library's products of matrices with constant ones, for kernels that are made of such. */
@FunctionalInterface
public interface FloatProducts {
  /**
   * Returns a plan of products that runs on the calling thread, or null where the library has none.
   * Its inputs are a and b, its output the products; b is packed, and not read again.
   *
   * @param request the request that it is a part of
   * @param a the first matrices, (batch, m, k)
   * @param b the second, (batch, k, n)
   * @param products the layout of the products, (batch, m, n)
   * @param constant the memory of b
   */
  @Nullable Plan matmul(
      PlanRequest request, Layout a, Layout b, Layout products, MemorySegment constant);
}
