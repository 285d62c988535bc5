package org.gatun.reference;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Op;
import org.gatun.runtime.Backend;
import org.gatun.runtime.MemoryPool;

/** The reference as a backend: {@code Engine.of(new ReferenceBackend())} computes by it. */
public final class ReferenceBackend implements Backend {
  private static final Workers CALLER_ALONE =
      new Workers() {
        @Override
        public void parallel(int threads, long count, long grain, Part part) {
          if (count > 0) {
            part.run(0, count);
          }
        }

        @Override
        public String name() {
          return "caller";
        }
      };

  private final KernelContext context = new KernelContext(CALLER_ALONE, MemoryPool.shared(), false);

  /** Makes a backend. */
  public ReferenceBackend() {}

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public KernelContext context() {
    return context;
  }

  @Override
  public Plan plan(PlanRequest request) {
    return new ReferencePlan(request.op(), request.inputs(), request.outputs());
  }

  private record ReferencePlan(Op op, List<Layout> inputs, List<Layout> outputs) implements Plan {
    @Override
    public void execute(MemorySegment[] in, MemorySegment[] out) {
      List<NdArray> arrays = new ArrayList<>();
      for (int i = 0; i < in.length; i++) {
        arrays.add(Elements.read(in[i], inputs.get(i)));
      }
      List<NdArray> results = Reference.evaluate(op, arrays);
      for (int i = 0; i < out.length; i++) {
        Elements.write(results.get(i), out[i], outputs.get(i));
      }
    }

    @Override
    public String implementation() {
      return "reference";
    }
  }
}
