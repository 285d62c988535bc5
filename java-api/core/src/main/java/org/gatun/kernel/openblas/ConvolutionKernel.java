package org.gatun.kernel.openblas;

import org.gatun.kernel.ColumnConvolution;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
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
    return request.op() instanceof Convolution op
        ? ColumnConvolution.plan(
            request, op, new BlasGemm(Blas.of(request.output(0).dtype()), "openblas:columns"))
        : null;
  }
}
