package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.ScratchMemory;
import org.jspecify.annotations.Nullable;

/** The loops of a matrix product, of one dtype. */
interface MatMulLoops {
  /** Returns the loops for a dtype, or null where there are none. */
  static @Nullable MatMulLoops of(KernelContext context, DType dtype) {
    return switch (dtype) {
      case F32 -> context.vector() ? VectorProvider.matMulLoops(dtype) : new ScalarFloatMatMul();
      case F64 -> context.vector() ? VectorProvider.matMulLoops(dtype) : new ScalarDoubleMatMul();
      case I8, U8, I16, I32, I64 -> new IntegerMatMul(dtype);
      case F16, BF16, BOOL -> null;
    };
  }

  /** Returns what a plan that uses these loops reports. */
  String implementation();

  /**
   * Computes a block of {@code C = A B}, or of {@code C = A B + C}.
   *
   * @param product tells the strides, and the length of the sums
   * @param m rows of the block
   * @param n columns of the block
   * @param a A, from its first row that counts
   * @param b B, from its first column that counts
   * @param c C, from the first element to compute
   * @param add whether the product is added to what C holds
   * @param memory for packed operands
   */
  void multiply(
      MatrixProduct product,
      long m,
      long n,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      boolean add,
      ScratchMemory memory);
}
