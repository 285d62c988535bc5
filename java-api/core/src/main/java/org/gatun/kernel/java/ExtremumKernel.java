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
import org.gatun.op.Ints;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.MinWithIndices;
import org.jspecify.annotations.Nullable;

/**
 * {@link MaxWithIndices} and {@link MinWithIndices} of f32 and f64, where elements lie side by side
 * along the axis (the value first, then where it is) or across it (many columns at a time).
 */
public final class ExtremumKernel implements Kernel {
  private static final long GRAIN = 16 * 1024;
  private static final long TILE = 1024;

  /** Makes the kernel. */
  public ExtremumKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    DType dtype = request.input(0).dtype();
    if (dtype != DType.F32 && dtype != DType.F64) {
      return null;
    }
    return switch (request.op()) {
      case MaxWithIndices(int axis, boolean keepDims) -> plan(request, false, axis, keepDims);
      case MinWithIndices(int axis, boolean keepDims) -> plan(request, true, axis, keepDims);
      default -> null;
    };
  }

  private static @Nullable Plan plan(
      PlanRequest request, boolean smallest, int axis, boolean keepDims) {
    Layout input = request.input(0);
    DType dtype = input.dtype();
    int[] axes = Split.axes(Ints.of(axis), input.rank());
    Nest kept =
        Nest.of(
            Split.result(request.output(0), axes, keepDims),
            Split.across(input, axes),
            Split.result(request.output(1), axes, keepDims));
    Nest along = Nest.of(Split.along(input, axes));
    int width = dtype.byteSize();
    Geometry geometry =
        new Geometry(
            Loops.of(request.context(), dtype),
            TermLoops.of(request.context(), dtype),
            smallest,
            dtype,
            kept,
            along.columns(),
            along.columnStride(0),
            width,
            request.context(),
            request.threads());
    if (along.columns() == 1 || along.columnStride(0) == width) {
      return new AlongRows(geometry);
    }
    boolean acrossColumns =
        kept.columnStride(0) == width
            && kept.columnStride(1) == width
            && kept.columnStride(2) == Long.BYTES
            && along.columns() <= Integer.MAX_VALUE;
    return acrossColumns ? new AcrossColumns(geometry) : null;
  }

  private record Geometry(
      Loops loops,
      TermLoops terms,
      boolean smallest,
      DType dtype,
      Nest kept,
      long length,
      long stride,
      int width,
      KernelContext context,
      int threads) {
    double extremum(long src) {
      return smallest ? -terms.max(Term.NEGATED, src, length) : loops.max(src, length);
    }
  }

  private record AlongRows(Geometry geometry) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      Nest kept = geometry.kept;
      Loops loops = geometry.loops;
      long src = inputs[0].address();
      long values = outputs[0].address();
      long indices = outputs[1].address();
      kept.run(
          geometry.context.workers(),
          geometry.threads,
          Math.max(1, GRAIN / geometry.length),
          (at, rows, columns) -> {
            for (long row = 0; row < rows; row++) {
              for (long column = 0; column < columns; column++) {
                long s = src + at[1] + row * kept.rowStride(1) + column * kept.columnStride(1);
                long index = loops.indexOf(s, geometry.length, geometry.extremum(s));
                loops.set(
                    values + at[0] + row * kept.rowStride(0) + column * kept.columnStride(0),
                    loops.get(s + index * geometry.width));
                ALL.set(
                    Elements.LONG,
                    indices + at[2] + row * kept.rowStride(2) + column * kept.columnStride(2),
                    index);
              }
            }
          });
    }

    @Override
    public String implementation() {
      return geometry.loops.implementation();
    }
  }

  private record AcrossColumns(Geometry geometry) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      Nest kept = geometry.kept;
      if (kept.size() == 0) {
        return;
      }
      kept.run(
          geometry.context.workers(),
          geometry.threads,
          Math.max(1, GRAIN / geometry.length),
          1,
          TILE,
          (at, _, columns) ->
              tile(
                  inputs[0].address() + at[1],
                  columns,
                  outputs[0].address() + at[0],
                  outputs[1].address() + at[2]));
    }

    private void tile(long src, long columns, long values, long indices) {
      Loops loops = geometry.loops;
      long bytes = columns * geometry.width;
      try (ScratchMemory.Block scratch = geometry.context.memory().borrow(2 * bytes)) {
        long where = scratch.segment().fill((byte) 0).address();
        Rows rows = new Rows(geometry, src, (int) columns, where + bytes);
        MemorySegment.copy(ALL, rows.at(0), ALL, values, bytes);
        for (long row = 1; row < geometry.length; row++) {
          loops.maxWithIndex(rows.at(row), row, values, where, columns);
        }
        for (long j = 0; j < columns; j++) {
          long index = loops.index(where + j * geometry.width);
          ALL.set(Elements.LONG, indices + j * Long.BYTES, index);
          if (geometry.smallest) {
            long at = src + index * geometry.stride + j * geometry.width;
            loops.set(values + j * geometry.width, loops.get(at));
          }
        }
      }
    }

    @Override
    public String implementation() {
      return geometry.loops.implementation();
    }
  }

  /** Rows whose largest elements are wanted: those given, or their negatives for the smallest. */
  private static final class Rows {
    private final Geometry geometry;
    private final long src;
    private final long negated;
    private final double[] x;
    private final float[] buffer;

    Rows(Geometry geometry, long src, int columns, long negated) {
      this.geometry = geometry;
      this.src = src;
      this.negated = negated;
      this.x = new double[geometry.smallest ? columns : 0];
      this.buffer = new float[x.length];
    }

    /** Returns where a row lies, until the next one is asked for. */
    long at(long row) {
      long at = src + row * geometry.stride;
      if (!geometry.smallest) {
        return at;
      }
      ElementRows.read(geometry.dtype, at, geometry.width, x, x.length, buffer);
      for (int j = 0; j < x.length; j++) {
        x[j] = -x[j];
      }
      ElementRows.write(geometry.dtype, negated, geometry.width, x, x.length, buffer);
      return negated;
    }
  }
}
