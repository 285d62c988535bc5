package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Workers;
import org.gatun.op.Ints;

/**
 * A loop run over the rows of a nest.
 *
 * @param loop what is computed of the elements of a row
 * @param nest the loops over the output and the inputs, as {@link PointwiseNest} has them
 * @param widths the bytes of an element of the output and of each input, 1 to 3
 * @param grain the fewest elements that are worth a thread
 * @param memory for rows of what is one element for all, and for rows that are the same for all
 */
record PointwisePlan(
    PointwiseLoop loop,
    Nest nest,
    Ints widths,
    long grain,
    Workers workers,
    ScratchMemory memory,
    int threads)
    implements Plan {
  /** Elements of a row that are computed at a time where an operand is spread out first. */
  private static final int CHUNK = 1024;

  /** Rows of fewer elements are computed several at a time, where their memory allows it. */
  private static final int SHORT_ROW = CHUNK / 4;

  /** Returns the plan of a request for a nest that {@link PointwiseNest} made of it. */
  static PointwisePlan of(PointwiseLoop loop, Nest nest, PlanRequest request, long grain) {
    int[] widths = new int[request.inputs().size() + 1];
    Arrays.setAll(
        widths, i -> (i == 0 ? request.output(0) : request.input(i - 1)).dtype().byteSize());
    return new PointwisePlan(
        loop,
        nest,
        Ints.of(widths),
        grain,
        request.context().workers(),
        request.context().memory(),
        request.threads());
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    long elements = nest.size();
    if (elements == 0) {
      return;
    }
    if (nest.depth() == 2) {
      boolean one = threads == 1 || elements < 2 * grain;
      long count = isCutInRows() ? nest.rows() : nest.columns();
      long worth = one ? count : Math.max(1, grain / (elements / count));
      workers.parallel(threads, count, worth, this, inputs, outputs, PointwisePlan::run);
      return;
    }
    nest.run(workers, threads, grain, this, inputs, outputs, PointwisePlan::block);
  }

  private void block(long[] at, long rows, long columns) {
    rows(at[0], at[1], operands() > 1 ? at[2] : 0, operands() > 2 ? at[3] : 0, rows, columns);
  }

  /** Returns whether threads share the rows of a nest of two loops, and not its columns. */
  private boolean isCutInRows() {
    return nest.columns() < 2 * grain;
  }

  /** Computes some rows of a nest of two loops, or some columns. */
  private void run(MemorySegment[] inputs, MemorySegment[] outputs, long from, long to) {
    boolean inRows = isCutInRows();
    rows(
        outputs[0].address() + from * step(0, inRows),
        inputs[0].address() + from * step(1, inRows),
        address(inputs, 1) + from * step(2, inRows),
        address(inputs, 2) + from * step(3, inRows),
        inRows ? to - from : nest.rows(),
        inRows ? nest.columns() : to - from);
  }

  private long step(int operand, boolean inRows) {
    if (operand > operands()) {
      return 0;
    }
    return inRows ? nest.rowStride(operand) : nest.columnStride(operand);
  }

  private long address(MemorySegment[] inputs, int input) {
    return input < operands() ? inputs[input].address() : 0;
  }

  private int operands() {
    return widths.size() - 1;
  }

  private int width(int operand) {
    return widths.get(operand + 1);
  }

  /** Returns whether an operand is one element for all of a row. */
  private boolean isOne(int operand) {
    return operand < operands() && nest.columns() > 1 && nest.columnStride(operand + 1) == 0;
  }

  private void rows(long dst, long a, long b, long c, long rows, long columns) {
    if (isRepeated(rows, columns)) {
      repeat(dst, new long[] {a, b, c}, rows, columns);
      return;
    }
    int operands = operands();
    long stepB = operands > 1 ? nest.rowStride(2) : 0;
    long stepC = operands > 2 ? nest.rowStride(3) : 0;
    boolean oneA = isOne(0);
    boolean oneB = isOne(1);
    int which =
        operands == 2 && oneA && !oneB
            ? PointwiseLoop.LEFT_IS_ONE
            : operands == 2 && oneB && !oneA ? PointwiseLoop.RIGHT_IS_ONE : PointwiseLoop.EACH;
    boolean spread = which == PointwiseLoop.EACH && (oneA || oneB || isOne(2));
    for (long row = 0; row < rows; row++) {
      long d = dst + row * nest.rowStride(0);
      long x = a + row * nest.rowStride(1);
      long y = b + row * stepB;
      long z = c + row * stepC;
      if (spread) {
        spread(d, x, y, z, columns);
      } else {
        loop.run(x, y, z, d, columns, which);
      }
    }
  }

  /**
   * Returns whether rows are short, and each operand has either the next row behind one or the same
   * for all, as the factors of channels are for images that lie channels-last.
   */
  private boolean isRepeated(long rows, long columns) {
    if (columns < 2 || columns >= SHORT_ROW || rows * columns < 2 * CHUNK) {
      return false;
    }
    boolean repeated = false;
    for (int i = 0; i < widths.size(); i++) {
      boolean same = i > 0 && nest.rowStride(i) == 0;
      boolean follows = nest.rowStride(i) == columns * widths.get(i);
      if (nest.columnStride(i) != widths.get(i) || (!same && !follows)) {
        return false;
      }
      repeated |= same;
    }
    return repeated;
  }

  /** Computes several rows as one, with copies of those that are the same for all. */
  private void repeat(long dst, long[] from, long rows, long columns) {
    int together = (int) (CHUNK / columns);
    long[] step = new long[from.length];
    long bytes = together * columns * Long.BYTES;
    try (ScratchMemory.Block scratch = memory.borrow(operands() * bytes)) {
      for (int i = 0; i < operands(); i++) {
        step[i] = nest.rowStride(i + 1);
        if (step[i] == 0) {
          long copies = scratch.segment().address() + i * bytes;
          fill(from[i], (int) columns * width(i), copies, together);
          from[i] = copies;
        }
      }
      for (long row = 0; row < rows; row += together) {
        loop.run(
            from[0] + row * step[0],
            from[1] + row * step[1],
            from[2] + row * step[2],
            dst + row * nest.rowStride(0),
            Math.min(together, rows - row) * columns,
            PointwiseLoop.EACH);
      }
    }
  }

  /** Computes a row, of which some operands are one element for all: copied into rows of these. */
  private void spread(long dst, long a, long b, long c, long columns) {
    int chunk = (int) Math.min(CHUNK, columns);
    long[] from = {a, b, c};
    long[] step = new long[from.length];
    try (ScratchMemory.Block scratch = memory.borrow((long) from.length * chunk * Long.BYTES)) {
      for (int i = 0; i < operands(); i++) {
        step[i] = width(i);
        if (isOne(i)) {
          long row = scratch.segment().address() + (long) i * chunk * Long.BYTES;
          fill(from[i], width(i), row, chunk);
          from[i] = row;
          step[i] = 0;
        }
      }
      for (long i = 0; i < columns; i += chunk) {
        int count = (int) Math.min(chunk, columns - i);
        loop.run(
            from[0] + i * step[0],
            from[1] + i * step[1],
            from[2] + i * step[2],
            dst + i * widths.get(0),
            count,
            PointwiseLoop.EACH);
      }
    }
  }

  /** Stores an element, or several, so many times, doubling what is there. */
  private static void fill(long element, int width, long dst, int count) {
    MemorySegment.copy(ALL, element, ALL, dst, width);
    long bytes = (long) count * width;
    for (long done = width; done < bytes; done *= 2) {
      MemorySegment.copy(ALL, dst, ALL, dst + done, Math.min(done, bytes - done));
    }
  }

  @Override
  public String implementation() {
    return loop.implementation();
  }
}
