package org.gatun.nn;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.kernel.java.DrawKernel;
import org.gatun.op.Stochastic;
import org.gatun.runtime.Backend;
import org.gatun.runtime.MemoryPool;
import org.jspecify.annotations.Nullable;

/** A backend that notes what it is asked to plan, and fills results with its number. */
final class Recording implements Backend, Workers {
  final List<PlanRequest> requests = new ArrayList<>();

  @Override
  public String name() {
    return "recording";
  }

  @Override
  public KernelContext context() {
    return new KernelContext(this, MemoryPool.shared(), false);
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (request.op() instanceof Stochastic) {
      return new DrawKernel().plan(request); // The parameters of layers are what they are to be.
    }
    requests.add(request);
    return new Filling((byte) requests.size());
  }

  @Override
  public void parallel(int threads, long count, long grain, Part part) {
    part.run(0, count);
  }

  private record Filling(byte number) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      outputs[0].fill(number);
    }

    @Override
    public String implementation() {
      return "recording";
    }
  }
}
