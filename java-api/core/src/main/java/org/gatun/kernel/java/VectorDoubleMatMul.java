package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.ScratchMemory;

/**
 * {@code f64} products in the Vector API: B is packed into panels of two vectors' width that fit
 * the first-level cache, and four rows of A at a time run down a panel with their sums in
 * registers. With a vector, four rows or columns of the matrix are read at a time.
 */
final class VectorDoubleMatMul extends FloatingMatMul {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfDouble ELEMENT = ValueLayout.JAVA_DOUBLE_UNALIGNED;
  private static final int SIZE = Double.BYTES;
  private static final int LANES = SPECIES.length();
  private static final int WIDTH = 2 * LANES;
  private static final int HEIGHT = 4;
  private static final int DEPTH = 256;
  private static final long VECTOR_BYTES = (long) LANES * SIZE;
  private static final long ROW_BYTES = (long) WIDTH * SIZE;

  /** Columns of a result that stay in the first-level cache while rows are added to them. */
  private static final long NEAR_COLUMNS = 8192 / SIZE;

  VectorDoubleMatMul() {
    super(SIZE);
  }

  @Override
  public String implementation() {
    return "java:vector";
  }

  @Override
  void multiplyMatrices(
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
    try (ScratchMemory.Block block = memory.borrow((DEPTH + HEIGHT) * ROW_BYTES)) {
      long panel = block.segment().address();
      long edge = panel + DEPTH * ROW_BYTES;
      for (long k = 0; k < product.k(); k += DEPTH) {
        int depth = (int) Math.min(DEPTH, product.k() - k);
        boolean load = add || k > 0;
        for (long column = 0; column < n; column += WIDTH) {
          int width = (int) Math.min(WIDTH, n - column);
          pack(product.b(), b.address(), k, column, depth, width, panel);
          for (long row = 0; row < m; row += HEIGHT) {
            int height = (int) Math.min(HEIGHT, m - row);
            long atA = a.address() + row * aRow + k * aColumn;
            long atC = c.address() + row * cRow + column * cColumn;
            if (height == HEIGHT && width == WIDTH && cColumn == SIZE) {
              tile(depth, atA, aRow, 3, aColumn, panel, atC, cRow, load);
            } else {
              tile(depth, atA, aRow, height - 1, aColumn, panel, edge, ROW_BYTES, false);
              unload(edge, atC, cRow, cColumn, height, width, load);
            }
          }
        }
      }
    }
  }

