package org.gatun.kernel.onednn;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.bindings.openmp.OpenMp;
import org.gatun.kernel.Gemm;
import org.gatun.kernel.KernelContext;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN's sgemm, for kernels that are made of products: unlike a primitive it takes sizes as they
 * come.
 *
 * <p>On one thread (Zen 5, AVX-512, OpenBLAS 0.3.31 with its own choice of kernels) it reaches 220
 * to 250 GFLOP/s in products of the sizes of attention, 64 x 512 x 64, where OpenBLAS has 175.
 */
public final class DnnlGemm implements Gemm {
  private static final byte AS_IT_IS = 'N';
  private static final byte TRANSPOSED = 'T';

  private DnnlGemm() {}

  /** Returns the product of {@code f32}, null for other dtypes. */
  public static @Nullable Gemm of(DType dtype, KernelContext context) {
    return dtype == DType.F32 ? new DnnlGemm() : null;
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
    gemm(transposeA, false, 1, m, n, k, a, lda, b, ldb, add, c, ldc);
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
    gemm(false, true, (float) scale, m, n, k, a, lda, b, ldb, false, c, ldc);
  }

  private static void gemm(
      boolean transposeA,
      boolean transposeB,
      float scale,
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
    // Of the calling thread: whoever runs a primitive sets its own number first.
    OpenMp.omp_set_num_threads(1);
    Status.check(
        OneDnn.dnnl_sgemm(
            transposeA ? TRANSPOSED : AS_IT_IS,
            transposeB ? TRANSPOSED : AS_IT_IS,
            m,
            n,
            k,
            scale,
            a,
            lda,
            b,
            ldb,
            add ? 1 : 0,
            c,
            ldc),
        "sgemm");
  }

  @Override
  public String implementation() {
    return "onednn:sgemm";
  }
}
