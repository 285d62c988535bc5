package org.gatun.kernel.openblas;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.bindings.openblas.OpenBlas;

/** The calls of BLAS that kernels make, in both precisions; matrices are row-major. */
enum Blas {
  /** Of {@code f32}. */
  SINGLE {
    @Override
    void gemm(
        boolean transposeA,
        boolean transposeB,
        int m,
        int n,
        int k,
        double alpha,
        MemorySegment a,
        int lda,
        MemorySegment b,
        int ldb,
        double beta,
        MemorySegment c,
        int ldc) {
      OpenBlas.cblas_sgemm(
          ROW_MAJOR,
          transposeA ? TRANSPOSED : AS_IT_IS,
          transposeB ? TRANSPOSED : AS_IT_IS,
          m,
          n,
          k,
          (float) alpha,
          a,
          lda,
          b,
          ldb,
          (float) beta,
          c,
          ldc);
    }

    @Override
    void gemv(
        boolean transpose,
        int rows,
        int columns,
        double alpha,
        MemorySegment a,
        int lda,
        MemorySegment x,
        int incX,
        double beta,
        MemorySegment y,
        int incY) {
      OpenBlas.cblas_sgemv(
          ROW_MAJOR,
          transpose ? TRANSPOSED : AS_IT_IS,
          rows,
          columns,
          (float) alpha,
          a,
          lda,
          x,
          incX,
          (float) beta,
          y,
          incY);
    }

    @Override
    double dot(int count, MemorySegment x, int incX, MemorySegment y, int incY) {
      return OpenBlas.cblas_sdot(count, x, incX, y, incY);
    }
  },
  /** Of {@code f64}. */
  DOUBLE {
    @Override
    void gemm(
        boolean transposeA,
        boolean transposeB,
        int m,
        int n,
        int k,
        double alpha,
        MemorySegment a,
        int lda,
        MemorySegment b,
        int ldb,
        double beta,
        MemorySegment c,
        int ldc) {
      OpenBlas.cblas_dgemm(
          ROW_MAJOR,
          transposeA ? TRANSPOSED : AS_IT_IS,
          transposeB ? TRANSPOSED : AS_IT_IS,
          m,
          n,
          k,
          alpha,
          a,
          lda,
          b,
          ldb,
          beta,
          c,
          ldc);
    }

    @Override
    void gemv(
        boolean transpose,
        int rows,
        int columns,
        double alpha,
        MemorySegment a,
        int lda,
        MemorySegment x,
        int incX,
        double beta,
        MemorySegment y,
        int incY) {
      OpenBlas.cblas_dgemv(
          ROW_MAJOR,
          transpose ? TRANSPOSED : AS_IT_IS,
          rows,
          columns,
          alpha,
          a,
          lda,
          x,
          incX,
          beta,
          y,
          incY);
    }

    @Override
    double dot(int count, MemorySegment x, int incX, MemorySegment y, int incY) {
      return OpenBlas.cblas_ddot(count, x, incX, y, incY);
    }
  };

  private static final int ROW_MAJOR = OpenBlas.CblasRowMajor();
  private static final int AS_IT_IS = OpenBlas.CblasNoTrans();
  private static final int TRANSPOSED = OpenBlas.CblasTrans();

  /** Returns the precision of a dtype, {@code f32} or {@code f64}. */
  static Blas of(DType dtype) {
    return dtype == DType.F32 ? SINGLE : DOUBLE;
  }

  /**
   * Computes {@code C = alpha op(A) op(B) + beta C}, where op transposes or does not; what C holds
   * is not read where beta is 0.
   */
  abstract void gemm(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      double alpha,
      MemorySegment a,
      int lda,
      MemorySegment b,
      int ldb,
      double beta,
      MemorySegment c,
      int ldc);

  /**
   * Computes {@code y = alpha op(A) x + beta y} for A of {@code rows} x {@code columns} as it lies.
   */
  abstract void gemv(
      boolean transpose,
      int rows,
      int columns,
      double alpha,
      MemorySegment a,
      int lda,
      MemorySegment x,
      int incX,
      double beta,
      MemorySegment y,
      int incY);

  /** Returns the sum of the products of the elements of two vectors. */
  abstract double dot(int count, MemorySegment x, int incX, MemorySegment y, int incY);
}
