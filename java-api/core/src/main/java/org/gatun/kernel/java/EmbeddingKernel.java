package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Embedding;
import org.jspecify.annotations.Nullable;

/**
 * {@link Embedding} of any dtype: a copy of each row. The indices and the result are dense, the
 * rows of the table may be apart.
 */
public final class EmbeddingKernel implements Kernel {
  private static final long GRAIN_BYTES = 128 * 1024;

  /** Makes the kernel. */
  public EmbeddingKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof Embedding)) {
      return null;
    }
    Layout table = request.input(0);
    Layout indices = request.input(1);
    boolean sideBySide = table.dim(1) <= 1 || table.stride(1) == 1;
    if (!sideBySide || !indices.isContiguous() || !request.output(0).isContiguous()) {
      return null;
    }
    return new EmbeddingPlan(
        MoveLoops.of(request.context()),
        indices.dtype(),
        indices.size(),
        table.dim(0),
        table.stride(0) * table.dtype().byteSize(),
        table.dim(1) * table.dtype().byteSize(),
        request.context().workers(),
        request.threads());
  }

  private record EmbeddingPlan(
      MoveLoops loops,
      DType indexType,
      long count,
      long rows,
      long rowStride,
      long rowBytes,
      Workers workers,
      int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      for (long i = 0; i < count; i++) {
        long _ = row(inputs[1], i); // Nothing is written if one is wrong.
      }
      if (rowBytes > 0) {
        long grain = Math.max(1, GRAIN_BYTES / rowBytes);
        workers.parallel(threads, count, grain, this, inputs, outputs, EmbeddingPlan::run);
      }
    }

    private void run(MemorySegment[] inputs, MemorySegment[] outputs, long from, long to) {
      long table = inputs[0].address();
      long dst = outputs[0].address();
      for (long i = from; i < to; i++) {
        // Checked again: another thread may write to the indices meanwhile.
        long row = row(inputs[1], i);
        loops.rows(table + row * rowStride, 0, dst + i * rowBytes, 0, 1, rowBytes);
      }
    }

    private long row(MemorySegment indices, long i) {
      long index =
          indexType == DType.I32
              ? indices.get(Elements.INT, i * Integer.BYTES)
              : indices.get(Elements.LONG, i * Long.BYTES);
      if (index < 0 || index >= rows) {
        throw new IllegalArgumentException(
            "embedding: index "
                + index
                + " at position "
                + i
                + ", expected 0 or more and less than "
                + rows
                + ", the rows of the table");
      }
      return index;
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }
}
