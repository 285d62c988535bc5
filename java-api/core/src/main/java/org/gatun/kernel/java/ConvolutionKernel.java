package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.kernel.ColumnConvolution;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Convolution;
import org.jspecify.annotations.Nullable;

/** Convolutions in Java, as matrix products: what the native libraries are compared with. */
public final class ConvolutionKernel implements Kernel {
  /** Makes the kernel. */
  public ConvolutionKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof Convolution op)) {
      return null;
    }
    DType dtype = request.output(0).dtype();
    MatMulLoops loops = MatMulLoops.of(request.context(), dtype);
    return loops == null
        ? null
        : ColumnConvolution.plan(request, op, new LoopsGemm(dtype, loops, request.context()));
  }
}
