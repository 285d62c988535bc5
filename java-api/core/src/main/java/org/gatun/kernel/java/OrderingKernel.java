package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Ints;
import org.gatun.op.KthValue;
import org.gatun.op.Median;
import org.gatun.op.Mode;
import org.gatun.op.Ordering;
import org.gatun.op.Sort;
import org.gatun.op.TopK;
import org.jspecify.annotations.Nullable;

/** {@link Ordering}s of every dtype, with any strides: each line is put in order on its own. */
public final class OrderingKernel implements Kernel {
  private static final long GRAIN = 2 * 1024;

  /** Makes the kernel. */
  public OrderingKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Layout input = request.input(0);
    if (!(request.op() instanceof Ordering op)
        || (input.rank() > 0 && input.shape().dim(op.axis()) >= Integer.MAX_VALUE - 8)) {
      return null;
    }
    int[] axes = Split.axes(Ints.of(op.axis()), input.rank());
    Layout values = request.output(0);
    Layout indices = request.output(1);
    boolean whole = values.rank() == input.rank();
    Layout keptValues = whole ? Split.across(values, axes) : values;
    Layout keptIndices = whole ? Split.across(indices, axes) : indices;
    return new OrderingPlan(
        op,
        input.dtype(),
        Nest.of(keptValues, Split.across(input, axes), keptIndices),
        length(input, axes),
        whole ? length(values, axes) : 1,
        new long[] {
          whole ? step(values, axes) : 0, step(input, axes), whole ? step(indices, axes) : 0
        },
        request.context().workers(),
        request.threads());
  }

  private static int length(Layout layout, int[] axes) {
    return axes.length == 0 ? 1 : (int) layout.dim(axes[0]);
  }

  private static long step(Layout layout, int[] axes) {
    return axes.length == 0 ? 0 : layout.stride(axes[0]) * layout.dtype().byteSize();
  }

  /**
   * @param kept the lines: their results, elements and indices
   * @param length the elements of a line
   * @param results the results of a line
   * @param steps the bytes from one element of a line to the next, for each operand
   */
  private record OrderingPlan(
      Ordering op,
      DType dtype,
      Nest kept,
      int length,
      int results,
      long[] steps,
      Workers workers,
      int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      if (results == 0) {
        return;
      }
      long values = outputs[0].address();
      long src = inputs[0].address();
      long indices = outputs[1].address();
      kept.run(
          workers,
          threads,
          Math.max(1, GRAIN / length),
          (at, rows, columns) -> {
            SortKeys keys = new SortKeys(dtype, isDescending(), length);
            int[] order = new int[results];
            for (long row = 0; row < rows; row++) {
              for (long column = 0; column < columns; column++) {
                long s = src + at[1] + row * kept.rowStride(1) + column * kept.columnStride(1);
                keys.read(s, steps[1]);
                choose(keys, order);
                write(
                    order,
                    s,
                    values + at[0] + row * kept.rowStride(0) + column * kept.columnStride(0),
                    indices + at[2] + row * kept.rowStride(2) + column * kept.columnStride(2));
              }
            }
          });
    }

    private boolean isDescending() {
      return switch (op) {
        case Sort sort -> sort.descending();
        case TopK topK -> topK.largest();
        case KthValue _, Median _, Mode _ -> false;
      };
    }

    private void choose(SortKeys keys, int[] order) {
      switch (op) {
        case Sort _, TopK _ -> keys.order(order, results);
        case KthValue kth -> order[0] = keys.select(kth.k() - 1);
        case Median median -> order[0] = keys.median(median.ignoreNan());
        case Mode _ -> order[0] = keys.mode();
      }
    }

    private void write(int[] order, long src, long values, long indices) {
      long step = steps[1];
      for (int i = 0; i < results; i++) {
        copy(src + order[i] * step, values + i * steps[0]);
      }
      for (int i = 0; i < results; i++) {
        ALL.set(LONG, indices + i * steps[2], order[i]);
      }
    }

    /** As bits: some NaN are told apart by them. */
    private void copy(long src, long dst) {
      switch (dtype.byteSize()) {
        case 1 -> ALL.set(BYTE, dst, ALL.get(BYTE, src));
        case 2 -> ALL.set(SHORT, dst, ALL.get(SHORT, src));
        case 4 -> ALL.set(INT, dst, ALL.get(INT, src));
        default -> ALL.set(LONG, dst, ALL.get(LONG, src));
      }
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }
}
