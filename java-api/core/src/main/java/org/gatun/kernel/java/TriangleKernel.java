package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Triangle;
import org.jspecify.annotations.Nullable;

/** {@link Triangle} of any dtype, row by row; dense operands. */
public final class TriangleKernel implements Kernel {
  private static final long GRAIN_BYTES = 128 * 1024;

  /** Makes the kernel. */
  public TriangleKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof Triangle(boolean upper, long diagonal))
        || !request.isContiguous()) {
      return null;
    }
    Layout matrices = request.input(0);
    long rows = matrices.dim(-2);
    long columns = matrices.dim(-1);
    return new TrianglePlan(
        MoveLoops.of(request.context()),
        upper,
        Math.clamp(diagonal, -rows, columns),
        matrices.size() == 0 ? 0 : matrices.size() / columns,
        rows,
        columns,
        matrices.dtype().byteSize(),
        request.context().workers(),
        request.threads());
  }

  private record TrianglePlan(
      MoveLoops loops,
      boolean upper,
      long diagonal,
      long count,
      long rows,
      long columns,
      int width,
      Workers workers,
      int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      if (count == 0) {
        return;
      }
      long src = inputs[0].address();
      long dst = outputs[0].address();
      workers.parallel(
          threads,
          count,
          Math.max(1, GRAIN_BYTES / (columns * width)),
          (from, to) -> {
            for (long row = from; row < to; row++) {
              long split = Math.clamp(row % rows + diagonal + (upper ? 0 : 1), 0L, columns);
              long start = row * columns;
              if (upper) {
                zero(dst, start, split);
                copy(src, dst, start + split, columns - split);
              } else {
                copy(src, dst, start, split);
                zero(dst, start + split, columns - split);
              }
            }
          });
    }

    private void copy(long src, long dst, long first, long elements) {
      loops.rows(src + first * width, 0, dst + first * width, 0, 1, elements * width);
    }

    private void zero(long dst, long first, long elements) {
      Fill.run(dst + first * width, elements * width, 0);
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }
}
