package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Ints;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@link Reduce} by sum or maximum, and {@link MaxWithIndices}, of integers and booleans with any
 * strides, one element after the other.
 */
public final class IntegerReduceKernel implements Kernel {
  private static final long GRAIN = 16 * 1024;

  /** Makes the kernel. */
  public IntegerReduceKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (request.input(0).dtype().isFloating()) {
      return null;
    }
    return switch (request.op()) {
      case Reduce(var function, var axes, boolean keepDims) when function != ReduceFunction.MEAN ->
          plan(request, axes, keepDims, function == ReduceFunction.SUM);
      case MaxWithIndices(int axis, boolean keepDims) ->
          plan(request, Ints.of(axis), keepDims, false);
      default -> null;
    };
  }

  private static Plan plan(PlanRequest request, Ints given, boolean keepDims, boolean sum) {
    Layout input = request.input(0);
    int[] axes = Split.axes(given, input.rank());
    Layout values = Split.result(request.output(0), axes, keepDims);
    Layout across = Split.across(input, axes);
    boolean indices = request.outputs().size() == 2;
    Nest kept =
        indices
            ? Nest.of(values, across, Split.result(request.output(1), axes, keepDims))
            : Nest.of(values, across);
    return new IntegerReducePlan(
        input.dtype(),
        sum,
        indices,
        kept,
        Nest.of(Split.along(input, axes)),
        request.context().workers(),
        request.threads());
  }

  private record IntegerReducePlan(
      DType dtype,
      boolean sum,
      boolean indices,
      Nest kept,
      Nest reduced,
      Workers workers,
      int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long grain = Math.max(1, GRAIN / Math.max(1, reduced.size()));
      kept.run(
          workers,
          threads,
          grain,
          (at, rows, columns) -> {
            for (long row = 0; row < rows; row++) {
              for (long column = 0; column < columns; column++) {
                long s = at[1] + row * kept.rowStride(1) + column * kept.columnStride(1);
                long d = at[0] + row * kept.rowStride(0) + column * kept.columnStride(0);
                if (sum) {
                  outputs[0].set(LONG, d, sum(inputs[0], s));
                } else {
                  long index = indexOfMax(inputs[0], s);
                  set(outputs[0], d, get(inputs[0], s + position(index)));
                  if (indices) {
                    long i = at[2] + row * kept.rowStride(2) + column * kept.columnStride(2);
                    outputs[1].set(LONG, i, index);
                  }
                }
              }
            }
          });
    }

    private long position(long index) {
      return reduced.rowAt(index / reduced.columns())
          + index % reduced.columns() * reduced.columnStride(0);
    }

    private long sum(MemorySegment src, long s) {
      long sum = 0;
      for (long i = 0; i < reduced.size(); i++) {
        sum += get(src, s + position(i));
      }
      return sum;
    }

    private long indexOfMax(MemorySegment src, long s) {
      long index = 0;
      long max = get(src, s);
      for (long i = 1; i < reduced.size(); i++) {
        long x = get(src, s + position(i));
        if (x > max) {
          max = x;
          index = i;
        }
      }
      return index;
    }

    private long get(MemorySegment src, long s) {
      return switch (dtype) {
        case I8 -> src.get(BYTE, s);
        case U8, BOOL -> src.get(BYTE, s) & 0xFF;
        case I16 -> src.get(SHORT, s);
        case I32 -> src.get(INT, s);
        case I64 -> src.get(LONG, s);
        case F32, F64, F16, BF16 -> throw new AssertionError("no integer dtype " + dtype);
      };
    }

    private void set(MemorySegment dst, long d, long value) {
      switch (dtype) {
        case I8, U8, BOOL -> dst.set(BYTE, d, (byte) value);
        case I16 -> dst.set(SHORT, d, (short) value);
        case I32 -> dst.set(INT, d, (int) value);
        case I64 -> dst.set(LONG, d, value);
        case F32, F64, F16, BF16 -> throw new AssertionError("no integer dtype " + dtype);
      }
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }
}
