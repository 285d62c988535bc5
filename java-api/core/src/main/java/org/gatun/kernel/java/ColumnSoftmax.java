package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.Layout;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Ints;
import org.gatun.op.LogSoftmax;
import org.gatun.op.Probability;
import org.gatun.op.Softmax;
import org.gatun.op.SoftmaxGradient;
import org.jspecify.annotations.Nullable;

/**
 * Softmax and its relatives along an axis across which elements lie side by side: a vector holds
 * elements of as many lines, and each step takes a row of all lines.
 */
final class ColumnSoftmax implements Plan {
  /** The most columns that are computed together. */
  private static final long TILE = 512;

  /** The fewest columns side by side that are worth it. */
  private static final long FEWEST = 16;

  /** The most rows that one sum adds up. */
  private static final long SUM_ROWS = 32;

  /** Computes some columns, with scratch for three rows, of zeros. */
  @FunctionalInterface
  private interface Step {
    void run(ColumnSoftmax plan, long[] at, long scratch, long columns);
  }

  private final PlanRequest request;
  private final Step step;
  private final Loops loops;
  private final Nest nest;
  private final long length;
  private final long[] steps;
  private final int width;
  private final long grain;

  private ColumnSoftmax(PlanRequest request, Step step, Nest nest, Layout[] along, long grain) {
    this.request = request;
    this.step = step;
    this.loops = Loops.of(request.context(), request.output(0).dtype());
    this.nest = nest;
    this.length = along[0].dim(0);
    this.width = request.output(0).dtype().byteSize();
    this.steps = Arrays.stream(along).mapToLong(layout -> layout.stride(0) * width).toArray();
    this.grain = Math.max(1, grain / Math.max(1, length));
  }

  /**
   * Returns the plan, or null where it is better to compute one line after the other.
   *
   * @param grain the fewest elements that are worth a thread
   */
  static @Nullable ColumnSoftmax of(PlanRequest request, int axis, long grain) {
    Layout output = request.output(0);
    Step step =
        switch ((Probability) request.op()) {
          case LogSoftmax _ -> ColumnSoftmax::logSoftmax;
          case Softmax _ -> ColumnSoftmax::softmax;
          case SoftmaxGradient(int _, boolean log) -> log ? null : ColumnSoftmax::gradient;
        };
    if (step == null || output.rank() < 2) {
      return null;
    }
    Layout[] operands = new Layout[1 + request.inputs().size()];
    Arrays.setAll(operands, i -> i == 0 ? output : request.input(i - 1));
    int[] axes = Split.axes(Ints.of(axis), output.rank());
    Layout[] along =
        Arrays.stream(operands).map(layout -> Split.along(layout, axes)).toArray(Layout[]::new);
    Nest nest =
        Nest.of(
            Arrays.stream(operands)
                .map(layout -> Split.across(layout, axes))
                .toArray(Layout[]::new));
    int width = output.dtype().byteSize();
    boolean sideBySide = nest.columns() >= FEWEST && along[0].dim(0) > 1;
    for (int i = 0; i < operands.length; i++) {
      sideBySide &= nest.columnStride(i) == width;
    }
    return sideBySide ? new ColumnSoftmax(request, step, nest, along, grain) : null;
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    if (nest.size() == 0) {
      return;
    }
    nest.run(
        request.context().workers(),
        request.threads(),
        grain,
        1,
        TILE,
        this,
        inputs,
        outputs,
        ColumnSoftmax::tile);
  }

  private void tile(long[] at, long one, long columns) {
    try (ScratchMemory.Block scratch = request.context().memory().borrow(3 * columns * width)) {
      step.run(this, at, scratch.segment().fill((byte) 0).address(), columns);
    }
  }

  /**
   * Computes the exponentials in the result.
   *
   * @param scratch gets the largest element of each column, then the sum of exponentials; zeros
   */
  private void exponentials(long[] at, long scratch, long columns) {
    long sum = scratch + columns * width;
    MemorySegment.copy(ALL, at[1], ALL, scratch, columns * width);
    loops.maxRows(at[1], steps[1], length, columns, scratch);
    for (long row = 0; row < length; row++) {
      loops.expByColumn(at[1] + row * steps[1], scratch, at[0] + row * steps[0], columns);
    }
    sumRows(at[0], steps[0], sum, sum + columns * width, columns);
  }

  /** Adds the rows to a row of sums, over blocks, each of which is summed on its own. */
  private void sumRows(long src, long step, long sum, long block, long columns) {
    for (long row = 0; row < length; row += SUM_ROWS) {
      long rows = Math.min(SUM_ROWS, length - row);
      loops.sumRows(src + row * step, step, rows, columns, block);
      loops.binary(BinaryFunction.ADD, sum, block, sum, columns);
    }
  }

  private void softmax(long[] at, long scratch, long columns) {
    exponentials(at, scratch, columns);
    long sum = scratch + columns * width;
    loops.binaryLeft(BinaryFunction.DIV, 1, sum, sum, columns);
    for (long row = 0; row < length; row++) {
      long dst = at[0] + row * steps[0];
      loops.binary(BinaryFunction.MUL, dst, sum, dst, columns);
    }
  }

  private void logSoftmax(long[] at, long scratch, long columns) {
    exponentials(at, scratch, columns);
    long sum = scratch + columns * width;
    for (long column = 0; column < columns; column++) {
      loops.set(sum + column * width, Math.log(loops.get(sum + column * width)));
    }
    for (long row = 0; row < length; row++) {
      long dst = at[0] + row * steps[0];
      loops.binary(BinaryFunction.SUB, at[1] + row * steps[1], scratch, dst, columns);
      loops.binary(BinaryFunction.SUB, dst, sum, dst, columns);
    }
  }

  private void gradient(long[] at, long scratch, long columns) {
    for (long row = 0; row < length; row++) {
      long g = at[1] + row * steps[1];
      long y = at[2] + row * steps[2];
      loops.binary(BinaryFunction.MUL, g, y, at[0] + row * steps[0], columns);
    }
    sumRows(at[0], steps[0], scratch, scratch + columns * width, columns);
    for (long row = 0; row < length; row++) {
      long dst = at[0] + row * steps[0];
      loops.binary(BinaryFunction.SUB, at[1] + row * steps[1], scratch, dst, columns);
      loops.binary(BinaryFunction.MUL, dst, at[2] + row * steps[2], dst, columns);
    }
  }

  @Override
  public String implementation() {
    return loops.implementation();
  }
}
