package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.FLOAT;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Cast;
import org.jspecify.annotations.Nullable;

/**
 * {@link Cast}: every dtype to every other, any strides. Between f32 and most others by vectors;
 * otherwise in plain Java, by way of doubles, or of longs where the elements are integers, so that
 * none is rounded twice.
 */
public final class CastKernel implements Kernel {
  private static final long GRAIN = 16 * 1024;

  /** Elements converted at a time; two arrays of them stay in the first-level cache. */
  private static final int CHUNK = 1024;

  /** Makes the kernel. */
  public CastKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof Cast)) {
      return null;
    }
    DType from = request.input(0).dtype();
    DType to = request.output(0).dtype();
    Nest nest = Nest.of(request.output(0), request.input(0));
    boolean sideBySide =
        nest.columnStride(0) == to.byteSize() && nest.columnStride(1) == from.byteSize();
    CastLoops.Loop loop =
        sideBySide && request.context().vector() ? VectorProvider.casts().between(from, to) : null;
    if (loop != null) {
      return new RowsPlan(nest, loop, request.context().workers(), request.threads());
    }
    return new CastPlan(nest, from, to, request.context().workers(), request.threads());
  }

  /** Rows that lie side by side, of two dtypes that there is a vector loop for. */
  private record RowsPlan(Nest nest, CastLoops.Loop loop, Workers workers, int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      nest.run(workers, threads, GRAIN, this, inputs, outputs, RowsPlan::block);
    }

    private void block(long[] at, long rows, long columns) {
      for (long row = 0; row < rows; row++) {
        loop.run(at[1] + row * nest.rowStride(1), at[0] + row * nest.rowStride(0), columns);
      }
    }

    @Override
    public String implementation() {
      return "java:vector";
    }
  }

  private record CastPlan(Nest nest, DType from, DType to, Workers workers, int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      MemorySegment src = inputs[0];
      MemorySegment dst = outputs[0];
      int chunk = (int) Math.min(CHUNK, nest.columns());
      if (from.isFloating()) {
        nest.run(
            workers,
            threads,
            GRAIN,
            (at, rows, columns) ->
                throughDoubles(src, at[1], dst, at[0], rows, columns, new double[chunk]));
      } else {
        nest.run(
            workers,
            threads,
            GRAIN,
            (at, rows, columns) ->
                throughLongs(src, at[1], dst, at[0], rows, columns, new long[chunk]));
      }
    }

    private void throughDoubles(
        MemorySegment src, long s, MemorySegment dst, long d, long rows, long columns, double[] x) {
      for (long row = 0; row < rows; row++) {
        for (long column = 0; column < columns; column += x.length) {
          int count = (int) Math.min(x.length, columns - column);
          load(src, s + row * nest.rowStride(1) + column * nest.columnStride(1), x, count);
          store(dst, d + row * nest.rowStride(0) + column * nest.columnStride(0), x, count);
        }
      }
    }

    private void throughLongs(
        MemorySegment src, long s, MemorySegment dst, long d, long rows, long columns, long[] x) {
      for (long row = 0; row < rows; row++) {
        for (long column = 0; column < columns; column += x.length) {
          int count = (int) Math.min(x.length, columns - column);
          load(src, s + row * nest.rowStride(1) + column * nest.columnStride(1), x, count);
          store(dst, d + row * nest.rowStride(0) + column * nest.columnStride(0), x, count);
        }
      }
    }

    private void load(MemorySegment src, long s, double[] x, int count) {
      long step = nest.columnStride(1);
      switch (from) {
        case F32 -> {
          for (int i = 0; i < count; i++) {
            x[i] = src.get(FLOAT, s + i * step);
          }
        }
        case F64 -> {
          for (int i = 0; i < count; i++) {
            x[i] = src.get(DOUBLE, s + i * step);
          }
        }
        case F16 -> {
          for (int i = 0; i < count; i++) {
            x[i] = Float.float16ToFloat(src.get(SHORT, s + i * step));
          }
        }
        case BF16 -> {
          for (int i = 0; i < count; i++) {
            x[i] = Float.intBitsToFloat(src.get(SHORT, s + i * step) << 16);
          }
        }
        case I8, U8, I16, I32, I64, BOOL -> throw new AssertionError("no floating dtype " + from);
      }
    }

    private void load(MemorySegment src, long s, long[] x, int count) {
      long step = nest.columnStride(1);
      switch (from) {
        case I8 -> {
          for (int i = 0; i < count; i++) {
            x[i] = src.get(BYTE, s + i * step);
          }
        }
        case U8, BOOL -> {
          for (int i = 0; i < count; i++) {
            x[i] = src.get(BYTE, s + i * step) & 0xFF;
          }
        }
        case I16 -> {
          for (int i = 0; i < count; i++) {
            x[i] = src.get(SHORT, s + i * step);
          }
        }
        case I32 -> {
          for (int i = 0; i < count; i++) {
            x[i] = src.get(INT, s + i * step);
          }
        }
        case I64 -> {
          for (int i = 0; i < count; i++) {
            x[i] = src.get(LONG, s + i * step);
          }
        }
        case F32, F64, F16, BF16 -> throw new AssertionError("no integer dtype " + from);
      }
    }

    private void store(MemorySegment dst, long d, double[] x, int count) {
      long step = nest.columnStride(0);
      switch (to) {
        case F32 -> {
          for (int i = 0; i < count; i++) {
            dst.set(FLOAT, d + i * step, (float) x[i]);
          }
        }
        case F64 -> {
          for (int i = 0; i < count; i++) {
            dst.set(DOUBLE, d + i * step, x[i]);
          }
        }
        case F16 -> {
          for (int i = 0; i < count; i++) {
            dst.set(SHORT, d + i * step, Float.floatToFloat16((float) x[i]));
          }
        }
        case BF16 -> {
          for (int i = 0; i < count; i++) {
            dst.set(SHORT, d + i * step, toBf16((float) x[i]));
          }
        }
        case I8, U8 -> {
          for (int i = 0; i < count; i++) {
            dst.set(BYTE, d + i * step, (byte) (long) x[i]);
          }
        }
        case I16 -> {
          for (int i = 0; i < count; i++) {
            dst.set(SHORT, d + i * step, (short) (long) x[i]);
          }
        }
        case I32 -> {
          for (int i = 0; i < count; i++) {
            dst.set(INT, d + i * step, (int) x[i]);
          }
        }
        case I64 -> {
          for (int i = 0; i < count; i++) {
            dst.set(LONG, d + i * step, (long) x[i]);
          }
        }
        case BOOL -> {
          for (int i = 0; i < count; i++) {
            dst.set(BYTE, d + i * step, (byte) (x[i] == 0 ? 0 : 1));
          }
        }
      }
    }

    private void store(MemorySegment dst, long d, long[] x, int count) {
      long step = nest.columnStride(0);
      switch (to) {
        case F32 -> {
          for (int i = 0; i < count; i++) {
            dst.set(FLOAT, d + i * step, (float) x[i]);
          }
        }
        case F64 -> {
          for (int i = 0; i < count; i++) {
            dst.set(DOUBLE, d + i * step, (double) x[i]);
          }
        }
        case F16 -> {
          for (int i = 0; i < count; i++) {
            dst.set(SHORT, d + i * step, Float.floatToFloat16((float) x[i]));
          }
        }
        case BF16 -> {
          for (int i = 0; i < count; i++) {
            dst.set(SHORT, d + i * step, toBf16((float) x[i]));
          }
        }
        case I8, U8 -> {
          for (int i = 0; i < count; i++) {
            dst.set(BYTE, d + i * step, (byte) x[i]);
          }
        }
        case I16 -> {
          for (int i = 0; i < count; i++) {
            dst.set(SHORT, d + i * step, (short) x[i]);
          }
        }
        case I32 -> {
          for (int i = 0; i < count; i++) {
            dst.set(INT, d + i * step, (int) x[i]);
          }
        }
        case I64 -> {
          for (int i = 0; i < count; i++) {
            dst.set(LONG, d + i * step, x[i]);
          }
        }
        case BOOL -> {
          for (int i = 0; i < count; i++) {
            dst.set(BYTE, d + i * step, (byte) (x[i] == 0 ? 0 : 1));
          }
        }
      }
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }

  /** Rounds to nearest, ties to even; NaN stays a quiet NaN. */
  static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }
}
