package org.gatun.kernel.openblas;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import org.gatun.DType;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.MatrixProduct.Matrix;
import org.gatun.kernel.Plan;
import org.gatun.kernel.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products by gemm, gemv and dot, the batch and the larger of rows and columns split over the
 * workers.
 */
final class ProductPlan implements Plan {
  /** Multiplications below which another thread costs more than it brings: a few microseconds. */
  private static final double GEMM_GRAIN = 1 << 18;

  /** The same for products with a vector, which wait for memory. */
  private static final double GEMV_GRAIN = 1 << 16;

  /** Rows or columns that a thread takes at least: gemm works on tiles of about this size. */
  private static final long TILE = 16;

  /** gemm overtakes gemv where OpenBLAS has a small-matrix kernel for it. */
  private static final double SMALL_GEMV = 1 << 16;

  /** Elements that are worth a thread where the bias is copied. */
  private static final long FILL_GRAIN = 1 << 16;

  private final MatrixProduct given;
  private final MatrixProduct product;
  private final Blas blas;
  private final Workers workers;
  private final int threads;
  private final int elementSize;
  private final long batches;
  private final boolean splitRows;
  private final long block;
  private final long blocks;
  private final long grain;
  private final Call call;

  private enum Call {
    DOT,
    GEMM,
    GEMV
  }

  ProductPlan(MatrixProduct given, int threads, Workers workers) {
    this.given = given;
    this.product = given.c().hasRows(given.m(), given.n()) ? given : transposed(given);
    this.blas = Blas.of(given.dtype());
    this.workers = workers;
    this.threads = threads;
    this.elementSize = given.dtype().byteSize();
    this.batches = given.batches();
    boolean vector = product.m() == 1 || product.n() == 1;
    if (product.m() == 1 && product.n() == 1) {
      call = Call.DOT;
    } else if (vector && product.work() > SMALL_GEMV) {
      call = Call.GEMV;
    } else {
      call = Call.GEMM;
    }
    this.splitRows = product.m() >= product.n();
    double worthwhile = vector ? GEMV_GRAIN : GEMM_GRAIN;
    long size = splitRows ? product.m() : product.n();
    long wanted = (long) Math.min(threads, Math.ceil(product.work() * batches / worthwhile));
    long parts = call == Call.DOT ? 1 : (wanted + batches - 1) / batches;
    long tiles = (size + TILE - 1) / TILE;
    this.block = (tiles + parts - 1) / parts * TILE;
    this.blocks = (size + block - 1) / block;
    this.grain = Math.max(1, (long) (worthwhile * blocks / product.work()));
  }

  /** C^T = B^T A^T: for a result whose columns lie side by side. */
  private static MatrixProduct transposed(MatrixProduct p) {
    return new MatrixProduct(
        p.dtype(),
        p.n(),
        p.m(),
        p.k(),
        p.batch(),
        p.b().transposed(),
        p.a().transposed(),
        p.c().transposed(),
        p.bias(),
        p.biasStride());
  }

  @Override
  public String implementation() {
    String name = call.name().toLowerCase(Locale.ROOT);
    return "openblas:" + (given.dtype() == DType.F32 ? "s" : "d") + name;
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    MemorySegment a = inputs[product == given ? 0 : 1];
    MemorySegment b = inputs[product == given ? 1 : 0];
    MemorySegment c = outputs[0];
    boolean filled = given.bias() || call == Call.GEMV;
    if (filled) {
      fill(c, given.bias() ? inputs[2] : null);
    }
    long tasks = batches * blocks;
    if (tasks == 1 || threads == 1) {
      run(0, tasks, a, b, c, filled);
    } else {
      workers.parallel(threads, tasks, grain, (from, to) -> run(from, to, a, b, c, filled));
    }
  }

  private void run(
      long from, long to, MemorySegment a, MemorySegment b, MemorySegment c, boolean filled) {
    for (long task = from; task < to; task++) {
      long index = task / blocks;
      long start = task % blocks * block;
      long end = Math.min(splitRows ? product.m() : product.n(), start + block);
      MemorySegment ofA =
          at(a, product.offset(product.a(), index) + (splitRows ? start * product.a().row() : 0));
      MemorySegment ofB =
          at(
              b,
              product.offset(product.b(), index) + (splitRows ? 0 : start * product.b().column()));
      MemorySegment ofC =
          at(
              c,
              product.offset(product.c(), index)
                  + start * (splitRows ? product.c().row() : product.c().column()));
      int m = (int) (splitRows ? end - start : product.m());
      int n = (int) (splitRows ? product.n() : end - start);
      switch (call) {
        case DOT -> dot(ofA, ofB, ofC, filled);
        case GEMM -> gemm(m, n, ofA, ofB, ofC, filled);
        case GEMV -> gemv(m, n, ofA, ofB, ofC);
      }
    }
  }

