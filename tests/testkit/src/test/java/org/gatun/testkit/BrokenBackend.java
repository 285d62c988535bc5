package org.gatun.testkit;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Backend;
import org.jspecify.annotations.Nullable;

/** The reference with one thing wrong in it, which the testkit has to find. */
final class BrokenBackend implements Backend {
  /** What a plan does after it has computed the right result. */
  interface Flaw {
    void apply(PlanRequest request, MemorySegment[] inputs, MemorySegment[] outputs);
  }

  private final ReferenceBackend reference = new ReferenceBackend();
  private final Flaw flaw;

  BrokenBackend(Flaw flaw) {
    this.flaw = flaw;
  }

  @Override
  public String name() {
    return "broken";
  }

  @Override
  public KernelContext context() {
    return reference.context();
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Plan right = reference.plan(request);
    return new Plan() {
      @Override
      public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
        right.execute(inputs, outputs);
        flaw.apply(request, inputs, outputs);
      }

      @Override
      public String implementation() {
        return "broken";
      }
    };
  }
}
