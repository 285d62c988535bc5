package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Ints;
import org.gatun.op.Scan;
import org.gatun.op.ScanFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@link Scan} of any dtype but the half-precision ones, with any strides, by way of arrays: along
 * the axis, one line after the other, or many lines side by side where these lie closer in memory.
 */
public final class ScanKernel implements Kernel {
  private static final long GRAIN = 8 * 1024;

  /** Elements that are in arrays at a time, which stay in the first-level cache. */
  private static final int CHUNK = 512;

  /** Makes the kernel. */
  public ScanKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Layout input = request.input(0);
    DType dtype = input.dtype();
    if (!(request.op() instanceof Scan(ScanFunction function, int axis))
        || dtype == DType.F16
        || dtype == DType.BF16) {
      return null;
    }
    int[] axes = Split.axes(Ints.of(axis), input.rank());
    List<Layout> operands = new ArrayList<>(request.outputs());
    operands.add(1, input);
    long[] steps = new long[operands.size()];
    Layout[] across = new Layout[operands.size()];
    for (int i = 0; i < steps.length; i++) {
      Layout operand = operands.get(i);
      Layout along = Split.along(operand, axes);
      steps[i] = along.rank() == 0 ? 0 : along.stride(0) * operand.dtype().byteSize();
      across[i] = Split.across(operand, axes);
    }
    return new ScanPlan(
        function,
        dtype,
        request.output(0).dtype(),
        Nest.of(across),
        axes.length == 0 ? 1 : input.dim(axes[0]),
        steps,
        request.context().workers(),
        request.threads());
  }

  /**
   * @param kept the lines: their results, elements and, where there are some, indices
   * @param length the elements of a line
   * @param steps the bytes from one element of a line to the next, for each operand
   */
  private record ScanPlan(
      ScanFunction function,
      DType dtype,
      DType result,
      Nest kept,
      long length,
      long[] steps,
      Workers workers,
      int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      if (length == 0 || kept.size() == 0) {
        return;
      }
      long[] bases = new long[steps.length];
      bases[0] = outputs[0].address();
      bases[1] = inputs[0].address();
      if (function.hasIndices()) {
        bases[2] = outputs[1].address();
      }
      long grain = Math.max(1, GRAIN / length);
      boolean sideBySide =
          kept.columns() > 1 && Math.abs(kept.columnStride(1)) < Math.abs(steps[1]);
      if (sideBySide) {
        kept.run(
            workers,
            threads,
            grain,
            1,
            CHUNK,
            (at, _, columns) -> across(addresses(bases, at, 0, 0), (int) columns));
      } else {
        kept.run(
            workers,
            threads,
            grain,
            (at, rows, columns) -> {
              Lines lines = new Lines(this, 1, (int) Math.min(CHUNK, length));
              for (long row = 0; row < rows; row++) {
                for (long column = 0; column < columns; column++) {
                  along(lines, addresses(bases, at, row, column));
                }
              }
            });
      }
    }

    private long[] addresses(long[] bases, long[] at, long row, long column) {
      long[] addresses = bases.clone();
      for (int i = 0; i < addresses.length; i++) {
        addresses[i] += at[i] + row * kept.rowStride(i) + column * kept.columnStride(i);
      }
      return addresses;
    }

    private void along(Lines lines, long[] at) {
      lines.restart();
      for (long i = 0; i < length; i += CHUNK) {
        int n = (int) Math.min(CHUNK, length - i);
        lines.along(at, steps, n, i);
        for (int operand = 0; operand < at.length; operand++) {
          at[operand] += n * steps[operand];
        }
      }
    }

    private void across(long[] at, int columns) {
      Lines lines = new Lines(this, columns, columns);
      long[] apart = new long[at.length];
      for (int operand = 0; operand < at.length; operand++) {
        apart[operand] = kept.columnStride(operand);
      }
      for (long i = 0; i < length; i++) {
        lines.across(at, apart, columns, i);
        for (int operand = 0; operand < at.length; operand++) {
          at[operand] += steps[operand];
        }
      }
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }

  /** Lines that are being scanned: what was seen of them, and arrays for the next elements. */
  private static final class Lines {
    private final DType dtype;
    private final DType result;
    private final @Nullable RunningDoubles doubles;
    private final @Nullable RunningLongs longs;
    private final double[] x;
    private final float[] buffer;
    private final long[] whole;
    private final long[] where;

    Lines(ScanPlan plan, int lines, int elements) {
      boolean floating = plan.dtype.isFloating();
      this.dtype = plan.dtype;
      this.result = plan.result;
      this.doubles = floating ? new RunningDoubles(plan.function, plan.dtype, lines) : null;
      this.longs = floating ? null : new RunningLongs(plan.function, lines);
      this.x = new double[floating ? elements : 0];
      this.buffer = new float[x.length];
      this.whole = new long[floating ? 0 : elements];
      this.where = new long[plan.function.hasIndices() ? elements : 0];
    }

    void restart() {
      if (doubles != null) {
        doubles.restart();
      } else if (longs != null) {
        longs.restart();
      }
    }

    void along(long[] at, long[] steps, int count, long first) {
      if (doubles != null) {
        ElementRows.read(dtype, at[1], steps[1], x, count, buffer);
        doubles.along(x, count, first, where);
        ElementRows.write(result, at[0], steps[0], x, count, buffer);
      } else if (longs != null) {
        ElementRows.read(dtype, at[1], steps[1], whole, count);
        longs.along(whole, count, first, where);
        ElementRows.write(result, at[0], steps[0], whole, count);
      }
      writeIndices(at, steps, count);
    }

    void across(long[] at, long[] apart, int count, long index) {
      if (doubles != null) {
        ElementRows.read(dtype, at[1], apart[1], x, count, buffer);
        doubles.across(x, count, index, where);
        ElementRows.write(result, at[0], apart[0], x, count, buffer);
      } else if (longs != null) {
        ElementRows.read(dtype, at[1], apart[1], whole, count);
        longs.across(whole, count, index, where);
        ElementRows.write(result, at[0], apart[0], whole, count);
      }
      writeIndices(at, apart, count);
    }

    private void writeIndices(long[] at, long[] steps, int count) {
      if (where.length > 0) {
        ElementRows.write(DType.I64, at[2], steps[2], where, count);
      }
    }
  }
}
