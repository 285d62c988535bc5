package org.gatun.kernel.openblas;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import org.gatun.DType;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.MatrixProduct.Matrix;
import org.gatun.kernel.Plan;
import org.gatun.kernel.ProductSplit;
import org.gatun.kernel.Workers;

/** Matrix products by gemm, gemv and dot, split over the workers. */
final class ProductPlan implements Plan {
  /** Multiplications below which another thread costs more than it brings: a few microseconds. */
  private static final double GEMM_GRAIN = 1 << 18;

  /** The same for products with a vector, which wait for memory. */
  private static final double GEMV_GRAIN = 1 << 16;

  /** Rows or columns that blocks are multiples of: about the tile that gemm works on. */
  private static final long TILE = 16;

  /** gemm overtakes gemv below, where OpenBLAS has a small-matrix kernel for it. */
  private static final double SMALL_GEMV = 1 << 16;

  private final MatrixProduct product;
  private final boolean swapped;
  private final Blas blas;
  private final Workers workers;
  private final Call call;
  private final ProductSplit split;

  private enum Call {
    DOT,
    GEMM,
    GEMV
  }

  ProductPlan(MatrixProduct given, int threads, Workers workers) {
    // BLAS writes rows; a result whose columns lie side by side is C^T = B^T A^T.
    this.swapped = !given.c().hasRows(given.m(), given.n());
    this.product = swapped ? given.transposed() : given;
    this.blas = Blas.of(product.dtype());
    this.workers = workers;
    boolean vector = product.m() == 1 || product.n() == 1;
    if (product.m() == 1 && product.n() == 1) {
      this.call = Call.DOT;
    } else {
      this.call = vector && product.work() > SMALL_GEMV ? Call.GEMV : Call.GEMM;
    }
    this.split = ProductSplit.of(product, threads, vector ? GEMV_GRAIN : GEMM_GRAIN, TILE);
  }

  @Override
  public String implementation() {
    String precision = product.dtype() == DType.F32 ? "s" : "d";
    return "openblas:" + precision + call.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    MatrixProduct.Bias given = product.bias();
    double beta = given == null ? 0 : given.beta();
    split.run(
        workers,
        inputs[swapped ? 1 : 0],
        inputs[swapped ? 0 : 1],
        outputs[0],
        given == null ? null : inputs[2],
        (a, b, c, bias, m, n) -> {
          if (bias != null) {
            product.copyBias(bias, c, m, n);
          }
          switch (call) {
            case DOT -> dot(a, b, beta, c);
            case GEMM -> gemm((int) m, (int) n, a, b, beta, c);
            case GEMV -> gemv((int) m, (int) n, a, b, beta, c);
          }
        });
  }

  private void dot(MemorySegment a, MemorySegment b, double beta, MemorySegment c) {
    int count = (int) product.k();
    double sum =
        product.alpha()
            * blas.dot(count, a, step(product.a().column()), b, step(product.b().row()));
    if (product.dtype() == DType.F32) {
      double before = beta == 0 ? 0 : beta * c.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0);
      c.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, (float) (sum + before));
    } else {
      double before = beta == 0 ? 0 : beta * c.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0);
      c.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, sum + before);
    }
  }

  private void gemm(int m, int n, MemorySegment a, MemorySegment b, double beta, MemorySegment c) {
    long k = product.k();
    boolean leftAsIs = product.a().hasRows(product.m(), k);
    boolean rightAsIs = product.b().hasRows(k, product.n());
    blas.gemm(
        !leftAsIs,
        !rightAsIs,
        m,
        n,
        (int) k,
        product.alpha(),
        a,
        leading(product.a(), leftAsIs, product.m(), k),
        b,
        leading(product.b(), rightAsIs, k, product.n()),
        beta,
        c,
        (int) product.c().leading(product.m(), product.n()));
  }

  private void gemv(int m, int n, MemorySegment a, MemorySegment b, double beta, MemorySegment c) {
    int k = (int) product.k();
    if (product.m() == 1) {
      // A row times B is B^T times a column.
      boolean asIs = product.b().hasRows(k, product.n());
      int leading = leading(product.b(), asIs, k, product.n());
      int stepA = step(product.a().column());
      int stepC = step(product.c().column());
      int rows = asIs ? k : n;
      int columns = asIs ? n : k;
      blas.gemv(asIs, rows, columns, product.alpha(), b, leading, a, stepA, beta, c, stepC);
    } else {
      boolean asIs = product.a().hasRows(product.m(), k);
      int leading = leading(product.a(), asIs, product.m(), k);
      int stepB = step(product.b().row());
      int stepC = step(product.c().row());
      int rows = asIs ? m : k;
      int columns = asIs ? k : m;
      blas.gemv(!asIs, rows, columns, product.alpha(), a, leading, b, stepB, beta, c, stepC);
    }
  }

  private static int leading(Matrix matrix, boolean asIs, long rows, long columns) {
    return (int)
        (asIs ? matrix.leading(rows, columns) : matrix.transposed().leading(columns, rows));
  }

  /** The stride of a vector: of a single number it may be 0, which BLAS refuses. */
  private static int step(long stride) {
    return (int) Math.max(1, stride);
  }
}