  /** Copies rows of B side by side, zeros behind the last column. */
  private static void pack(
      MatrixProduct.Matrix matrix, long b, long k, long column, int depth, int width, long panel) {
    if (width < WIDTH) {
      ALL.asSlice(panel, DEPTH * ROW_BYTES).fill((byte) 0);
    }
    long step = matrix.column() * SIZE;
    long start = b + (k * matrix.row() + column * matrix.column()) * SIZE;
    long rowStep = matrix.row() * SIZE;
    if (step == SIZE || width == 1) {
      for (int i = 0; i < depth; i++) {
        MemorySegment.copy(
            ALL, start + i * rowStep, ALL, panel + i * ROW_BYTES, (long) width * SIZE);
      }
      return;
    }
    for (int j = 0; j < width; j++) {
      long from = start + j * step;
      for (int i = 0; i < depth; i++) {
        long to = panel + i * ROW_BYTES + (long) j * SIZE;
        ALL.set(ELEMENT, to, ALL.get(ELEMENT, from + i * rowStep));
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
      long atA,
      long aRow,
      int lastRow,
      long aColumn,
      long panel,
      long atC,
      long cRow,
      boolean load) {
    long a0 = atA;
    long a1 = atA + Math.min(1, lastRow) * aRow;
    long a2 = atA + Math.min(2, lastRow) * aRow;
    long a3 = atA + Math.min(3, lastRow) * aRow;
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = c00;
    DoubleVector c10 = c00;
    DoubleVector c11 = c00;
    DoubleVector c20 = c00;
    DoubleVector c21 = c00;
    DoubleVector c30 = c00;
    DoubleVector c31 = c00;
    for (int i = 0; i < depth; i++) {
      long at = panel + i * ROW_BYTES;
      long step = i * aColumn;
      DoubleVector b0 = load(at);
      DoubleVector b1 = load(at + VECTOR_BYTES);
      DoubleVector x0 = DoubleVector.broadcast(SPECIES, ALL.get(ELEMENT, a0 + step));
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      DoubleVector x1 = DoubleVector.broadcast(SPECIES, ALL.get(ELEMENT, a1 + step));
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      DoubleVector x2 = DoubleVector.broadcast(SPECIES, ALL.get(ELEMENT, a2 + step));
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      DoubleVector x3 = DoubleVector.broadcast(SPECIES, ALL.get(ELEMENT, a3 + step));
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
    }
    store(atC, c00, c01, load);
    store(atC + cRow, c10, c11, load);
    store(atC + 2 * cRow, c20, c21, load);
    store(atC + 3 * cRow, c30, c31, load);
  }

  private static void store(long at, DoubleVector first, DoubleVector second, boolean load) {
    DoubleVector sum0 = first;
    DoubleVector sum1 = second;
    if (load) {
      sum0 = sum0.add(load(at));
      sum1 = sum1.add(load(at + VECTOR_BYTES));
    }
    sum0.intoMemorySegment(ALL, at, ORDER);
    sum1.intoMemorySegment(ALL, at + VECTOR_BYTES, ORDER);
  }

  /** Copies the part of a tile that C has. */
  private static void unload(
      long tile, long atC, long cRow, long cColumn, int height, int width, boolean load) {
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        long at = atC + i * cRow + j * cColumn;
        double sum = ALL.get(ELEMENT, tile + i * ROW_BYTES + (long) j * SIZE);
        ALL.set(ELEMENT, at, load ? ALL.get(ELEMENT, at) + sum : sum);
      }
    }
  }

  private static DoubleVector load(long address) {
    return DoubleVector.fromMemorySegment(SPECIES, ALL, address, ORDER);
  }

  @Override
  void multiplyColumns(
      long k, long n, long x, long b, long column, long c, long step, boolean add) {
    long j = 0;
    for (; j <= n - 4; j += 4) {
      multiplyFourColumns(k, x, b + j * column, column, c + j * step, step, add);
    }
    for (; j < n; j++) {
      store(c + j * step, multiplyColumn(k, x, b + j * column), add);
    }
  }

