package org.gatun.kernel;

import java.util.Arrays;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Convolution;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions as matrix products, whichever library multiplies: what the kernel meets at each
 * position is a column of a matrix, and the weights are the other one.
 */
public final class ColumnConvolution {
  private ColumnConvolution() {}

  /**
   * Returns a plan of a convolution in {@code f32} or {@code f64}, or null where the operands are
   * of another dtype, do not lie in row-major order or are too large.
   *
   * @param request a request for the operator
   * @param op the operator
   * @param gemm the product, of the request's dtype
   */
  public static @Nullable Plan plan(PlanRequest request, Convolution op, Gemm gemm) {
    if (!request.isFloating(DType.F64) && !request.isFloating(DType.F32)) {
      return null;
    }
    Layout x = op.batched(request.input(0));
    Layout y = op.batched(request.output(0));
    Layout weights = request.input(1);
    // Rows of channels-last images are strided: copies around the plan cost less than reading them.
    boolean rowMajor = x.isContiguous() && weights.isContiguous() && y.isContiguous();
    if (!rowMajor || !fit(x) || !fit(y) || !fit(weights)) {
      return null;
    }
    return switch (op) {
      case Conv conv -> new ConvPlan(conv, request, x, weights, y, gemm);
      case ConvTranspose transpose ->
          new ConvTransposePlan(transpose, request, x, weights, y, gemm);
    };
  }

  /** Returns whether the sizes of the matrices are ints, as BLAS counts. */
  private static boolean fit(Layout layout) {
    double perImage =
        Arrays.stream(layout.shape().dims()).skip(1).asDoubleStream().reduce(1, (a, b) -> a * b);
    return perImage <= Integer.MAX_VALUE && layout.dim(0) <= Integer.MAX_VALUE;
  }
}
