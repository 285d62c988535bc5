package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.Layout;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.ScratchMemory;
import org.jspecify.annotations.Nullable;

/**
 * A plan for operands of other layouts or dtypes than the caller's, with what converts them before
 * and after. What is converted lies in scratch memory; constants were converted when this was made.
 *
 * @param prefix what is done around the plan, for its name
 * @param plan the plan
 * @param inputs the layouts that it reads
 * @param outputs the layouts that it writes
 * @param before for each input what converts it, null where it is read as it is or is constant
 * @param after for each output what converts it, null where it is written as it is
 * @param constants for each input its converted elements if it is constant, else null
 * @param context where the scratch memory comes from
 */
record ConvertingPlan(
    String prefix,
    Plan plan,
    List<Layout> inputs,
    List<Layout> outputs,
    @Nullable Plan[] before,
    @Nullable Plan[] after,
    ScratchMemory.@Nullable Block[] constants,
    KernelContext context)
    implements Plan {
  @Override
  public void execute(MemorySegment[] from, MemorySegment[] to) {
    try (Scratch scratch = new Scratch(context.memory())) {
      MemorySegment[] in = from.clone();
      MemorySegment[] out = to.clone();
      for (int i = 0; i < before.length; i++) {
        Plan conversion = before[i];
        ScratchMemory.Block constant = constants[i];
        if (constant != null) {
          in[i] = constant.segment();
        } else if (conversion != null) {
          in[i] = scratch.take(inputs.get(i).byteSpan());
          conversion.execute(new MemorySegment[] {from[i]}, new MemorySegment[] {in[i]});
        }
      }
      for (int i = 0; i < after.length; i++) {
        if (after[i] != null) {
          out[i] = scratch.take(outputs.get(i).byteSpan());
        }
      }
      plan.execute(in, out);
      for (int i = 0; i < after.length; i++) {
        Plan conversion = after[i];
        if (conversion != null) {
          conversion.execute(new MemorySegment[] {out[i]}, new MemorySegment[] {to[i]});
        }
      }
    }
  }

  @Override
  public boolean reads(int input) {
    return constants[input] == null && (before[input] != null || plan.reads(input));
  }

  @Override
  public boolean roundsByThreads() {
    return plan.roundsByThreads();
  }

  @Override
  public String implementation() {
    return prefix + "+" + plan.implementation();
  }

  @Override
  public void close() {
    plan.close();
    close(before);
    close(after);
    for (ScratchMemory.Block constant : constants) {
      if (constant != null) {
        constant.close();
      }
    }
  }

  private static void close(@Nullable Plan[] conversions) {
    for (Plan conversion : conversions) {
      if (conversion != null) {
        conversion.close();
      }
    }
  }
}
