package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.MatrixProduct.Matrix;
import org.gatun.kernel.ScratchMemory;

/**
 * Floating-point products. Those of a vector and a matrix read each element of the matrix once,
 * where it lies: to pack it first, as for others, would take longer than the product.
 */
abstract class FloatingMatMul implements MatMulLoops {
  private final int size;

  /**
   * Makes the loops of a dtype.
   *
   * @param size the bytes of an element, 4 or 8
   */
  FloatingMatMul(int size) {
    this.size = size;
  }

  @Override
  public final void multiply(
      MatrixProduct product,
      long m,
      long n,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      boolean add,
      ScratchMemory memory) {
    Matrix left = product.a();
    Matrix right = product.b();
    Matrix result = product.c();
    long k = product.k();
    if (m == 1) {
      multiply(k, n, a, left.column(), b, right, c, result.column(), add, memory);
    } else if (n == 1) {
      multiply(k, m, b, right.row(), a, left.transposed(), c, result.row(), add, memory);
    } else {
      multiplyMatrices(product, m, n, a, b, c, add, memory);
    }
  }

  /** Computes {@code c = x B}, of which one row or column lies side by side, or is gathered. */
  private void multiply(
      long k,
      long n,
      MemorySegment x,
      long stepX,
      MemorySegment b,
      Matrix matrix,
      MemorySegment c,
      long stepC,
      boolean add,
      ScratchMemory memory) {
    boolean byRows = n > 1 && matrix.column() == 1;
    boolean gatherX = k > 1 && stepX != 1;
    boolean gatherB = n == 1 && k > 1 && matrix.row() != 1;
    boolean scatterC = byRows && stepC != 1;
    long gathered = (gatherX ? k : 0) + (gatherB ? k : 0) + (scatterC ? n : 0);
    try (ScratchMemory.Block scratch = memory.borrow(gathered * size)) {
      long free = scratch.segment().address();
      long vector = x.address();
      if (gatherX) {
        copy(vector, stepX, free, 1, k);
        vector = free;
        free += k * size;
      }
      long elements = b.address();
      if (gatherB) {
        copy(elements, matrix.row(), free, 1, k);
        elements = free;
        free += k * size;
      }
      long sums = c.address();
      if (!byRows) {
        multiplyColumns(k, n, vector, elements, matrix.column() * size, sums, stepC * size, add);
        return;
      }
      if (scatterC) {
        sums = free;
        if (add) {
          copy(c.address(), stepC, sums, 1, n);
        }
      }
      if (!add) {
        ALL.asSlice(sums, n * size).fill((byte) 0);
      }
      addRows(k, n, vector, elements, matrix.row() * size, sums);
      if (scatterC) {
        copy(sums, 1, c.address(), stepC, n);
      }
    }
  }

  private void copy(long from, long stepFrom, long to, long stepTo, long count) {
    if (size == Integer.BYTES) {
      for (long i = 0; i < count; i++) {
        ALL.set(INT, to + i * stepTo * size, ALL.get(INT, from + i * stepFrom * size));
      }
    } else {
      for (long i = 0; i < count; i++) {
        ALL.set(LONG, to + i * stepTo * size, ALL.get(LONG, from + i * stepFrom * size));
      }
    }
  }

  /**
   * Computes {@code c[j] = sum over i of x[i] * b[i][j]}, added to {@code c[j]} or not, where each
   * column of B lies side by side.
   *
   * @param k rows of B, 1 or more
   * @param n columns of B
   * @param x the address of the vector, which lies side by side
   * @param b the address of B
   * @param column bytes from one column of B to the next
   * @param c the address of the result
   * @param step bytes from one element of the result to the next
   */
  abstract void multiplyColumns(
      long k, long n, long x, long b, long column, long c, long step, boolean add);

  /**
   * Computes {@code c[j] += sum over i of x[i] * b[i][j]}, where each row of B, and the result, lie
   * side by side.
   *
   * @param k rows of B, 1 or more
   * @param n columns of B
   * @param x the address of the vector, which lies side by side
   * @param b the address of B
   * @param row bytes from one row of B to the next
   * @param c the address of the result
   */
  abstract void addRows(long k, long n, long x, long b, long row, long c);

  /** Computes what {@link #multiply} does, of any matrices. */
  abstract void multiplyMatrices(
      MatrixProduct product,
      long m,
      long n,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      boolean add,
      ScratchMemory memory);
}
