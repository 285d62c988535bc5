package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.Spares;
import org.gatun.kernel.Workers;
import org.jspecify.annotations.Nullable;

/**
 * The loops that visit the elements of several operands together, in the order in which the first
 * one lies in memory. Dimensions of size 1 are gone, and those that lie side by side in all
 * operands are joined, so that dense operands end in a single loop.
 *
 * <p>The two innermost loops are the caller's: it gets a block of {@code rows} by {@code columns}.
 */
final class Nest {
  /** What is done with a block of elements. */
  @FunctionalInterface
  interface Block {
    /**
     * Visits {@code rows * columns} elements.
     *
     * @param at for each operand the position of the block's first element, in bytes; not to be
     *     kept or modified
     */
    void run(long[] at, long rows, long columns);
  }

  /**
   * What a plan does with a block of elements; a method of the plan, so that nothing is made for an
   * execution.
   *
   * @param <P> the plan
   */
  @FunctionalInterface
  interface PlanBlock<P> {
    /**
     * Visits {@code rows * columns} elements.
     *
     * @param at for each operand the address of the block's first element; not to be kept or
     *     modified
     */
    void run(P plan, long[] at, long rows, long columns);
  }

  private static final MemorySegment[] NONE = {};

  private final long[] sizes;
  private final long[][] strides;
  private final Spares<Visit> visits = new Spares<>(Visit::new);
  private final Spares<Cursor> cursors = new Spares<>(Cursor::new);

  private Nest(long[] sizes, long[][] strides) {
    this.sizes = sizes;
    this.strides = strides;
  }

  private record Dim(long size, long[] strides) {}

