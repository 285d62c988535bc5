package org.gatun.kernel;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.jspecify.annotations.Nullable;

/** A library's product of two row-major matrices, for kernels that are made of such products. */
public interface Gemm {
  /** The products of a library. */
  @FunctionalInterface
  interface Source {
    /** Returns the product of a dtype, or null where the library has none. */
    @Nullable Gemm of(DType dtype, KernelContext context);
  }

  /**
   * Computes {@code C = op(A) B}, or {@code C = op(A) B + C}, where op transposes or does not, on
   * the calling thread.
   *
   * @param transposeA whether A lies as k x m
   * @param m rows of C
   * @param n columns of C
   * @param k rows of B; where it is 0 the product is zeros
   * @param a A, from its first element
   * @param lda elements from one row of A, as it lies, to the next
   * @param b B, from its first element
   * @param ldb elements from one row of B to the next
   * @param add whether the product is added to what C holds, which else is not read
   * @param c C, from its first element
   * @param ldc elements from one row of C to the next
   */
  void multiply(
      boolean transposeA,
      int m,
      int n,
      int k,
      MemorySegment a,
      int lda,
      MemorySegment b,
      int ldb,
      boolean add,
      MemorySegment c,
      int ldc);

  /**
   * Computes {@code C = scale A B^T} on the calling thread.
   *
   * @param scale what the product is multiplied by
   * @param m rows of C
   * @param n columns of C
   * @param k columns of A and B; where it is 0 the product is zeros
   * @param a A, from its first element
   * @param lda elements from one row of A to the next
   * @param b B, which lies as n x k, from its first element
   * @param ldb elements from one row of B, as it lies, to the next
   * @param c C, from its first element
   * @param ldc elements from one row of C to the next
   */
  void multiplyTransposed(
      double scale,
      int m,
      int n,
      int k,
      MemorySegment a,
      int lda,
      MemorySegment b,
      int ldb,
      MemorySegment c,
      int ldc);

  /** Returns what a plan that uses this product reports. */
  String implementation();
}
