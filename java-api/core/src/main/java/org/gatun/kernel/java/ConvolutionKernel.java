package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.ColumnConvolution;
import org.gatun.kernel.Gemm;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.MatrixProduct.Matrix;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.Convolution;
import org.gatun.op.Longs;
import org.jspecify.annotations.Nullable;

/** Convolutions in Java, as matrix products: what the native libraries are compared with. */
public final class ConvolutionKernel implements Kernel {
  /** Makes the kernel. */
  public ConvolutionKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof Convolution op)) {
      return null;
    }
    DType dtype = request.output(0).dtype();
    MatMulLoops loops = MatMulLoops.of(request.context(), dtype);
    return loops == null
        ? null
        : ColumnConvolution.plan(
            request, op, new Product(dtype, loops, request.context().memory()));
  }

  private record Product(DType dtype, MatMulLoops loops, ScratchMemory memory) implements Gemm {
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
      Matrix left = matrix(lda);
      MatrixProduct product =
          new MatrixProduct(
              dtype,
              m,
              n,
              k,
              Longs.of(),
              transposeA ? left.transposed() : left,
              matrix(ldb),
              matrix(ldc),
              null);
      if (k > 0) {
        loops.multiply(product, m, n, a, b, c, add, memory);
      } else if (!add) {
        zero(m, n, c, ldc);
      }
    }

    private static Matrix matrix(int leading) {
      return new Matrix(leading, 1, Longs.of());
    }

    private void zero(long m, long n, MemorySegment c, long ldc) {
      int size = dtype.byteSize();
      for (long row = 0; row < m; row++) {
        c.asSlice(row * ldc * size, n * size).fill((byte) 0);
      }
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }
}
