package org.gatun.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.kernel.Plan;

/**
 * A plan that calls a function on tensors that end with the call: what the function keeps of them
 * cannot be touched any more.
 *
 * @param function what is called
 * @param inputs the layouts of its inputs
 * @param outputs the layouts of its outputs
 */
record HostPlan(HostFunction function, Layout[] inputs, Layout[] outputs) implements Plan {
  @Override
  public void execute(MemorySegment[] in, MemorySegment[] out) {
    Recording.suspended(() -> call(in, out));
  }

  private void call(MemorySegment[] in, MemorySegment[] out) {
    try (Arena arena = Arena.ofConfined();
        Scope _ = Scope.open()) {
      List<Tensor> from = new ArrayList<>(in.length);
      List<Tensor> to = new ArrayList<>(out.length);
      for (int i = 0; i < in.length; i++) {
        from.add(lent(in[i].asReadOnly(), inputs[i], arena));
      }
      for (int i = 0; i < out.length; i++) {
        to.add(lent(out[i], outputs[i], arena));
      }
      function.compute(List.copyOf(from), List.copyOf(to));
    }
  }

  @SuppressWarnings("restricted") // The caller holds the memory, and the arena ends with the call.
  private static Tensor lent(MemorySegment memory, Layout layout, Arena arena) {
    return TensorAccess.get().lent(memory.reinterpret(arena, null), layout);
  }

  @Override
  public String implementation() {
    return "java:host";
  }
}
