package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

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
      long src = inputs[0].address();
      long dst = outputs[0].address();
      kept.run(
          geometry.context.workers(),
          geometry.threads,
          geometry.grain(),
          (at, rows, columns) -> {
            for (long row = 0; row < rows; row++) {
              for (long column = 0; column < columns; column++) {
                row(
                    src + at[1] + row * kept.rowStride(1) + column * kept.columnStride(1),
                    dst + at[0] + row * kept.rowStride(0) + column * kept.columnStride(0));
              }
            }
          });
    }

    private void row(long src, long dst) {
      Loops loops = geometry.loops;
      long length = geometry.length;
      loops.exp(src, loops.max(src, length), dst, length);
      double sum = 0;
      for (long i = 0; i < length; i += Loops.BLOCK) {
        sum += loops.sum(dst + i * geometry.width, Math.min(Loops.BLOCK, length - i));
      }
      loops.binaryRight(BinaryFunction.MUL, dst, 1 / sum, dst, length);
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
          (at, _, columns) ->
              tile(inputs[0].address() + at[1], outputs[0].address() + at[0], columns));
    }

    private void tile(long src, long dst, long columns) {
      Loops loops = geometry.loops;
      long length = geometry.length;
      long bytes = columns * geometry.width;
      try (ScratchMemory.Block scratch = geometry.context.memory().allocate(3 * bytes)) {
        long max = scratch.segment().fill((byte) 0).address();
        long sum = max + bytes;
        long block = sum + bytes;
        MemorySegment.copy(ALL, src, ALL, max, bytes);
        loops.maxRows(src, geometry.srcStride, length, columns, max);
        for (long row = 0; row < length; row++) {
          long from = src + row * geometry.srcStride;
          loops.expByColumn(from, max, dst + row * geometry.dstStride, columns);
        }
        for (long row = 0; row < length; row += Loops.BLOCK_ROWS) {
          long from = dst + row * geometry.dstStride;
          long rows = Math.min(Loops.BLOCK_ROWS, length - row);
          loops.sumRows(from, geometry.dstStride, rows, columns, block);
          loops.binary(BinaryFunction.ADD, sum, block, sum, columns);
        }
        loops.binaryLeft(BinaryFunction.DIV, 1, sum, sum, columns);
        for (long row = 0; row < length; row++) {
          long to = dst + row * geometry.dstStride;
          loops.binary(BinaryFunction.MUL, to, sum, to, columns);
        }
      }
    }

    @Override
    public String implementation() {
      return geometry.loops.implementation();
    }
  }
}
