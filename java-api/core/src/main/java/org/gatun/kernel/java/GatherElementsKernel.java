package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.GatherElements;
import org.jspecify.annotations.Nullable;

/**
 * {@link GatherElements} of any dtype. The indices and the result are dense, the tensor lies as it
 * likes.
 */
public final class GatherElementsKernel implements Kernel {
  private static final long GRAIN = 16 * 1024;

  /** Makes the kernel. */
  public GatherElementsKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof GatherElements(String name, int axis, boolean fromEnd))) {
      return null;
    }
    Layout x = request.input(0);
    Layout indices = request.input(1);
    if (!indices.isContiguous() || !request.output(0).isContiguous()) {
      return null;
    }
    int width = x.dtype().byteSize();
    ElementIndexing indexing = ElementIndexing.of(name, axis, fromEnd, x, indices);
    if (indexing.size() == 0) {
      return new GatherPlan(indexing, null, 0, width, request.context().workers(), 1);
    }
    int picked = indexing.reader().axis();
    return new GatherPlan(
        indexing,
        ElementIndexing.Operand.of(x, indices, picked),
        x.rank() == 0 ? 0 : x.stride(picked) * width,
        width,
        request.context().workers(),
        request.threads());
  }

  /**
   * @param from where the elements come from; null where there are none
   * @param stride the bytes from one index to the next
   */
  private record GatherPlan(
      ElementIndexing indexing,
      ElementIndexing.@Nullable Operand from,
      long stride,
      int width,
      Workers workers,
      int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long src = inputs[0].address();
      long indices = inputs[1].address();
      long dst = outputs[0].address();
      ElementIndexing.Operand operand = from;
      if (operand == null) {
        return;
      }
      indexing.reader().check(indices, indexing.size()); // Nothing is written if one is wrong.
      workers.parallel(
          threads,
          indexing.size(),
          GRAIN,
          (start, end) -> {
            long next = start;
            while (next < end) {
              long first = next % indexing.columns();
              long count = Math.min(indexing.columns() - first, end - next);
              long row = src + operand.row(next / indexing.columns()) + first * operand.column();
              row(row, operand.column(), indices, next, dst + next * width, count);
              next += count;
            }
          });
    }

    private void row(long src, long column, long indices, long first, long dst, long count) {
      IndexReader reader = indexing.reader();
      switch (width) {
        case 1 -> {
          for (long i = 0; i < count; i++) {
            long at = src + i * column + reader.get(indices, first + i) * stride;
            ALL.set(BYTE, dst + i, ALL.get(BYTE, at));
          }
        }
        case 2 -> {
          for (long i = 0; i < count; i++) {
            long at = src + i * column + reader.get(indices, first + i) * stride;
            ALL.set(SHORT, dst + i * 2, ALL.get(SHORT, at));
          }
        }
        case 4 -> {
          for (long i = 0; i < count; i++) {
            long at = src + i * column + reader.get(indices, first + i) * stride;
            ALL.set(INT, dst + i * 4, ALL.get(INT, at));
          }
        }
        default -> {
          for (long i = 0; i < count; i++) {
            long at = src + i * column + reader.get(indices, first + i) * stride;
            ALL.set(LONG, dst + i * 8, ALL.get(LONG, at));
          }
        }
      }
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }
}
