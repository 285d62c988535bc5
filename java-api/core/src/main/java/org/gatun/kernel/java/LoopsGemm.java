package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.Gemm;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.MatrixProduct.Matrix;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Longs;
import org.jspecify.annotations.Nullable;

/** Products in Java, for kernels that are made of them. */
record LoopsGemm(DType dtype, MatMulLoops loops, KernelContext context) implements Gemm {
  /** Returns the product of a dtype, or null where there are no loops for it. */
  static @Nullable Gemm of(DType dtype, KernelContext context) {
    MatMulLoops loops = MatMulLoops.of(context, dtype);
    return loops == null ? null : new LoopsGemm(dtype, loops, context);
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
    Matrix left = matrix(lda);
    multiply(
        m, n, k, transposeA ? left.transposed() : left, a, matrix(ldb), b, add, matrix(ldc), c);
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
    multiply(m, n, k, matrix(lda), a, matrix(ldb).transposed(), b, false, matrix(ldc), c);
    if (scale == 1) {
      return;
    }
    Loops rows = Loops.of(context, dtype);
    for (long row = 0; row < m; row++) {
      long at = c.address() + row * ldc * dtype.byteSize();
      rows.binaryRight(BinaryFunction.MUL, at, scale, at, n);
    }
  }

  private void multiply(
      int m,
      int n,
      int k,
      Matrix left,
      MemorySegment a,
      Matrix right,
      MemorySegment b,
      boolean add,
      Matrix result,
      MemorySegment c) {
    if (k > 0) {
      MatrixProduct product =
          new MatrixProduct(dtype, m, n, k, Longs.of(), left, right, result, null);
      loops.multiply(product, m, n, a, b, c, add, context.memory());
    } else if (!add) {
      zero(m, n, c, result.row());
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
