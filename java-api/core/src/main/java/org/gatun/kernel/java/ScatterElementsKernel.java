package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Combination;
import org.gatun.op.ScatterElements;
import org.jspecify.annotations.Nullable;

/**
 * {@link ScatterElements}: replaces elements of any dtype, combines those of all but half
 * precision. The indices and the result are dense.
 *
 * <p>A thread has elements of the result of its own, in rows where the indices count along these,
 * else in columns, so that the result does not depend on the number of threads.
 */
public final class ScatterElementsKernel implements Kernel {
  private static final long GRAIN = 16 * 1024;

  /** Makes the kernel. */
  public ScatterElementsKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op()
        instanceof ScatterElements(String name, int axis, boolean fromEnd, Combination how))) {
      return null;
    }
    Layout indices = request.input(2);
    Layout output = request.output(0);
    Update update = Update.of(output.dtype(), how);
    if (update == null || !indices.isContiguous() || !output.isContiguous()) {
      return null;
    }
    StridedCopy copy = StridedCopy.of(request, request.input(0), output);
    ElementIndexing indexing = ElementIndexing.of(name, axis, fromEnd, output, indices);
    Scattering scattering = null;
    if (indexing.size() > 0) {
      int picked = indexing.reader().axis();
      scattering =
          new Scattering(
              update,
              indexing,
              ElementIndexing.Operand.of(request.input(1), indices, -1),
              ElementIndexing.Operand.of(output, indices, picked),
              output.rank() == 0 ? 0 : output.stride(picked) * output.dtype().byteSize());
    }
    return new ScatterPlan(copy, scattering, request.context().workers(), request.threads());
  }

  /**
   * What is done after the copy.
   *
   * @param stride the bytes from one index to the next
   */
  private record Scattering(
      Update update,
      ElementIndexing indexing,
      ElementIndexing.Operand from,
      ElementIndexing.Operand to,
      long stride) {
    void run(long src, long indices, long dst, long firstRow, long lastRow, long first, long last) {
      IndexReader reader = indexing.reader();
      for (long row = firstRow; row < lastRow; row++) {
        long in = src + from.row(row);
        long out = dst + to.row(row);
        long start = row * indexing.columns();
        for (long i = first; i < last; i++) {
          long at = out + i * to.column() + reader.get(indices, start + i) * stride;
          update.run(at, 0, in + i * from.column(), 0, 1);
        }
      }
    }
  }

  private record ScatterPlan(
      StridedCopy copy, @Nullable Scattering scattering, Workers workers, int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long src = inputs[1].address();
      long indices = inputs[2].address();
      long dst = outputs[0].address();
      Scattering todo = scattering;
      if (todo == null) {
        copy.run(inputs[0].address(), dst);
        return;
      }
      ElementIndexing indexing = todo.indexing;
      indexing.reader().check(indices, indexing.size()); // Nothing is written if one is wrong.
      copy.run(inputs[0].address(), dst);
      long rows = indexing.rows();
      long columns = indexing.columns();
      if (indexing.alongRow()) {
        workers.parallel(
            threads,
            rows,
            Math.max(1, GRAIN / columns),
            (from, to) -> todo.run(src, indices, dst, from, to, 0, columns));
      } else {
        workers.parallel(
            threads,
            columns,
            Math.max(16, GRAIN / rows),
            (from, to) -> todo.run(src, indices, dst, 0, rows, from, to));
      }
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }
}
