package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Renorm;
import org.jspecify.annotations.Nullable;

/** {@link Renorm} of f32 and f64, of row-major operands; norms are summed in double. */
public final class RenormKernel implements Kernel {
  private static final long GRAIN = 4 * 1024;

  /** Makes the kernel. */
  public RenormKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    DType dtype = request.output(0).dtype();
    if (!(request.op() instanceof Renorm op)
        || (dtype != DType.F32 && dtype != DType.F64)
        || !request.isContiguous()) {
      return null;
    }
    Layout x = request.input(0);
    return new RenormPlan(
        op,
        Loops.of(request.context(), dtype),
        x.dim(0),
        x.dim(1),
        dtype.byteSize(),
        request.context().workers(),
        request.threads());
  }

  private record RenormPlan(
      Renorm op, Loops loops, long rows, long width, int size, Workers workers, int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      if (width == 0) {
        return;
      }
      long src = inputs[0].address();
      long dst = outputs[0].address();
      workers.parallel(
          threads,
          rows,
          Math.max(1, GRAIN / width),
          (from, to) -> {
            for (long row = from; row < to; row++) {
              long at = row * width * size;
              double norm = norm(src + at);
              double factor = norm > op.limit() ? op.limit() / (norm + 1e-7) : 1;
              loops.binaryRight(BinaryFunction.MUL, src + at, factor, dst + at, width);
            }
          });
    }

    private double norm(long row) {
      double p = op.p();
      double sum = 0;
      for (long i = 0; i < width; i++) {
        double x = Math.abs(loops.get(row + i * size));
        if (p == Double.POSITIVE_INFINITY) {
          sum = Math.max(sum, x);
        } else {
          sum += p == 2 ? x * x : p == 1 ? x : Math.pow(x, p);
        }
      }
      return p == 2 ? Math.sqrt(sum) : p == 1 || Double.isInfinite(p) ? sum : Math.pow(sum, 1 / p);
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }
}
