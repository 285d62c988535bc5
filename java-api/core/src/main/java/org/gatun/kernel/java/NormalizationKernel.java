package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.BatchNorm;
import org.gatun.op.GroupNorm;
import org.gatun.op.InstanceNorm;
import org.gatun.op.LayerNorm;
import org.gatun.op.Normalization;
import org.jspecify.annotations.Nullable;

/** Normalizations of f32 and f64 in Java. */
public final class NormalizationKernel implements Kernel {
  /** Makes the kernel. */
  public NormalizationKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Layout x = request.input(0);
    Layout y = request.output(0);
    if (!(request.op() instanceof Normalization op)
        || (x.dtype() != DType.F32 && x.dtype() != DType.F64)
        || !request.inputs().stream().skip(1).allMatch(Layout::isContiguous)
        || !request.outputs().stream().skip(1).allMatch(Layout::isContiguous)) {
      return null;
    }
    boolean contiguous = x.isContiguous() && y.isContiguous();
    boolean channelsLast = x.isChannelsLast() && y.isChannelsLast();
    if (!contiguous && !channelsLast) {
      return null;
    }
    NormalizationProblem problem = problem(op, x);
    if (x.size() == 0) {
      return new EmptyNormalization();
    }
    if (op instanceof LayerNorm) {
      return contiguous ? new RunNormalization(request, problem) : null;
    }
    // One position for each channel lies as channels-last does.
    boolean columns = !contiguous || (problem.positions() == 1 && problem.groupSize() == 1);
    return columns
        ? new ColumnNormalization(request, problem)
        : new RunNormalization(request, problem);
  }

  private static NormalizationProblem problem(Normalization op, Layout x) {
    return switch (op) {
      case BatchNorm b -> {
        NormalizationProblem.Source source =
            b.training() ? NormalizationProblem.Source.BATCH : NormalizationProblem.Source.RUNNING;
        yield NormalizationProblem.ofChannels(
            x, source, x.dim(1), b.running(), b.weight(), b.bias(), b.momentum(), b.eps());
      }
      case GroupNorm g ->
          NormalizationProblem.ofChannels(
              x,
              NormalizationProblem.Source.MEMBER,
              g.groups(),
              false,
              g.weight(),
              g.bias(),
              0,
              g.eps());
      case InstanceNorm i ->
          NormalizationProblem.ofChannels(
              x,
              NormalizationProblem.Source.MEMBER,
              x.dim(1),
              i.running(),
              i.weight(),
              i.bias(),
              i.momentum(),
              i.eps());
      case LayerNorm l -> {
        long length = 1;
        for (long dim : l.normalizedShape().toArray()) {
          length *= dim;
        }
        long rows = length == 0 ? 0 : x.size() / length;
        yield NormalizationProblem.ofRows(rows, length, l.weight(), l.bias(), l.eps());
      }
    };
  }

  /** An input without elements: the running statistics stay as they are. */
  private record EmptyNormalization() implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      for (int i = 1; i < outputs.length; i++) {
        outputs[i].copyFrom(inputs[i]);
      }
    }

    @Override
    public String implementation() {
      return "java:empty";
    }
  }
}
