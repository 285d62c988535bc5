package org.gatun.kernel;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.Layout;
import org.gatun.op.Conv;
import org.gatun.op.Fused;
import org.jspecify.annotations.Nullable;

/**
 * Sums of products of 8-bit integers, whichever library multiplies: exact, and wrapping around in
 * {@code i32}. The first operand is of {@code u8} or {@code i8}, the second of {@code i8}.
 *
 * <p>A plan's inputs are the two operands, and its output the sums, where the last dimension of a
 * product and the channels of a convolution lie side by side.
 */
public interface IntegerProducts {
  /**
   * Returns a plan of products of matrices, or null where the library does not take them.
   *
   * @param request the request that it is a part of: threads and memory
   * @param a the first matrices, (m, k) or (batch, m, k)
   * @param b the second, (k, n) or (batch, k, n)
   * @param sums the products, (m, n) or (batch, m, n)
   * @param constant the memory of b where it is constant
   */
  @Nullable Plan matmul(
      PlanRequest request, Layout a, Layout b, Layout sums, @Nullable MemorySegment constant);

  /**
   * Returns a plan of products of matrices that are numbers at once, {@code steps((sums - zero
   * point x column sums of b) x factors + bias)} in {@code f32}, or null where the library has
   * none. Its inputs are the operands, the zero point of the first, a factor for each column, the
   * bias if there is one, a number for each column, and what the steps add, as the result lies.
   *
   * @param request the request that it is a part of: threads and memory
   * @param a the first matrix, (m, k)
   * @param b the second, (k, n)
   * @param result the layout of the result, (m, n)
   * @param constant the memory of b
   * @param bias whether there is a bias
   * @param steps what follows
   */
  default @Nullable Plan scaledMatmul(
      PlanRequest request,
      Layout a,
      Layout b,
      Layout result,
      MemorySegment constant,
      boolean bias,
      List<Fused.Step> steps) {
    return null;
  }

  /**
   * Returns a plan of a convolution, in which padding is 0, or null where the library does not take
   * it.
   *
   * @param request the request that it is a part of: threads and memory
   * @param conv the convolution, without a bias
   * @param x the layout of the images, with a batch dimension
   * @param weights that of the weights, (out, in/groups, kernel...)
   * @param sums that of the sums, channels-last
   * @param constant the memory of the weights where it is constant
   */
  @Nullable Plan conv(
      PlanRequest request,
      Conv conv,
      Layout x,
      Layout weights,
      Layout sums,
      @Nullable MemorySegment constant);
}