  private static void multiplyFourColumns(
      long k, long x, long b, long column, long c, long step, boolean add) {
    DoubleVector sum0 = DoubleVector.zero(SPECIES);
    DoubleVector sum1 = DoubleVector.zero(SPECIES);
    DoubleVector sum2 = DoubleVector.zero(SPECIES);
    DoubleVector sum3 = DoubleVector.zero(SPECIES);
    long b1 = b + column;
    long b2 = b1 + column;
    long b3 = b2 + column;
    long full = SPECIES.loopBound(k);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector factors = load(x + i * SIZE);
      sum0 = factors.fma(load(b + i * SIZE), sum0);
      sum1 = factors.fma(load(b1 + i * SIZE), sum1);
      sum2 = factors.fma(load(b2 + i * SIZE), sum2);
      sum3 = factors.fma(load(b3 + i * SIZE), sum3);
    }
    store(c, rest(full, k, x, b, sum0), add);
    store(c + step, rest(full, k, x, b1, sum1), add);
    store(c + 2 * step, rest(full, k, x, b2, sum2), add);
    store(c + 3 * step, rest(full, k, x, b3, sum3), add);
  }

  private static double multiplyColumn(long k, long x, long b) {
    DoubleVector sum0 = DoubleVector.zero(SPECIES);
    DoubleVector sum1 = DoubleVector.zero(SPECIES);
    DoubleVector sum2 = DoubleVector.zero(SPECIES);
    DoubleVector sum3 = DoubleVector.zero(SPECIES);
    long i = 0;
    for (; i <= k - 4 * LANES; i += 4 * LANES) {
      long at = i * SIZE;
      sum0 = load(x + at).fma(load(b + at), sum0);
      sum1 = load(x + at + VECTOR_BYTES).fma(load(b + at + VECTOR_BYTES), sum1);
      sum2 = load(x + at + 2 * VECTOR_BYTES).fma(load(b + at + 2 * VECTOR_BYTES), sum2);
      sum3 = load(x + at + 3 * VECTOR_BYTES).fma(load(b + at + 3 * VECTOR_BYTES), sum3);
    }
    for (; i <= k - LANES; i += LANES) {
      sum0 = load(x + i * SIZE).fma(load(b + i * SIZE), sum0);
    }
    return rest(i, k, x, b, sum0.add(sum1).add(sum2.add(sum3)));
  }

  /** The sum of the lanes, and of the products behind the last full vector. */
  private static double rest(long from, long k, long x, long b, DoubleVector lanes) {
    double sum = from == 0 ? 0 : VectorDoubleLoops.addLanes(lanes);
    for (long i = from; i < k; i++) {
      sum += ALL.get(ELEMENT, x + i * SIZE) * ALL.get(ELEMENT, b + i * SIZE);
    }
    return sum;
  }

  private static void store(long c, double sum, boolean add) {
    ALL.set(ELEMENT, c, add ? sum + ALL.get(ELEMENT, c) : sum);
  }

  @Override
  void addRows(long k, long n, long x, long b, long row, long c) {
    for (long j = 0; j < n; j += NEAR_COLUMNS) {
      long count = Math.min(NEAR_COLUMNS, n - j);
      long at = b + j * SIZE;
      long i = 0;
      for (; i <= k - 4; i += 4) {
        addFourRows(count, x + i * SIZE, at + i * row, row, c + j * SIZE);
      }
      for (; i < k; i++) {
        addRow(count, x + i * SIZE, at + i * row, c + j * SIZE);
      }
    }
  }

  private static void addFourRows(long n, long x, long b, long row, long c) {
    double x0 = ALL.get(ELEMENT, x);
    double x1 = ALL.get(ELEMENT, x + SIZE);
    double x2 = ALL.get(ELEMENT, x + 2 * SIZE);
    double x3 = ALL.get(ELEMENT, x + 3 * SIZE);
    DoubleVector factors0 = DoubleVector.broadcast(SPECIES, x0);
    DoubleVector factors1 = DoubleVector.broadcast(SPECIES, x1);
    DoubleVector factors2 = DoubleVector.broadcast(SPECIES, x2);
    DoubleVector factors3 = DoubleVector.broadcast(SPECIES, x3);
    long b1 = b + row;
    long b2 = b1 + row;
    long b3 = b2 + row;
    long full = SPECIES.loopBound(n);
    for (long j = 0; j < full; j += LANES) {
      long at = j * SIZE;
      DoubleVector sum0 = factors0.fma(load(b + at), load(c + at));
      DoubleVector sum1 = factors1.mul(load(b1 + at));
      sum0 = factors2.fma(load(b2 + at), sum0);
      sum1 = factors3.fma(load(b3 + at), sum1);
      sum0.add(sum1).intoMemorySegment(ALL, c + at, ORDER);
    }
    for (long j = full; j < n; j++) {
      long at = j * SIZE;
      double sum =
          x0 * ALL.get(ELEMENT, b + at)
              + x1 * ALL.get(ELEMENT, b1 + at)
              + x2 * ALL.get(ELEMENT, b2 + at)
              + x3 * ALL.get(ELEMENT, b3 + at);
      ALL.set(ELEMENT, c + at, ALL.get(ELEMENT, c + at) + sum);
    }
  }

  private static void addRow(long n, long x, long b, long c) {
    double factor = ALL.get(ELEMENT, x);
    DoubleVector factors = DoubleVector.broadcast(SPECIES, factor);
    long full = SPECIES.loopBound(n);
    for (long j = 0; j < full; j += LANES) {
      DoubleVector sum = factors.fma(load(b + j * SIZE), load(c + j * SIZE));
      sum.intoMemorySegment(ALL, c + j * SIZE, ORDER);
    }
    for (long j = full; j < n; j++) {
      double sum = ALL.get(ELEMENT, c + j * SIZE) + factor * ALL.get(ELEMENT, b + j * SIZE);
      ALL.set(ELEMENT, c + j * SIZE, sum);
    }
  }
}