  /**
   * Returns the loops over the shape of the first operand, which the others broadcast to.
   *
   * @param operands the layouts; the first one's elements do not overlap, but may be repeated
   */
  static Nest of(Layout... operands) {
    Shape shape = operands[0].shape();
    List<Dim> dims = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.dim(axis) != 1) {
        long[] steps = new long[operands.length];
        for (int i = 0; i < operands.length; i++) {
          steps[i] = step(operands[i], axis - shape.rank());
        }
        dims.add(new Dim(shape.dim(axis), steps));
      }
    }
    dims.sort(Comparator.comparingLong(Nest::order).reversed());
    for (int i = dims.size() - 1; i > 0; i--) {
      Dim outer = dims.get(i - 1);
      Dim inner = dims.get(i);
      if (follows(outer, inner)) {
        dims.set(i - 1, new Dim(outer.size * inner.size, inner.strides));
        dims.remove(i);
      }
    }
    while (dims.size() < 2) {
      dims.addFirst(new Dim(1, new long[operands.length]));
    }
    return new Nest(
        dims.stream().mapToLong(Dim::size).toArray(),
        dims.stream().map(Dim::strides).toArray(long[][]::new));
  }

  /** Returns the bytes from one index of an axis, counted from the last, to the next. */
  private static long step(Layout operand, int fromLast) {
    int axis = operand.rank() + fromLast;
    if (axis < 0 || operand.dim(axis) == 1) {
      return 0;
    }
    return operand.stride(axis) * operand.dtype().byteSize();
  }

  /** The innermost loop is the one of the smallest step; one that repeats elements is outside. */
  private static long order(Dim dim) {
    return dim.strides[0] == 0 ? Long.MAX_VALUE : dim.strides[0];
  }

  private static boolean follows(Dim outer, Dim inner) {
    for (int i = 0; i < outer.strides.length; i++) {
      if (outer.strides[i] != inner.strides[i] * inner.size) {
        return false;
      }
    }
    return true;
  }

  /** Returns the number of loops, 2 or more. */
  int depth() {
    return sizes.length;
  }

  /** Returns the number of elements that a loop visits; the last loop is the innermost. */
  long size(int loop) {
    return sizes[loop];
  }

  /** Returns the bytes that a step of a loop moves on in an operand. */
  long stride(int operand, int loop) {
    return strides[loop][operand];
  }

  /** Returns the number of rows of all blocks together that a caller may get. */
  long rows() {
    return sizes[sizes.length - 2];
  }

  /** Returns the number of elements of the innermost loop. */
  long columns() {
    return sizes[sizes.length - 1];
  }

  /** Returns the bytes from one row of a block to the next. */
  long rowStride(int operand) {
    return strides[sizes.length - 2][operand];
  }

  /** Returns the bytes from one element of a row to the next. */
  long columnStride(int operand) {
    return strides[sizes.length - 1][operand];
  }

  /** Returns the number of elements. */
  long size() {
    long size = 1;
    for (long s : sizes) {
      size *= s;
    }
    return size;
  }

  /**
   * Returns the position of a row of the first operand, in bytes.
   *
   * @param row counted in the order of the loops
   */
  long rowAt(long row) {
    long at = 0;
    long rest = row;
    for (int loop = sizes.length - 2; loop >= 0; loop--) {
      at += rest % sizes[loop] * strides[loop][0];
      rest /= sizes[loop];
    }
    return at;
  }

  /** Returns these loops with one of them moved to be the second from the inside. */
  Nest withRows(int loop) {
    long[] movedSizes = sizes.clone();
    long[][] movedStrides = strides.clone();
    for (int i = loop; i < sizes.length - 2; i++) {
      movedSizes[i] = sizes[i + 1];
      movedStrides[i] = strides[i + 1];
    }
    movedSizes[sizes.length - 2] = sizes[loop];
    movedStrides[sizes.length - 2] = strides[loop];
    return new Nest(movedSizes, movedStrides);
  }

  /**
   * Visits all elements, with as many threads as their number is worth.
   *
   * @param grain the fewest elements that are worth a thread, a multiple of 64
   */
  void run(Workers workers, int threads, long grain, Block block) {
    run(workers, threads, grain, block, NONE, NONE, Block::run);
  }

  /** Visits all elements, which are not none, in blocks of at most so many rows and columns. */
  void run(
      Workers workers, int threads, long grain, long blockRows, long blockColumns, Block block) {
    run(workers, threads, grain, blockRows, blockColumns, block, NONE, NONE, Block::run);
  }

  /**
   * Visits all elements of the first output and the inputs of a plan, with as many threads as their
   * number is worth.
   *
   * @param grain the fewest elements that are worth a thread, a multiple of 64
   */
  <P> void run(
      Workers workers,
      int threads,
      long grain,
      P plan,
      MemorySegment[] inputs,
      MemorySegment[] outputs,
      PlanBlock<P> block) {
    if (size() == 0) {
      return;
    }
    Visit visit = visits.take();
    if (threads == 1 || size() < 2 * grain) {
      visit.set(rows(), columns(), plan, block);
      visit.run(inputs, outputs, 0, outer());
      visits.giveBack(visit);
      return;
    }
    if (columns() >= 2 * grain) {
      visit.set(1, grain, plan, block);
    } else {
      visit.set(Math.max(1, grain / columns()), columns(), plan, block);
    }
    run(workers, threads, grain, visit, inputs, outputs);
  }

  /** Visits them, which are not none, in blocks of at most so many rows and columns. */
  <P> void run(
      Workers workers,
      int threads,
      long grain,
      long blockRows,
      long blockColumns,
      P plan,
      MemorySegment[] inputs,
      MemorySegment[] outputs,
      PlanBlock<P> block) {
    Visit visit = visits.take();
    visit.set(blockRows, blockColumns, plan, block);
    run(workers, threads, grain, visit, inputs, outputs);
  }

  private void run(
      Workers workers,
      int threads,
      long grain,
      Visit visit,
      MemorySegment[] inputs,
      MemorySegment[] outputs) {
    long rows = visit.blockRows;
    long columns = visit.blockColumns;
    long blocks = outer() * blocks(rows(), rows) * blocks(columns(), columns);
    long worth = Math.max(1, grain / (Math.min(rows(), rows) * Math.min(columns(), columns)));
    workers.parallel(threads, blocks, worth, visit, inputs, outputs, Visit::run);
    visits.giveBack(visit);
  }

  private long outer() {
    long outer = 1;
    for (int i = 0; i < sizes.length - 2; i++) {
      outer *= sizes[i];
    }
    return outer;
  }

  private static long blocks(long size, long block) {
    return (size + block - 1) / block;
  }

  /** A visit of all elements by a plan. */
  private final class Visit {
    private long blockRows;
    private long blockColumns;
    private @Nullable Object plan;
    private @Nullable PlanBlock<Object> block;

    @SuppressWarnings("unchecked") // The plan is of the type that its block takes.
    <P> void set(long blockRows, long blockColumns, P plan, PlanBlock<P> block) {
      this.blockRows = blockRows;
      this.blockColumns = blockColumns;
      this.plan = plan;
      this.block = (PlanBlock<Object>) block;
    }

    /** Visits the blocks {@code from} to {@code to}, counted in the order of the loops. */
    private void run(MemorySegment[] inputs, MemorySegment[] outputs, long from, long to) {
      Cursor cursor = cursors.take();
      cursor.start(inputs, outputs, from, this);
      for (long next = from; next < to; next++) {
        long[] at = cursor.at();
        if (block != null && plan != null) {
          block.run(
              plan,
              at,
              Math.min(blockRows, rows() - cursor.row),
              Math.min(blockColumns, columns() - cursor.column));
        }
        cursor.next(this);
      }
      cursors.giveBack(cursor);
    }
  }

  /** Where a visit is. */
  private final class Cursor {
    private final long[] index = new long[sizes.length - 2];
    private final long[] base = new long[strides[0].length];
    private final long[] at = new long[strides[0].length];
    private long row;
    private long column;

    /** Goes to a block, counted in the order of the loops; addresses are 0 of no operands. */
    void start(MemorySegment[] inputs, MemorySegment[] outputs, long block, Visit visit) {
      for (int operand = 0; operand < base.length; operand++) {
        MemorySegment[] list = operand == 0 ? outputs : inputs;
        int place = Math.max(0, operand - 1);
        base[operand] = list == NONE ? 0 : list[place].address();
      }
      long across = blocks(columns(), visit.blockColumns);
      long down = blocks(rows(), visit.blockRows);
      long rest = block / (across * down);
      for (int i = index.length - 1; i >= 0; i--) {
        index[i] = rest % sizes[i];
        rest /= sizes[i];
        for (int operand = 0; operand < base.length; operand++) {
          base[operand] += index[i] * strides[i][operand];
        }
      }
      row = block / across % down * visit.blockRows;
      column = block % across * visit.blockColumns;
    }

    /** Returns where the operands of the block are. */
    long[] at() {
      for (int operand = 0; operand < base.length; operand++) {
        at[operand] = base[operand] + row * rowStride(operand) + column * columnStride(operand);
      }
      return at;
    }

    /** Goes to the next block. */
    void next(Visit visit) {
      column += visit.blockColumns;
      if (column >= columns()) {
        column = 0;
        row += visit.blockRows;
        if (row >= rows()) {
          row = 0;
          advance();
        }
      }
    }

    private void advance() {
      for (int i = index.length - 1; i >= 0; i--) {
        index[i]++;
        for (int operand = 0; operand < base.length; operand++) {
          base[operand] += strides[i][operand];
        }
        if (index[i] < sizes[i]) {
          return;
        }
        for (int operand = 0; operand < base.length; operand++) {
          base[operand] -= index[i] * strides[i][operand];
        }
        index[i] = 0;
      }
    }
  }
}
