package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.BatchNorm;
import org.gatun.op.DeepNorm;
import org.gatun.op.DyT;
import org.gatun.op.GroupNorm;
import org.gatun.op.InstanceNorm;
import org.gatun.op.LayerNorm;
import org.gatun.op.LocalResponseNorm;
import org.gatun.op.Longs;
import org.gatun.op.Normalization;
import org.gatun.op.RmsNorm;
import org.gatun.op.SwitchNorm;
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
    if (x.size() == 0) {
      return new EmptyNormalization();
    }
    return switch (op) {
      case BatchNorm b -> channels(request, problem(b, x), contiguous);
      case DeepNorm d -> contiguous ? rows(request, d) : null;
      case DyT d -> {
        boolean rows = !d.channelsFirst() || !contiguous;
        yield contiguous || d.channelsFirst() ? new TanhNormalization(request, d, rows) : null;
      }
      case GroupNorm g -> channels(request, problem(g, x), contiguous);
      case InstanceNorm i -> channels(request, problem(i, x), contiguous);
      case LayerNorm l -> contiguous ? rows(request, l) : null;
      case LocalResponseNorm l -> new ResponseNormalization(request, l, !contiguous);
      case RmsNorm r -> contiguous ? new RmsNormalization(request, r) : null;
      case SwitchNorm s -> contiguous ? new SwitchNormalization(request, s) : null;
    };
  }

  private static Plan channels(
      PlanRequest request, NormalizationProblem problem, boolean contiguous) {
    // One position for each channel lies as channels-last does.
    boolean columns = !contiguous || (problem.positions() == 1 && problem.groupSize() == 1);
    return columns
        ? new ColumnNormalization(request, problem)
        : new RunNormalization(request, problem);
  }

  private static Plan rows(PlanRequest request, LayerNorm op) {
    return new RunNormalization(
        request, rows(request, op.normalizedShape(), op.weight(), op.bias(), op.eps()));
  }

  private static Plan rows(PlanRequest request, DeepNorm op) {
    NormalizationProblem problem =
        rows(request, op.normalizedShape(), op.weight(), op.bias(), op.eps());
    return RunNormalization.ofSum(request, problem, op.alpha());
  }

  private static NormalizationProblem rows(
      PlanRequest request, Longs normalizedShape, boolean weight, boolean bias, double eps) {
    long length = Shape.of(normalizedShape.toArray()).size();
    long rows = request.input(0).size() / length;
    return NormalizationProblem.ofRows(rows, length, weight, bias, eps);
  }

  private static NormalizationProblem problem(BatchNorm op, Layout x) {
    NormalizationProblem.Source source =
        op.training() ? NormalizationProblem.Source.BATCH : NormalizationProblem.Source.RUNNING;
    return NormalizationProblem.ofChannels(
        x, source, x.dim(1), op.running(), op.weight(), op.bias(), op.momentum(), op.eps());
  }

  private static NormalizationProblem problem(GroupNorm op, Layout x) {
    return NormalizationProblem.ofChannels(
        x,
        NormalizationProblem.Source.MEMBER,
        op.groups(),
        false,
        op.weight(),
        op.bias(),
        0,
        op.eps());
  }

  private static NormalizationProblem problem(InstanceNorm op, Layout x) {
    return NormalizationProblem.ofChannels(
        x,
        NormalizationProblem.Source.MEMBER,
        x.dim(1),
        op.running(),
        op.weight(),
        op.bias(),
        op.momentum(),
        op.eps());
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
