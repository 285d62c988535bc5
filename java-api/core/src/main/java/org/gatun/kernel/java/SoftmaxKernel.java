package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.DType;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.LogSoftmax;
import org.gatun.op.Op;
import org.gatun.op.Softmax;
import org.gatun.op.SoftmaxGradient;
import org.jspecify.annotations.Nullable;

/**
 * {@link Softmax}, {@link LogSoftmax} and {@link SoftmaxGradient} of f32 and f64, of any layout.
 * Short loops over a line that is in the cache by then: fused into one they are slower.
 */
public final class SoftmaxKernel implements Kernel {
  private static final long GRAIN = 4 * 1024;

  /** Makes the kernel. */
  public SoftmaxKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    DType dtype = request.output(0).dtype();
    if (dtype != DType.F32 && dtype != DType.F64) {
      return null;
    }
    return switch (request.op()) {
      case Softmax(int axis) -> plan(request, axis, LinePlan::softmax);
      case LogSoftmax(int axis) -> plan(request, axis, LinePlan::logSoftmax);
      case SoftmaxGradient(int axis, boolean log) ->
          plan(request, axis, log ? LinePlan::logGradient : LinePlan::gradient);
      case Op _ -> null;
    };
  }

  private static Plan plan(PlanRequest request, int axis, Line line) {
    LinePlan lines = new LinePlan(request, axis, line);
    Plan columns = lines.lines.areApart() ? ColumnSoftmax.of(request, axis, GRAIN) : null;
    return columns == null ? lines : columns;
  }

  /** What is done with a line: the result is at the first address, the inputs at the others. */
  @FunctionalInterface
  private interface Line {
    void run(LinePlan plan, long[] at);
  }

  private static final class LinePlan implements Plan {
    private final SoftmaxLoops loops;
    private final Line line;
    private final Lines lines;
    private final long length;
    private final int width;

    LinePlan(PlanRequest request, int axis, Line line) {
      Lines.Operand[] operands = new Lines.Operand[1 + request.inputs().size()];
      operands[0] = Lines.Operand.along(request.output(0), axis, true);
      Arrays.setAll(
          operands,
          i -> i == 0 ? operands[0] : Lines.Operand.along(request.input(i - 1), axis, false));
      this.loops = SoftmaxLoops.of(request.context(), request.output(0).dtype());
      this.line = line;
      this.lines = new Lines(request, GRAIN, operands);
      this.length = operands[0].length();
      this.width = request.output(0).dtype().byteSize();
    }

    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      if (length == 0) {
        return;
      }
      long[] starts = new long[1 + inputs.length];
      Arrays.setAll(starts, i -> i == 0 ? outputs[0].address() : inputs[i - 1].address());
      lines.run(at -> line.run(this, at), starts);
    }

    private static void softmax(LinePlan plan, long[] at) {
      SoftmaxLoops loops = plan.loops;
      long dst = at[0];
      double max = loops.max(at[1], plan.length);
      double sum = 0;
      for (long i = 0; i < plan.length; i += SoftmaxLoops.BLOCK) {
        long offset = i * plan.width;
        sum += loops.exp(at[1] + offset, max, dst + offset, plan.block(i));
      }
      loops.scale(dst, 1 / sum, dst, plan.length);
    }

    private static void logSoftmax(LinePlan plan, long[] at) {
      SoftmaxLoops loops = plan.loops;
      double max = loops.max(at[1], plan.length);
      double sum = 0;
      for (long i = 0; i < plan.length; i += SoftmaxLoops.BLOCK) {
        sum += loops.sumOfExp(at[1] + i * plan.width, max, plan.block(i));
      }
      loops.subtract(at[1], max, Math.log(sum), at[0], plan.length);
    }

    private static void gradient(LinePlan plan, long[] at) {
      double dot = 0;
      for (long i = 0; i < plan.length; i += SoftmaxLoops.BLOCK) {
        long offset = i * plan.width;
        dot += plan.loops.dot(at[1] + offset, at[2] + offset, plan.block(i));
      }
      plan.loops.softmaxGradient(at[1], at[2], dot, at[0], plan.length);
    }

    private static void logGradient(LinePlan plan, long[] at) {
      double sum = 0;
      for (long i = 0; i < plan.length; i += SoftmaxLoops.BLOCK) {
        sum += plan.loops.sum(at[1] + i * plan.width, plan.block(i));
      }
      plan.loops.logSoftmaxGradient(at[1], at[2], sum, at[0], plan.length);
    }

    /** Returns the number of elements that one sum adds up from here on. */
    private long block(long from) {
      return Math.min(SoftmaxLoops.BLOCK, length - from);
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }
}
