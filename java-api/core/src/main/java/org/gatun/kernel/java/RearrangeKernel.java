package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.INT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Flip;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.Movement;
import org.gatun.op.Pad;
import org.gatun.op.Roll;
import org.jspecify.annotations.Nullable;

/**
 * {@link Flip}, {@link Pad} and {@link Roll} of any dtype: what moves elements along each axis by
 * itself.
 *
 * <p>The axes that stay as they are and lie side by side are one chunk of memory. Those of the next
 * axis go in runs, one after the other, so that a row is written in a few copies; the axes around
 * have a table of where each index comes from.
 */
public final class RearrangeKernel implements Kernel {
  private static final long GRAIN_BYTES = 128 * 1024;

  /** Makes the kernel. */
  public RearrangeKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof Movement op)) {
      return null;
    }
    Layout input = request.input(0);
    AxisMap @Nullable [] maps = maps(op, input);
    if (maps == null) {
      return null;
    }
    Layout output = request.output(0);
    if (output.size() == 0) {
      return new EmptyPlan();
    }
    List<Axis> axes = new ArrayList<>();
    int width = output.dtype().byteSize();
    for (int axis = 0; axis < output.rank(); axis++) {
      if (output.dim(axis) > 1 || maps[axis].runs().getFirst().from() != 0) {
        axes.add(
            new Axis(
                maps[axis],
                maps[axis].isIdentity(input.dim(axis)),
                input.stride(axis) * width,
                output.stride(axis) * width));
      }
    }
    axes.sort(Comparator.comparingLong(Axis::to).reversed());
    if (!axes.isEmpty() && axes.getLast().from != width && !input.isContiguous()) {
      return null; // A copy that transposes in blocks, and rows that lie side by side, are faster.
    }
    long chunk = width;
    while (!axes.isEmpty() && axes.getLast().isSideBySide(chunk)) {
      chunk *= axes.removeLast().map.size();
    }
    Axis row = axes.isEmpty() ? Axis.ONE : axes.removeLast();
    double value = op instanceof Pad pad ? pad.value() : 0;
    return new RearrangePlan(
        MoveLoops.of(request.context()),
        axes,
        row,
        chunk,
        width,
        Bits.repeated(output.dtype(), value),
        request.context().workers(),
        request.threads());
  }

  private static AxisMap @Nullable [] maps(Movement op, Layout input) {
    int rank = input.rank();
    AxisMap[] maps = new AxisMap[rank];
    Arrays.setAll(maps, axis -> AxisMap.identity(input.dim(axis)));
    switch (op) {
      case Flip(Ints axes) -> {
        for (int i = 0; i < axes.size() && rank > 0; i++) {
          int axis = axes.get(i) < 0 ? axes.get(i) + rank : axes.get(i);
          maps[axis] = AxisMap.flipped(input.dim(axis));
        }
      }
      case Pad pad ->
          Arrays.setAll(
              maps,
              axis ->
                  AxisMap.padded(
                      input.dim(axis), pad.before(axis, rank), pad.after(axis, rank), pad.mode()));
      case Roll(Longs shifts, Ints axes) -> {
        long[] by = new long[rank];
        for (int i = 0; i < axes.size() && input.size() > 0 && rank > 0; i++) {
          int axis = axes.get(i) < 0 ? axes.get(i) + rank : axes.get(i);
          long size = input.dim(axis);
          by[axis] = Math.floorMod(by[axis] + Math.floorMod(shifts.get(i), size), size);
          maps[axis] = AxisMap.rolled(size, by[axis]);
        }
      }
      default -> {
        return null;
      }
    }
    return maps;
  }

  /**
   * An axis with the bytes from one index to the next.
   *
   * @param map where its elements come from
   * @param identity whether they stay where they are
   * @param from the stride of the input
   * @param to that of the output
   */
  private record Axis(AxisMap map, boolean identity, long from, long to) {
    static final Axis ONE = new Axis(AxisMap.identity(1), true, 0, 0);

    boolean isSideBySide(long chunk) {
      return identity && from == chunk && to == chunk;
    }
  }

  private record EmptyPlan() implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {}

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }

  private static final class RearrangePlan implements Plan {
    private final MoveLoops loops;
    private final Workers workers;
    private final int threads;

    /** For each axis around the rows the bytes to add at each index, or {@link AxisMap#NOWHERE}. */
    private final long[][] from;

    private final long[] to;
    private final Axis row;
    private final AxisMap.Run[] runs;
    private final long chunk;
    private final int width;
    private final long fill;
    private final long rows;
    private final long pieces;
    private final long piece;

    RearrangePlan(
        MoveLoops loops,
        List<Axis> around,
        Axis row,
        long chunk,
        int width,
        long fill,
        Workers workers,
        int threads) {
      this.loops = loops;
      this.workers = workers;
      this.threads = threads;
      this.row = row;
      this.runs = row.map.runs().toArray(AxisMap.Run[]::new);
      this.chunk = chunk;
      this.width = width;
      this.fill = fill;
      this.from = around.stream().map(RearrangePlan::offsets).toArray(long[][]::new);
      this.to = around.stream().mapToLong(Axis::to).toArray();
      this.rows = around.stream().mapToLong(axis -> axis.map.size()).reduce(1, (a, b) -> a * b);
      this.piece = Math.max(1, GRAIN_BYTES / chunk);
      this.pieces = Math.ceilDiv(row.map.size(), piece);
    }

    private static long[] offsets(Axis axis) {
      long[] table = axis.map.table();
      for (int i = 0; i < table.length; i++) {
        table[i] = table[i] == AxisMap.NOWHERE ? AxisMap.NOWHERE : table[i] * axis.from;
      }
      return table;
    }

    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long src = inputs[0].address();
      long dst = outputs[0].address();
      long grain = Math.max(1, GRAIN_BYTES / (chunk * Math.min(piece, row.map.size())));
      workers.parallel(
          threads, rows * pieces, grain, (first, last) -> new Walk(src, dst).run(first, last));
    }

    /** The rows that one thread writes. */
    private final class Walk {
      private final int[] index = new int[from.length];

      /** Where the elements of the first so many indices are; the last one is that of the row. */
      private final long[] src = new long[from.length + 1];

      private final long[] dst = new long[from.length + 1];

      Walk(long src, long dst) {
        this.src[0] = src;
        this.dst[0] = dst;
      }

      void run(long first, long last) {
        long rest = first / pieces;
        for (int axis = from.length - 1; axis >= 0; axis--) {
          index[axis] = (int) (rest % from[axis].length);
          rest /= from[axis].length;
        }
        place(0);
        for (long next = first; next < last; next++) {
          long start = next % pieces * piece;
          write(start, Math.min(row.map.size(), start + piece));
          if ((next + 1) % pieces == 0 && next + 1 < last) {
            advance();
          }
        }
      }

      private void advance() {
        int axis = from.length - 1;
        while (++index[axis] == from[axis].length) {
          index[axis--] = 0;
        }
        place(axis);
      }

      private void place(int changed) {
        for (int axis = changed; axis < from.length; axis++) {
          long offset = from[axis][index[axis]];
          boolean nowhere = offset == AxisMap.NOWHERE || src[axis] == AxisMap.NOWHERE;
          src[axis + 1] = nowhere ? AxisMap.NOWHERE : src[axis] + offset;
          dst[axis + 1] = dst[axis] + index[axis] * to[axis];
        }
      }

      private void write(long start, long end) {
        long in = src[from.length];
        long out = dst[from.length];
        if (in == AxisMap.NOWHERE) {
          fill(out + start * row.to, end - start);
          return;
        }
        for (AxisMap.Run run : runs) {
          long first = Math.max(start, run.to());
          long count = Math.min(end, run.to() + run.count()) - first;
          if (count > 0 && run.from() == AxisMap.NOWHERE) {
            fill(out + first * row.to, count);
          } else if (count > 0) {
            copy(in + run.source(first) * row.from, run.step(), out + first * row.to, count);
          }
        }
      }

      private void copy(long in, int step, long out, long count) {
        long advance = step * row.from;
        if (advance == chunk && row.to == chunk) {
          loops.rows(in, 0, out, 0, 1, count * chunk);
        } else if (chunk == width && count == 1 && width == Integer.BYTES) {
          ALL.set(INT, out, ALL.get(INT, in)); // The commonest border.
        } else if (chunk == width) {
          loops.block(width, in, 0, advance, out, 0, row.to, 1, count);
        } else {
          loops.rows(in, advance, out, row.to, count, chunk);
        }
      }

      private void fill(long out, long count) {
        if (row.to == chunk) {
          Fill.run(out, count * chunk, fill);
        } else {
          for (long i = 0; i < count; i++) {
            Fill.run(out + i * row.to, chunk, fill);
          }
        }
      }
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }
}
