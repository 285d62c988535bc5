package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Ints;
import org.gatun.op.Softmax;
import org.jspecify.annotations.Nullable;

/**
 * {@link Softmax} of f32 and f64, where elements lie side by side along the axis or across it.
 * Three short loops over a row that is in the cache by then: fused into one they are slower.
 */
public final class SoftmaxKernel implements Kernel {
  private static final long GRAIN = 4 * 1024;

  private static final long TILE = 512;

  /** Makes the kernel. */
  public SoftmaxKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Layout input = request.input(0);
    Layout output = request.output(0);
    DType dtype = input.dtype();
    if (!(request.op() instanceof Softmax(int axis))
        || (dtype != DType.F32 && dtype != DType.F64)) {
      return null;
    }
    int[] axes = Split.axes(Ints.of(axis), input.rank());
    Nest kept = Nest.of(Split.across(output, axes), Split.across(input, axes));
    Nest along = Nest.of(Split.along(output, axes), Split.along(input, axes));
    int width = dtype.byteSize();
    Geometry geometry =
        new Geometry(
            Loops.of(request.context(), dtype),
            kept,
            along.columns(),
            along.columnStride(0),
            along.columnStride(1),
            width,
            request.context(),
            request.threads());
    if (along.columns() <= 1
        || (along.columnStride(0) == width && along.columnStride(1) == width)) {
      return new AlongRows(geometry);
    }
    boolean acrossColumns = kept.columnStride(0) == width && kept.columnStride(1) == width;
    return acrossColumns ? new AcrossColumns(geometry) : null;
  }

  private record Geometry(
      Loops loops,
      Nest kept,
      long length,
      long dstStride,
      long srcStride,
      int width,
      KernelContext context,
      int threads) {
    boolean isEmpty() {
      return length == 0 || kept.size() == 0;
    }

    /** Returns the number of rows or columns that are worth a thread. */
    long grain() {
      return Math.max(1, GRAIN / length);
    }
  }

  private record AlongRows(Geometry geometry) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      if (geometry.isEmpty()) {
        return;
      }
      Nest kept = geometry.kept;
      kept.run(
          geometry.context.workers(),
          geometry.threads,
          geometry.grain(),
          (at, rows, columns) -> {
            for (long row = 0; row < rows; row++) {
              for (long column = 0; column < columns; column++) {
                row(
                    inputs[0],
                    at[1] + row * kept.rowStride(1) + column * kept.columnStride(1),
                    outputs[0],
                    at[0] + row * kept.rowStride(0) + column * kept.columnStride(0));
              }
            }
          });
    }

    private void row(MemorySegment src, long s, MemorySegment dst, long d) {
      Loops loops = geometry.loops;
      long length = geometry.length;
      loops.exp(src, s, loops.max(src, s, length), dst, d, length);
      double sum = 0;
      for (long i = 0; i < length; i += Loops.BLOCK) {
        sum += loops.sum(dst, d + i * geometry.width, Math.min(Loops.BLOCK, length - i));
      }
      loops.binaryRight(BinaryFunction.MUL, dst, d, 1 / sum, dst, d, length);
    }

    @Override
    public String implementation() {
      return geometry.loops.implementation();
    }
  }

  private record AcrossColumns(Geometry geometry) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      if (geometry.isEmpty()) {
        return;
      }
      geometry.kept.run(
          geometry.context.workers(),
          geometry.threads,
          geometry.grain(),
          1,
          TILE,
          (at, _, columns) -> tile(inputs[0], at[1], outputs[0], at[0], columns));
    }

    private void tile(MemorySegment src, long s, MemorySegment dst, long d, long columns) {
      Loops loops = geometry.loops;
      long length = geometry.length;
      long bytes = columns * geometry.width;
      try (ScratchMemory.Block scratch = geometry.context.memory().allocate(3 * bytes)) {
        MemorySegment max = scratch.segment().asSlice(0, bytes);
        MemorySegment sum = scratch.segment().asSlice(bytes, bytes).fill((byte) 0);
        MemorySegment block = scratch.segment().asSlice(2 * bytes, bytes);
        MemorySegment.copy(src, s, max, 0, bytes);
        loops.maxRows(src, s, geometry.srcStride, length, columns, max, 0);
        for (long row = 0; row < length; row++) {
          long from = s + row * geometry.srcStride;
          loops.exp(src, from, max, 0, dst, d + row * geometry.dstStride, columns);
        }
        for (long row = 0; row < length; row += Loops.BLOCK_ROWS) {
          long from = d + row * geometry.dstStride;
          long rows = Math.min(Loops.BLOCK_ROWS, length - row);
          loops.sumRows(dst, from, geometry.dstStride, rows, columns, block, 0);
          loops.binary(BinaryFunction.ADD, sum, 0, block, 0, sum, 0, columns);
        }
        loops.binaryLeft(BinaryFunction.DIV, 1, sum, 0, sum, 0, columns);
        for (long row = 0; row < length; row++) {
          long to = d + row * geometry.dstStride;
          loops.binary(BinaryFunction.MUL, dst, to, sum, 0, dst, to, columns);
        }
      }
    }

    @Override
    public String implementation() {
      return geometry.loops.implementation();
    }
  }
}
