package org.gatun.kernel.openblas;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.Gemm;
import org.gatun.kernel.KernelContext;
import org.jspecify.annotations.Nullable;

/**
 * OpenBLAS's products, for kernels that are made of them.
 *
 * @param implementation what plans that use it report
 */
public record BlasGemm(Blas blas, String implementation) implements Gemm {
  /** Returns the product of a dtype, or null where it is neither {@code f32} nor {@code f64}. */
  public static @Nullable Gemm of(DType dtype, KernelContext context) {
    return switch (dtype) {
      case F32 -> new BlasGemm(Blas.SINGLE, "openblas:sgemm");
      case F64 -> new BlasGemm(Blas.DOUBLE, "openblas:dgemm");
      case F16, BF16, I8, U8, I16, I32, I64, BOOL -> null;
    };
  }

  @Override
  public void multiply(
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
      int ldc) {
    blas.gemm(transposeA, false, m, n, k, 1, a, lda, b, ldb, add ? 1 : 0, c, ldc);
  }

  @Override
  public void multiplyTransposed(
      double scale,
      int m,
      int n,
      int k,
      MemorySegment a,
      int lda,
      MemorySegment b,
      int ldb,
      MemorySegment c,
      int ldc) {
    if (m == 1 && k > 0) {
      blas.gemv(false, n, k, scale, b, ldb, a, 1, 0, c, 1);
    } else {
      blas.gemm(false, true, m, n, k, scale, a, lda, b, ldb, 0, c, ldc);
    }
  }
}