  private MemorySegment at(MemorySegment operand, long offset) {
    return offset == 0 ? operand : operand.asSlice(offset * elementSize);
  }

  private void dot(MemorySegment a, MemorySegment b, MemorySegment c, boolean filled) {
    int incA = product.k() == 1 ? 1 : (int) product.a().column();
    int incB = product.k() == 1 ? 1 : (int) product.b().row();
    double sum = blas.dot((int) product.k(), a, incA, b, incB);
    store(c, 0, filled ? sum + load(c, 0) : sum);
  }

  private void gemm(
      int m, int n, MemorySegment a, MemorySegment b, MemorySegment c, boolean filled) {
    long k = product.k();
    Matrix left = product.a();
    Matrix right = product.b();
    boolean leftAsIs = left.hasRows(product.m(), k);
    boolean rightAsIs = right.hasRows(k, product.n());
    blas.gemm(
        !leftAsIs,
        !rightAsIs,
        m,
        n,
        (int) k,
        a,
        (int) leading(left, leftAsIs, product.m(), k),
        b,
        (int) leading(right, rightAsIs, k, product.n()),
        filled ? 1 : 0,
        c,
        (int) product.c().leading(product.m(), product.n()));
  }

  private void gemv(int m, int n, MemorySegment a, MemorySegment b, MemorySegment c) {
    int k = (int) product.k();
    if (product.m() == 1) {
      // A row times B is B^T times a column.
      boolean asIs = product.b().hasRows(k, product.n());
      int leading = (int) leading(product.b(), asIs, k, product.n());
      int increment = k == 1 ? 1 : (int) product.a().column();
      blas.gemv(
          asIs, asIs ? k : n, asIs ? n : k, b, leading, a, increment, c, (int) product.c().column());
    } else {
      boolean asIs = product.a().hasRows(product.m(), k);
      int leading = (int) leading(product.a(), asIs, product.m(), k);
      int increment = k == 1 ? 1 : (int) product.b().row();
      blas.gemv(
          !asIs, asIs ? m : k, asIs ? k : m, a, leading, b, increment, c, (int) product.c().row());
    }
  }

  private static long leading(Matrix matrix, boolean asIs, long rows, long columns) {
    return asIs ? matrix.leading(rows, columns) : matrix.transposed().leading(columns, rows);
  }

  /** Puts the bias, or zeros, where the products are to be added. */
  private void fill(MemorySegment c, @Nullable MemorySegment bias) {
    long rows = given.m();
    long grain = Math.max(1, FILL_GRAIN / given.n());
    workers.parallel(
        threads,
        batches * rows,
        grain,
        (from, to) -> {
          long first = row(from);
          for (long column = 0; column < given.n(); column++) {
            double value = bias == null ? 0 : load(bias, column * given.biasStride());
            store(c, first + column * given.c().column(), value);
          }
          for (long position = from + 1; position < to; position++) {
            repeat(c, first, row(position));
          }
        });
  }

  /** Returns where in C a row is, the rows of all products counted through. */
  private long row(long position) {
    return given.offset(given.c(), position / given.m())
        + position % given.m() * given.c().row();
  }

  private void repeat(MemorySegment c, long from, long to) {
    if (given.c().column() == 1) {
      MemorySegment.copy(c, from * elementSize, c, to * elementSize, given.n() * elementSize);
      return;
    }
    for (long column = 0; column < given.n(); column++) {
      long at = column * given.c().column();
      store(c, to + at, load(c, from + at));
    }
  }

  private double load(MemorySegment memory, long index) {
    return elementSize == Float.BYTES
        ? memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * elementSize)
        : memory.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, index * elementSize);
  }

  private void store(MemorySegment memory, long index, double value) {
    if (elementSize == Float.BYTES) {
      memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, index * elementSize, (float) value);
    } else {
      memory.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, index * elementSize, value);
    }
  }
}
