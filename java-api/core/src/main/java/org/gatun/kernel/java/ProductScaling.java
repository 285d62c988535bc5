package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.MatrixProduct.Bias;
import org.gatun.kernel.MatrixProduct.Matrix;
import org.gatun.op.Longs;
import org.jspecify.annotations.Nullable;

/**
 * The alpha and beta of a {@link MatrixProduct} as a pass over its result, for loops that compute
 * {@code A B} alone. Whole numbers of integers wrap around.
 */
final class ProductScaling {
  private static final Matrix NOWHERE = new Matrix(0, 0, Longs.of());

  private ProductScaling() {}

  /**
   * Computes {@code C = alpha C + beta bias}, or {@code C = alpha C}.
   *
   * @param m rows of the block
   * @param n columns of the block
   * @param c C, which holds {@code A B}, from the first element of the block
   * @param bias the bias, from the first number to add, or null
   */
  static void scale(
      MatrixProduct product, long m, long n, MemorySegment c, @Nullable MemorySegment bias) {
    combine(product, m, n, product.alpha(), c, bias);
  }

  /** Computes {@code C = beta bias} of one product. */
  static void start(MatrixProduct product, MemorySegment c, MemorySegment bias) {
    combine(product, product.m(), product.n(), 0, c, bias);
  }

  /** Sets C to zero, of one product. */
  static void zero(MatrixProduct product, MemorySegment c) {
    combine(product, product.m(), product.n(), 0, c, null);
  }

  /** Where alpha is 0, C is not read. */
  private static void combine(
      MatrixProduct product,
      long m,
      long n,
      double alpha,
      MemorySegment c,
      @Nullable MemorySegment numbers) {
    Matrix to = product.c();
    Bias bias = product.bias();
    boolean adds = false;
    Matrix from = NOWHERE;
    double beta = 0;
    MemorySegment added = c;
    if (numbers != null && bias != null) {
      adds = true;
      from = bias.at();
      beta = bias.beta();
      added = numbers;
    }
    DType dtype = product.dtype();
    for (long row = 0; row < m; row++) {
      for (long column = 0; column < n; column++) {
        long atC = row * to.row() + column * to.column();
        long atBias = row * from.row() + column * from.column();
        if (dtype.isFloating()) {
          double sum = alpha == 0 ? 0 : alpha * real(dtype, c, atC);
          double start = adds ? beta * real(dtype, added, atBias) : 0;
          set(dtype, c, atC, adds ? sum + start : sum);
        } else {
          long sum = (long) alpha * IntegerMatMul.get(dtype, c, atC);
          long start = adds ? (long) beta * IntegerMatMul.get(dtype, added, atBias) : 0;
          IntegerMatMul.set(dtype, c, atC, sum + start);
        }
      }
    }
  }

  private static double real(DType dtype, MemorySegment memory, long index) {
    return dtype == DType.F32
        ? memory.get(Elements.FLOAT, index * Float.BYTES)
        : memory.get(Elements.DOUBLE, index * Double.BYTES);
  }

  private static void set(DType dtype, MemorySegment memory, long index, double value) {
    if (dtype == DType.F32) {
      memory.set(Elements.FLOAT, index * Float.BYTES, (float) value);
    } else {
      memory.set(Elements.DOUBLE, index * Double.BYTES, value);
    }
  }
}
