package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.ScratchMemory;

/**
 * {@code f32} products in the Vector API: B is packed into panels of two vectors' width that fit
 * the first-level cache, and four rows of A at a time run down a panel with their sums in
 * registers.
 */
final class VectorFloatMatMul implements MatMulLoops {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfFloat ELEMENT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int SIZE = Float.BYTES;
  private static final int LANES = SPECIES.length();
  private static final int WIDTH = 2 * LANES;
  private static final int HEIGHT = 4;
  private static final int DEPTH = 256;
  private static final long VECTOR_BYTES = (long) LANES * SIZE;
  private static final long ROW_BYTES = (long) WIDTH * SIZE;

  @Override
  public String implementation() {
    return "java:vector";
  }

  @Override
  public void multiply(
      MatrixProduct product,
      long m,
      long n,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      boolean add,
      ScratchMemory memory) {
    long aRow = product.a().row() * SIZE;
    long aColumn = product.a().column() * SIZE;
    long cRow = product.c().row() * SIZE;
    long cColumn = product.c().column() * SIZE;
    try (ScratchMemory.Block block = memory.allocate((DEPTH + HEIGHT) * ROW_BYTES)) {
      MemorySegment panel = block.segment().asSlice(0, DEPTH * ROW_BYTES);
      MemorySegment edge = block.segment().asSlice(DEPTH * ROW_BYTES);
      for (long k = 0; k < product.k(); k += DEPTH) {
        int depth = (int) Math.min(DEPTH, product.k() - k);
        boolean load = add || k > 0;
        for (long column = 0; column < n; column += WIDTH) {
          int width = (int) Math.min(WIDTH, n - column);
          pack(product.b(), b, k, column, depth, width, panel);
          for (long row = 0; row < m; row += HEIGHT) {
            int height = (int) Math.min(HEIGHT, m - row);
            long atA = row * aRow + k * aColumn;
            long atC = row * cRow + column * cColumn;
            if (height == HEIGHT && width == WIDTH && cColumn == SIZE) {
              tile(depth, a, atA, aRow, 3, aColumn, panel, c, atC, cRow, load);
            } else {
              tile(depth, a, atA, aRow, height - 1, aColumn, panel, edge, 0, ROW_BYTES, false);
              unload(edge, c, atC, cRow, cColumn, height, width, load);
            }
          }
        }
      }
    }
  }

  /** Copies rows of B side by side, zeros behind the last column. */
  private static void pack(
      MatrixProduct.Matrix matrix,
      MemorySegment b,
      long k,
      long column,
      int depth,
      int width,
      MemorySegment panel) {
    if (width < WIDTH) {
      panel.fill((byte) 0);
    }
    long step = matrix.column() * SIZE;
    long start = (k * matrix.row() + column * matrix.column()) * SIZE;
    long rowStep = matrix.row() * SIZE;
    if (step == SIZE || width == 1) {
      for (int i = 0; i < depth; i++) {
        MemorySegment.copy(b, start + i * rowStep, panel, i * ROW_BYTES, (long) width * SIZE);
      }
      return;
    }
    for (int j = 0; j < width; j++) {
      long from = start + j * step;
      for (int i = 0; i < depth; i++) {
        panel.set(ELEMENT, i * ROW_BYTES + (long) j * SIZE, b.get(ELEMENT, from + i * rowStep));
      }
    }
  }

  /**
   * Four rows of C, two vectors wide.
   *
   * @param lastRow the last row of A that there is, which is repeated for those there are not
   */
  private static void tile(
      int depth,
      MemorySegment a,
      long atA,
      long aRow,
      int lastRow,
      long aColumn,
      MemorySegment panel,
      MemorySegment c,
      long atC,
      long cRow,
      boolean load) {
    long a0 = atA;
    long a1 = atA + Math.min(1, lastRow) * aRow;
    long a2 = atA + Math.min(2, lastRow) * aRow;
    long a3 = atA + Math.min(3, lastRow) * aRow;
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = c00;
    FloatVector c10 = c00;
    FloatVector c11 = c00;
    FloatVector c20 = c00;
    FloatVector c21 = c00;
    FloatVector c30 = c00;
    FloatVector c31 = c00;
    for (int i = 0; i < depth; i++) {
      long at = i * ROW_BYTES;
      long step = i * aColumn;
      FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, panel, at, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, panel, at + VECTOR_BYTES, ORDER);
      FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(ELEMENT, a0 + step));
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(ELEMENT, a1 + step));
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(ELEMENT, a2 + step));
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(ELEMENT, a3 + step));
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
    }
    store(c, atC, c00, c01, load);
    store(c, atC + cRow, c10, c11, load);
    store(c, atC + 2 * cRow, c20, c21, load);
    store(c, atC + 3 * cRow, c30, c31, load);
  }

  private static void store(
      MemorySegment c, long at, FloatVector first, FloatVector second, boolean load) {
    FloatVector sum0 = first;
    FloatVector sum1 = second;
    if (load) {
      sum0 = sum0.add(FloatVector.fromMemorySegment(SPECIES, c, at, ORDER));
      sum1 = sum1.add(FloatVector.fromMemorySegment(SPECIES, c, at + VECTOR_BYTES, ORDER));
    }
    sum0.intoMemorySegment(c, at, ORDER);
    sum1.intoMemorySegment(c, at + VECTOR_BYTES, ORDER);
  }

  /** Copies the part of a tile that C has. */
  private static void unload(
      MemorySegment tile,
      MemorySegment c,
      long atC,
      long cRow,
      long cColumn,
      int height,
      int width,
      boolean load) {
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        long at = atC + i * cRow + j * cColumn;
        float sum = tile.get(ELEMENT, i * ROW_BYTES + (long) j * SIZE);
        c.set(ELEMENT, at, load ? c.get(ELEMENT, at) + sum : sum);
      }
    }
  }
}
