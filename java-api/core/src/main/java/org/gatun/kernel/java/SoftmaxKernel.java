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

  private static Plan plan(PlanRequest request, int axis, Step step) {
    Plan rows = RowSoftmax.of(request, axis, GRAIN);
    if (rows != null) {
      return rows;
    }
    LinePlan lines = new LinePlan(request, axis, step);
    Plan columns = lines.lines.areApart() ? ColumnSoftmax.of(request, axis, GRAIN) : null;
    return columns == null ? lines : columns;
  }

  /** What is done with a line: the result is at the first address, the inputs at the others. */
  @FunctionalInterface
  private interface Step {
    void run(SoftmaxLine line, long[] at);
  }

  private static final class LinePlan implements Plan {
    private final Step step;
    private final Lines lines;
    private final SoftmaxLine line;

    LinePlan(PlanRequest request, int axis, Step step) {
      DType dtype = request.output(0).dtype();
      Lines.Operand[] operands = new Lines.Operand[1 + request.inputs().size()];
      operands[0] = Lines.Operand.result(request.output(0), axis);
      for (int i = 1; i < operands.length; i++) {
        operands[i] = Lines.Operand.input(request.input(i - 1), axis);
      }
      this.step = step;
      this.lines = new Lines(request, GRAIN, operands);
      this.line =
          new SoftmaxLine(
              SoftmaxLoops.of(request.context(), dtype), dtype.byteSize(), operands[0].length());
    }

    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      if (line.length() == 0) {
        return;
      }
      long[] starts = new long[1 + inputs.length];
      Arrays.setAll(starts, i -> i == 0 ? outputs[0].address() : inputs[i - 1].address());
      lines.run(at -> step.run(line, at), starts);
    }

    private static void softmax(SoftmaxLine line, long[] at) {
      double sum = line.exp(at[1], line.max(at[1]), at[0]);
      line.loops().scale(at[0], 1 / sum, at[0], line.length());
    }

    private static void logSoftmax(SoftmaxLine line, long[] at) {
      double max = line.max(at[1]);
      double sum = line.sumOfExp(at[1], max);
      line.loops().subtract(at[1], max, Math.log(sum), at[0], line.length());
    }

    private static void gradient(SoftmaxLine line, long[] at) {
      double dot = line.dot(at[1], at[2]);
      line.loops().softmaxGradient(at[1], at[2], dot, at[0], line.length());
    }

    private static void logGradient(SoftmaxLine line, long[] at) {
      double sum = line.sum(at[1]);
      line.loops().logSoftmaxGradient(at[1], at[2], sum, at[0], line.length());
    }

    @Override
    public String implementation() {
      return line.loops().implementation();
    }
  }
}
