package org.gatun.kernel.openblas;

import java.util.Arrays;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Convolution;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions as matrix products: of {@code f64}, which oneDNN has not, and of what {@code f32} it
 * has only reference code for, such as images without elements.
 */
public final class ConvolutionKernel implements Kernel {
  /** Makes the kernel. */
  public ConvolutionKernel() {}

  @Override
  public Library library() {
    return Library.OPENBLAS;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof Convolution op)
        || !(request.isFloating(DType.F64) || request.isFloating(DType.F32))) {
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
      case Conv conv -> new ConvPlan(conv, request, x, weights, y);
      case ConvTranspose transpose -> new ConvTransposePlan(transpose, request, x, weights, y);
    };
  }

  /** Returns whether the sizes of the matrices are ints, as BLAS counts. */
  private static boolean fit(Layout layout) {
    double perImage =
        Arrays.stream(layout.shape().dims()).skip(1).asDoubleStream().reduce(1, (a, b) -> a * b);
    return perImage <= Integer.MAX_VALUE && layout.dim(0) <= Integer.MAX_VALUE;
  }
}
