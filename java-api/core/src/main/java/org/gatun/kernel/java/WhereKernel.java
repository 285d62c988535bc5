package org.gatun.kernel.java;

import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Where;
import org.jspecify.annotations.Nullable;

/**
 * {@link Where} of every dtype. Along the innermost dimension of the result, each operand lies side
 * by side or is one element for all.
 */
public final class WhereKernel implements Kernel {
  private static final long GRAIN = 16 * 1024;

  /** Makes the kernel. */
  public WhereKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof Where)) {
      return null;
    }
    Nest nest = PointwiseNest.of(request);
    if (nest == null) {
      return null;
    }
    int width = request.output(0).dtype().byteSize();
    boolean wide = width == Integer.BYTES || width == Long.BYTES;
    PointwiseLoop loop =
        wide && request.context().vector() ? VectorProvider.where(width) : new WhereLoop(width);
    return PointwisePlan.of(loop, nest, request, GRAIN);
  }
}
