package org.gatun.kernel.onednn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.gatun.Layout;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.onednn.PrimitivePlan.Operand;
import org.gatun.op.AveragePool;
import org.gatun.op.Ints;
import org.jspecify.annotations.Nullable;

/**
 * Means of windows in channels-last images, as oneDNN's pooling. Its maximum loses NaN, and its
 * code for row-major images is slow: these are Java's.
 */
public final class PoolingKernel implements Kernel {
  /** oneDNN multiplies by strides as ints, and reads and writes elsewhere where that overflows. */
  private static final int LARGEST_ARGUMENT = 1 << 15;

  /** Makes the kernel. */
  public PoolingKernel() {}

  @Override
  public Library library() {
    return Library.ONEDNN;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Layout x = request.input(0);
    Layout y = request.output(0);
    if (!(request.op() instanceof AveragePool op)
        || op.divisorOverride() != 0
        || !Cpu.computes(x.dtype())
        || x.rank() != op.kernel().size() + 2
        || !x.isChannelsLast()
        || !y.isChannelsLast()
        || !Descriptors.canDescribe(x)) {
      return null;
    }
    int dims = op.kernel().size();
    long[] after = new long[dims];
    for (int i = 0; i < dims; i++) {
      if (Math.max(op.kernel().get(i), op.stride().get(i)) > LARGEST_ARGUMENT) {
        return null;
      }
      long given = op.padding().get(op.padding().size() == dims ? i : dims + i);
      long reached = (y.dim(2 + i) - 1) * op.stride().get(i) + op.kernel().get(i);
      after[i] = Math.max(given, reached - x.dim(2 + i) - op.padding().get(i));
      if (op.countIncludePad() && after[i] > given) {
        // What the rounding up adds must not count, but oneDNN counts all padding or none.
        return null;
      }
    }
    return plan(request, op, after);
  }

  private static @Nullable Plan plan(PlanRequest request, AveragePool op, long[] after) {
    int dims = op.kernel().size();
    int algorithm =
        op.countIncludePad()
            ? OneDnn.dnnl_pooling_avg_include_padding()
            : OneDnn.dnnl_pooling_avg_exclude_padding();
    try (PlanBuilder builder = new PlanBuilder(request)) {
      MemorySegment src = builder.descriptor(request.input(0));
      MemorySegment dst = builder.descriptor(request.output(0));
      boolean made =
          builder.primitive(
              "pooling",
              out ->
                  OneDnn.dnnl_pooling_forward_primitive_desc_create(
                      out,
                      Cpu.engine(),
                      OneDnn.dnnl_forward_inference(),
                      algorithm,
                      src,
                      dst,
                      numbers(builder, op.stride(), dims),
                      numbers(builder, op.kernel(), dims),
                      numbers(builder, Ints.repeat(0, dims), dims),
                      numbers(builder, op.padding(), dims),
                      builder.arena().allocateFrom(ValueLayout.JAVA_LONG, after),
                      builder.attributes(null)));
      if (!made) {
        return null;
      }
      builder.pass(OneDnn.DNNL_ARG_SRC(), new Operand.Input(0), src);
      builder.pass(OneDnn.DNNL_ARG_DST(), new Operand.Output(0), dst);
      return builder.plan();
    }
  }

  private static MemorySegment numbers(PlanBuilder builder, Ints values, int count) {
    long[] numbers = new long[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = values.get(i);
    }
    return builder.arena().allocateFrom(ValueLayout.JAVA_LONG, numbers);
  }
}
