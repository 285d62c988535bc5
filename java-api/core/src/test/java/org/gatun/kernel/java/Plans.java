package org.gatun.kernel.java;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Workers;
import org.gatun.op.Op;

/** Plans of Java kernels, without an engine and without native libraries. */
final class Plans {
  private static final Workers FORK_JOIN =
      new Workers() {
        @Override
        public void parallel(int threads, long count, long grain, Part part) {
          long grains = (count + grain - 1) / grain;
          long chunk = (grains + threads - 1) / threads * grain;
          LongStream.range(0, (count + chunk - 1) / chunk)
              .parallel()
              .forEach(i -> part.run(i * chunk, Math.min(count, (i + 1) * chunk)));
        }

        @Override
        public String name() {
          return "fork-join";
        }
      };

  private Plans() {}

  private record Scratch(MemorySegment segment) implements ScratchMemory.Block {
    @Override
    public boolean giveBack() {
      return true;
    }
  }

  /** Returns a plan; the scratch that it takes lives as long as the arena. */
  static Plan of(
      Kernel kernel,
      Op op,
      List<Layout> inputs,
      List<Layout> outputs,
      int threads,
      boolean vector,
      Arena arena) {
    ScratchMemory scratch = size -> new Scratch(arena.allocate(Math.max(1, size), 64));
    Plan plan =
        kernel.plan(
            new PlanRequest(
                op,
                inputs,
                outputs,
                Collections.nCopies(inputs.size(), null),
                threads,
                new KernelContext(FORK_JOIN, scratch, vector)));
    assertNotNull(plan);
    return plan;
  }

  /** Returns the outputs that an operator chooses the layouts of. */
  static List<MemorySegment> run(
      Kernel kernel,
      Op op,
      List<Layout> layouts,
      int threads,
      boolean vector,
      Arena arena,
      MemorySegment... inputs) {
    List<Layout> outputs = op.infer(layouts);
    List<MemorySegment> results = new ArrayList<>();
    for (Layout output : outputs) {
      results.add(arena.allocate(Math.max(1, output.byteSpan()), 64));
    }
    of(kernel, op, layouts, outputs, threads, vector, arena)
        .execute(inputs, results.toArray(MemorySegment[]::new));
    return results;
  }
}
