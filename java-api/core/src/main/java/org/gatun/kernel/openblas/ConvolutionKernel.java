package org.gatun.kernel.openblas;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.ColumnConvolution;
import org.gatun.kernel.Gemm;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Convolution;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions as matrix products: of {@code f64}, which oneDNN has not, and of what {@code f32} it
 * has only reference code for, such as images without elements.
 */
public final class ConvolutionKernel implements Kernel {
  /** Makes the kernel. */
  public ConvolutionKernel() {}

  @Override
  public Library library() {
    return Library.OPENBLAS;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    return request.op() instanceof Convolution op
        ? ColumnConvolution.plan(request, op, new Product(Blas.of(request.output(0).dtype())))
        : null;
  }

  private record Product(Blas blas) implements Gemm {
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
    public String implementation() {
      return "openblas:columns";
    }
  }
}
