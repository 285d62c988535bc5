package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@link Binary} of f32 and f64, and of integers but for the quotient. Along the innermost
 * dimension of the result, each operand lies side by side or is one element for all.
 */
public final class BinaryKernel implements Kernel {
  private static final long GRAIN = 16 * 1024;

  /** Makes the kernel. */
  public BinaryKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    DType dtype = request.output(0).dtype();
    if (!(request.op() instanceof Binary(BinaryFunction function))
        || !(dtype.isInteger() || dtype == DType.F32 || dtype == DType.F64)) {
      return null;
    }
    Nest nest = Nest.of(request.output(0), request.input(0), request.input(1));
    int width = dtype.byteSize();
    long left = nest.columnStride(1);
    long right = nest.columnStride(2);
    boolean sideBySide =
        nest.columnStride(0) == width
            && (left == width || left == 0)
            && (right == width || right == 0);
    if (nest.columns() > 1 && !sideBySide) {
      return null;
    }
    Workers workers = request.context().workers();
    int threads = request.threads();
    if (dtype.isInteger()) {
      return new IntegerPlan(dtype, function, nest, workers, threads);
    }
    return new BinaryPlan(
        Loops.of(request.context(), dtype), function, nest, width, workers, threads);
  }

  private record BinaryPlan(
      Loops loops, BinaryFunction function, Nest nest, int width, Workers workers, int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long a = inputs[0].address();
      long b = inputs[1].address();
      long dst = outputs[0].address();
      nest.run(
          workers,
          threads,
          GRAIN,
          (at, rows, columns) -> {
            for (long row = 0; row < rows; row++) {
              row(
                  a + at[1] + row * nest.rowStride(1),
                  b + at[2] + row * nest.rowStride(2),
                  dst + at[0] + row * nest.rowStride(0),
                  columns);
            }
          });
    }

    private void row(long a, long b, long dst, long columns) {
      if (nest.columnStride(1) == nest.columnStride(2)) {
        // Both side by side; where both are one element for all, the first result is for all too.
        loops.binary(function, a, b, dst, nest.columnStride(1) == 0 ? 1 : columns);
        if (nest.columnStride(1) == 0) {
          loops.fill(dst, loops.get(dst), columns);
        }
      } else if (nest.columnStride(2) == 0) {
        loops.binaryRight(function, a, loops.get(b), dst, columns);
      } else {
        loops.binaryLeft(function, loops.get(a), b, dst, columns);
      }
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }

  private record IntegerPlan(
      DType dtype, BinaryFunction function, Nest nest, Workers workers, int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      MemorySegment a = inputs[0];
      MemorySegment b = inputs[1];
      MemorySegment dst = outputs[0];
      nest.run(
          workers,
          threads,
          GRAIN,
          (at, rows, columns) -> {
            for (long row = 0; row < rows; row++) {
              IntegerLoops.binary(
                  dtype,
                  function,
                  a,
                  at[1] + row * nest.rowStride(1),
                  nest.columnStride(1),
                  b,
                  at[2] + row * nest.rowStride(2),
                  nest.columnStride(2),
                  dst,
                  at[0] + row * nest.rowStride(0),
                  columns);
            }
          });
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }
}
