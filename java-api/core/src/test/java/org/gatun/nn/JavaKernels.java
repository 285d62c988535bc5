package org.gatun.nn;

import java.util.List;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.kernel.java.CopyKernel;
import org.gatun.kernel.java.DrawKernel;
import org.gatun.kernel.java.DropoutKernel;
import org.gatun.kernel.java.NormalizationKernel;
import org.gatun.kernel.java.PoolingKernel;
import org.gatun.runtime.Backend;
import org.gatun.runtime.MemoryPool;
import org.jspecify.annotations.Nullable;

/** The kernels in plain Java that these tests need, on the calling thread. */
final class JavaKernels implements Backend, Workers {
  private static final List<Kernel> KERNELS =
      List.of(
          new CopyKernel(),
          new DrawKernel(),
          new DropoutKernel(),
          new NormalizationKernel(),
          new PoolingKernel());

  @Override
  public String name() {
    return "java";
  }

  @Override
  public KernelContext context() {
    return new KernelContext(this, MemoryPool.shared(), false);
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    for (Kernel kernel : KERNELS) {
      Plan plan = kernel.plan(request);
      if (plan != null) {
        return plan;
      }
    }
    return null;
  }

  @Override
  public void parallel(int threads, long count, long grain, Part part) {
    if (count > 0) {
      part.run(0, count);
    }
  }
}
