package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Spares;
import org.gatun.op.Ints;
import org.gatun.op.LogSoftmax;
import org.gatun.op.Softmax;
import org.jspecify.annotations.Nullable;

/**
 * Softmax and its logarithm along rows of elements that lie side by side: several rows at a time,
 * as many as stay in the first-level cache between the loops over them.
 */
final class RowSoftmax implements Plan {
  /** Bytes of the rows that are computed together: half of the smallest first-level cache. */
  private static final long TOGETHER = 16 * 1024;

  private final PlanRequest request;
  private final RowLoops loops;
  private final SoftmaxLoops single;
  private final Nest nest;
  private final boolean log;
  private final long length;
  private final int together;
  private final long grain;
  private final Spares<Scratch> spares = new Spares<>(Scratch::new);

  private RowSoftmax(
      PlanRequest request, RowLoops loops, Nest nest, boolean log, long length, long grain) {
    this.request = request;
    this.loops = loops;
    this.single = SoftmaxLoops.of(request.context(), request.output(0).dtype());
    this.nest = nest;
    this.log = log;
    this.length = length;
    long bytes = length * request.output(0).dtype().byteSize();
    this.together = (int) Math.clamp(TOGETHER / bytes, 4, RowLoops.MOST_ROWS);
    this.grain = Math.max(1, grain / length);
  }

  /**
   * Returns the plan, or null where elements do not lie side by side along the axis, or there are
   * no loops over rows of the dtype.
   *
   * @param grain the fewest elements that are worth a thread
   */
  static @Nullable RowSoftmax of(PlanRequest request, int axis, long grain) {
    Layout input = request.input(0);
    Layout output = request.output(0);
    RowLoops loops = RowLoops.of(request.context(), output.dtype());
    boolean log = request.op() instanceof LogSoftmax;
    if (loops == null || output.rank() == 0 || !(log || request.op() instanceof Softmax)) {
      return null;
    }
    int[] axes = Split.axes(Ints.of(axis), output.rank());
    long length = output.dim(axis);
    if (length < 2 || input.stride(axis) != 1 || output.stride(axis) != 1) {
      return null;
    }
    Nest nest = Nest.of(Split.across(output, axes), Split.across(input, axes));
    return new RowSoftmax(request, loops, nest, log, length, grain);
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    nest.run(
        request.context().workers(),
        request.threads(),
        grain,
        this,
        inputs,
        outputs,
        RowSoftmax::block);
  }

  private void block(long[] at, long rows, long columns) {
    Scratch scratch = spares.take();
    for (long row = 0; row < rows; row++) {
      for (long column = 0; column < columns; column += together) {
        long x = row * nest.rowStride(1) + column * nest.columnStride(1);
        long y = row * nest.rowStride(0) + column * nest.columnStride(0);
        int some = (int) Math.min(together, columns - column);
        compute(at[1] + x, at[0] + y, some, scratch.shifts, scratch.sums, scratch.numbers);
      }
    }
    spares.giveBack(scratch);
  }

  /** What rows that are computed together need. */
  private static final class Scratch {
    private final double[] shifts = new double[RowLoops.MOST_ROWS];
    private final double[] sums = new double[RowLoops.MOST_ROWS];
    private final float[] numbers = new float[RowLoops.SCRATCH];
  }

  private void compute(
      long src, long dst, int rows, double[] shifts, double[] sums, float[] scratch) {
    long stride = nest.columnStride(1);
    long dstStride = nest.columnStride(0);
    loops.maxima(src, stride, rows, length, shifts, scratch);
    if (log) {
      loops.sumsOfExps(src, stride, rows, length, shifts, sums, scratch);
      for (int i = 0; i < rows; i++) {
        double logarithm = Math.log(sum(sums[i], shifts[i]));
        single.subtract(src + i * stride, shifts[i], logarithm, dst + i * dstStride, length);
      }
      return;
    }
    loops.exps(src, stride, dst, dstStride, rows, length, shifts, sums, scratch);
    for (int i = 0; i < rows; i++) {
      sums[i] = 1 / sum(sums[i], shifts[i]);
    }
    loops.scale(dst, dstStride, rows, length, sums);
  }

  /** Infinity less infinity is no number, and neither is any result of such a row. */
  private static double sum(double sum, double shift) {
    return Double.isFinite(shift) ? sum : Double.NaN;
  }

  @Override
  public String implementation() {
    return single.implementation();
  }
}
