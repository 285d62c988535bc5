package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.jspecify.annotations.Nullable;

/** {@link Unary} of f32 and f64, of operands whose innermost dimension lies side by side. */
public final class UnaryKernel implements Kernel {
  private static final long CHEAP_GRAIN = 16 * 1024;
  private static final long GRAIN = 4 * 1024;

  /** Makes the kernel. */
  public UnaryKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    DType dtype = request.output(0).dtype();
    if (!(request.op() instanceof Unary(UnaryFunction function))
        || (dtype != DType.F32 && dtype != DType.F64)) {
      return null;
    }
    Nest nest = Nest.of(request.output(0), request.input(0));
    boolean sideBySide =
        nest.columns() == 1
            || (nest.columnStride(0) == dtype.byteSize()
                && nest.columnStride(1) == dtype.byteSize());
    if (!sideBySide) {
      return null;
    }
    return new UnaryPlan(
        Loops.of(request.context(), dtype),
        function,
        nest,
        request.context().workers(),
        request.threads());
  }

  private record UnaryPlan(
      Loops loops, UnaryFunction function, Nest nest, Workers workers, int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long src = inputs[0].address();
      long dst = outputs[0].address();
      nest.run(
          workers,
          threads,
          function == UnaryFunction.RELU ? CHEAP_GRAIN : GRAIN,
          (at, rows, columns) -> {
            for (long row = 0; row < rows; row++) {
              loops.unary(
                  function,
                  src + at[1] + row * nest.rowStride(1),
                  dst + at[0] + row * nest.rowStride(0),
                  columns);
            }
          });
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }
}
