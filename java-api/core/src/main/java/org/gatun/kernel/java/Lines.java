package org.gatun.kernel.java;

import java.util.Arrays;
import org.gatun.Layout;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;

/**
 * The lines of elements along an axis, one after the other, in several operands together. A line
 * whose elements lie apart is copied to where they lie side by side, many at a time, and back if it
 * is written.
 */
final class Lines {
  /** What is done with a line. */
  @FunctionalInterface
  interface Body {
    /**
     * Computes a line.
     *
     * @param at for each operand the address of the line's first element, or of the one element
     *     that the line has there; not to be kept or modified
     */
    void run(long[] at);
  }

  /** What the lines of an operand are. */
  private enum Role {
    INPUT,
    RESULT,
    /** Memory for one line, which holds nothing before and after. */
    SCRATCH
  }

  /**
   * An operand.
   *
   * @param across the layout of the dimensions but the axis
   * @param step the bytes from one element of a line to the next
   * @param length the number of elements of a line
   * @param role what the lines are
   */
  record Operand(Layout across, long step, long length, Role role) {
    /** Returns an input with lines along an axis. */
    static Operand input(Layout layout, int axis) {
      return along(layout, axis, Role.INPUT);
    }

    /** Returns a result with lines along an axis. */
    static Operand result(Layout layout, int axis) {
      return along(layout, axis, Role.RESULT);
    }

    private static Operand along(Layout layout, int axis, Role role) {
      if (layout.rank() == 0) {
        return new Operand(layout, layout.dtype().byteSize(), 1, role);
      }
      int[] axes = {axis < 0 ? axis + layout.rank() : axis};
      long step = layout.stride(axes[0]) * layout.dtype().byteSize();
      return new Operand(Split.across(layout, axes), step, layout.dim(axes[0]), role);
    }

    /** Returns an operand with one element for each line, read or written. */
    static Operand element(Layout across) {
      return new Operand(across, across.dtype().byteSize(), 1, Role.INPUT);
    }

    /** Returns memory for one line of another operand. */
    static Operand scratch(Operand other) {
      Layout across = other.across;
      Layout nowhere = Layout.of(across.dtype(), across.shape(), new long[across.rank()]);
      return new Operand(nowhere, 0, other.length, Role.SCRATCH);
    }

    private int width() {
      return across.dtype().byteSize();
    }

    private boolean isApart() {
      return role == Role.SCRATCH || (length > 1 && step != width());
    }

    private long bytes() {
      return length * width();
    }
  }

  /** The most lines that are copied together, and the most bytes of them unless one has more. */
  private static final long BLOCK_LINES = 64;

  private static final long BLOCK_BYTES = 64 * 1024;

  private final PlanRequest request;
  private final Operand[] operands;
  private final Nest nest;
  private final long grain;
  private final long block;
  private final boolean staged;
  private final MoveLoops moves;

  /**
   * Makes them.
   *
   * @param grain the fewest elements that are worth a thread
   * @param operands the first one's elements do not overlap
   */
  Lines(PlanRequest request, long grain, Operand... operands) {
    this.request = request;
    this.operands = operands;
    this.nest = Nest.of(Arrays.stream(operands).map(Operand::across).toArray(Layout[]::new));
    long longest = Arrays.stream(operands).mapToLong(Operand::bytes).max().orElseThrow();
    long length = Arrays.stream(operands).mapToLong(Operand::length).max().orElseThrow();
    this.grain = Math.max(1, grain / Math.max(1, length));
    this.block = Math.clamp(BLOCK_BYTES / Math.max(1, longest), 1, BLOCK_LINES);
    this.staged = Arrays.stream(operands).anyMatch(Operand::isApart);
    this.moves = MoveLoops.of(request.context());
  }

  /** Returns whether there are lines to be copied. */
  boolean areApart() {
    return staged;
  }

  /** Runs all lines of operands that start at these addresses. */
  void run(Body body, long... starts) {
    if (nest.size() == 0) {
      return;
    }
    nest.run(
        request.context().workers(),
        request.threads(),
        grain,
        1,
        block,
        (at, _, lines) -> {
          long[] first = new long[operands.length];
          Arrays.setAll(first, i -> starts[i] + at[i]);
          if (staged) {
            staged(body, first, lines);
          } else {
            run(body, first, nestSteps(), lines);
          }
        });
  }

  private long[] nestSteps() {
    long[] steps = new long[operands.length];
    Arrays.setAll(steps, nest::columnStride);
    return steps;
  }

  private static void run(Body body, long[] at, long[] steps, long lines) {
    for (long line = 0; line < lines; line++) {
      body.run(at);
      for (int i = 0; i < at.length; i++) {
        at[i] += steps[i];
      }
    }
  }

  private void staged(Body body, long[] first, long lines) {
    long bytes = 0;
    for (Operand operand : operands) {
      bytes += operand.isApart() ? operand.bytes() * lines : 0;
    }
    try (ScratchMemory.Block scratch = request.context().memory().borrow(bytes)) {
      long[] at = first.clone();
      long[] steps = nestSteps();
      long next = scratch.segment().address();
      for (int i = 0; i < operands.length; i++) {
        if (operands[i].isApart()) {
          at[i] = next;
          steps[i] = operands[i].role == Role.SCRATCH ? 0 : operands[i].bytes();
          next += operands[i].bytes() * lines;
          if (operands[i].role == Role.INPUT) {
            copy(i, first[i], nest.columnStride(i), operands[i].step, at[i], lines);
          }
        }
      }
      long[] staging = at.clone();
      run(body, at, steps, lines);
      for (int i = 0; i < operands.length; i++) {
        if (operands[i].isApart() && operands[i].role == Role.RESULT) {
          copyBack(i, staging[i], first[i], lines);
        }
      }
    }
  }

  private void copy(int i, long src, long srcLine, long srcStep, long dst, long lines) {
    Operand operand = operands[i];
    moves.block(
        operand.width(),
        src,
        srcLine,
        srcStep,
        dst,
        operand.bytes(),
        operand.width(),
        lines,
        operand.length);
  }

  private void copyBack(int i, long src, long dst, long lines) {
    Operand operand = operands[i];
    // Rows are what lies side by side in the destination: the steps along the axis are the rows.
    moves.block(
        operand.width(),
        src,
        operand.width(),
        operand.bytes(),
        dst,
        operand.step,
        nest.columnStride(i),
        operand.length,
        lines);
  }
}
