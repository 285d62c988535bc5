package org.gatun.kernel.openblas;

import java.util.List;
import org.gatun.DType;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.MatrixProduct.Matrix;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Contraction;
import org.jspecify.annotations.Nullable;

/**
 * MatMul and Linear in OpenBLAS: all of {@code f64}, which oneDNN does not multiply, and the {@code
 * f32} that it is faster for.
 *
 * <p>Nanoseconds of one product on one thread (Zen 5, AVX-512; OpenBLAS 0.3.31, oneDNN 3.11 with
 * plain weights, in the engine), B as it lies and B transposed:
 *
 * <pre>
 *                m    k    n   OpenBLAS   oneDNN   OpenBLAS B^T   oneDNN B^T
 *                8    8    8         70     1000            122         1040
 *               32   32   32        294     1500            558         1590
 *               48   48   48        980     2000           1570         1950
 *               64   64   64       2080     3440           3340         3210
 *               96   96   96       6890     7880           9310         8250
 *              128  128  128      21200    17600          21400        17900
 *                8  256  256       4240     5340          20200         9200
 *                8 1024 1024     312000   147000         409000       146000
 *   sgemv        1 1024 1024      44300   102600          39000        39700
 *   sgemv     1024 1024    1      39000    41800          39000        39200
 *               64 1024    8       4900    16500           4460        17000
 *   64 times   32   32   32      27100    20800          41000        23700
 * </pre>
 *
 * <p>The step is OpenBLAS's own: up to a million multiplications it does not pack its operands.
 */
public final class MatMulKernel implements Kernel {
  /** Multiplications up to which OpenBLAS wins in {@code f32}. */
  private static final double SMALL = 1e6;

  /** The same where B is transposed, or constant: oneDNN packs it once. */
  private static final double SMALL_TRANSPOSED = 125_000;

  /** Columns up to which oneDNN's tiles are too wide, however B lies. */
  private static final long NARROW = 16;

  /** Products up to which calling for each of them costs less than oneDNN's one call. */
  private static final long FEW = 4;

  /** Makes the kernel. */
  public MatMulKernel() {}

  @Override
  public Library library() {
    return Library.OPENBLAS;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    DType dtype = request.output(0).dtype();
    if (!(request.op() instanceof Contraction op) || (dtype != DType.F32 && dtype != DType.F64)) {
      return null;
    }
    MatrixProduct product = MatrixProduct.of(op, request.inputs(), request.output(0));
    if (product.isEmpty() || !product.isBlas() || !fitsInts(product)) {
      return null;
    }
    boolean constant = request.constant(1) != null;
    return dtype == DType.F64 || isFaster(product, constant)
        ? new ProductPlan(product, request.threads(), request.context().workers())
        : null;
  }

  private static boolean isFaster(MatrixProduct product, boolean constant) {
    if (!constant && (product.m() == 1 || product.n() == 1)) {
      return true;
    }
    if (isRowTimesTranspose(product)) {
      return true;
    }
    boolean asItLies = !constant && product.b().hasRows(product.k(), product.n());
    double small = asItLies || product.n() <= NARROW ? SMALL : SMALL_TRANSPOSED;
    return product.work() <= small && product.batches() <= FEW;
  }

  /**
   * Returns whether a row is multiplied with the transpose of B, as the weights of a layer lie:
   * gemv takes 0.75 to 0.94 of the time of oneDNN's product with packed weights on one thread, of
   * 384 by 384 to 4096 by 4096, and needs no other copy of them.
   */
  private static boolean isRowTimesTranspose(MatrixProduct product) {
    return product.m() == 1
        && product.batches() == 1
        && !product.b().hasRows(product.k(), product.n());
  }

  /** BLAS counts in 32 bits. */
  private static boolean fitsInts(MatrixProduct product) {
    List<Matrix> matrices = List.of(product.a(), product.b(), product.c());
    return Math.max(product.m(), Math.max(product.n(), product.k())) <= Integer.MAX_VALUE
        && matrices.stream().allMatch(x -> Math.max(x.row(), x.column()) <= Integer.MAX_VALUE);
  }
}
