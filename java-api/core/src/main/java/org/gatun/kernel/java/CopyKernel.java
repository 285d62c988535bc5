package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Copy;
import org.jspecify.annotations.Nullable;

/** {@link Copy}: any dtype, any strides. */
public final class CopyKernel implements Kernel {
  /** Makes the kernel. */
  public CopyKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof Copy)) {
      return null;
    }
    return new CopyPlan(StridedCopy.of(request, request.input(0), request.output(0)));
  }

  private record CopyPlan(StridedCopy copy) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      copy.run(inputs[0].address(), outputs[0].address());
    }

    @Override
    public String implementation() {
      return copy.implementation();
    }
  }
}
