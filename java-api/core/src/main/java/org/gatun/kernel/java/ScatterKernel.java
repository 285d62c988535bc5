package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Scatter;
import org.jspecify.annotations.Nullable;

/**
 * {@link Scatter}: replaces elements of any dtype, combines those of all but half precision. The
 * indices, the source and the result are dense.
 *
 * <p>A thread has elements of the result of its own and goes through all indices in their order, so
 * that the result does not depend on the number of threads.
 */
public final class ScatterKernel implements Kernel {
  private static final long GRAIN_BYTES = 64 * 1024;

  /** Makes the kernel. */
  public ScatterKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof Scatter scatter)) {
      return null;
    }
    Layout output = request.output(0);
    Update update = Update.of(output.dtype(), scatter.combination());
    if (update == null || !output.isContiguous()) {
      return null;
    }
    for (int i = 1; i < request.inputs().size(); i++) {
      if (!request.input(i).isContiguous()) {
        return null;
      }
    }
    List<Layout> indices = request.inputs().subList(2, request.inputs().size());
    long count = indices.getFirst().size();
    return new ScatterPlan(
        StridedCopy.of(request, request.input(0), output),
        update,
        IndexedParts.of(scatter.name(), output, scatter.axes(), indices, scatter.fromEnd()),
        request.input(1).size() == 0 ? 0 : count,
        count,
        request.context().workers(),
        request.threads());
  }

  /**
   * @param count the indices to go through, none where the parts have no elements
   * @param checked the indices to check
   */
  private record ScatterPlan(
      StridedCopy copy,
      Update update,
      IndexedParts parts,
      long count,
      long checked,
      Workers workers,
      int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long src = inputs[1].address();
      long dst = outputs[0].address();
      long[] indices = new long[inputs.length - 2];
      for (int i = 0; i < indices.length; i++) {
        indices[i] = inputs[i + 2].address();
      }
      parts.check(indices, checked); // Nothing is written if one is wrong.
      copy.run(inputs[0].address(), dst);
      if (count == 0) {
        return;
      }
      long before = parts.before().count();
      if (before > 1) {
        long grain = Math.max(1, GRAIN_BYTES / (count * parts.partBytes()));
        workers.parallel(
            threads,
            before,
            grain,
            (from, to) -> {
              for (long outer = from; outer < to; outer++) {
                outer(src, indices, dst, outer);
              }
            });
      } else if (parts.within().sizes().length == 0) {
        int width = parts.width();
        workers.parallel(
            threads,
            parts.chunk() / width,
            Math.max(1, GRAIN_BYTES / (count * width)),
            (from, to) -> columns(src, indices, dst, from * width, (to - from)));
      } else {
        outer(src, indices, dst, 0);
      }
    }

    /** All parts of one index of the dimensions before the axes. */
    private void outer(long src, long[] indices, long dst, long outer) {
      long bytes = parts.partBytes();
      long base = dst + parts.before().offset(outer);
      long in = src + outer * count * bytes;
      for (long i = 0; i < count; i++) {
        long _ = part(base + parts.offset(indices, i), in + i * bytes, 0);
      }
    }

    /** The same elements of each part that is a single chunk. */
    private void columns(long src, long[] indices, long dst, long offset, long elements) {
      int width = parts.width();
      for (long i = 0; i < count; i++) {
        long out = dst + parts.offset(indices, i) + offset;
        update.run(out, width, src + i * parts.chunk() + offset, width, elements);
      }
    }

    /**
     * Combines a part, or what one index of its outer dimensions leaves of it, and returns where
     * the next is in the source.
     */
    private long part(long out, long in, int level) {
      IndexedParts.Dims within = parts.within();
      int width = parts.width();
      if (level == within.sizes().length) {
        update.run(out, width, in, width, parts.chunk() / width);
        return in + parts.chunk();
      }
      long next = in;
      for (long i = 0; i < within.sizes()[level]; i++) {
        next = part(out + i * within.strides()[level], next, level + 1);
      }
      return next;
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }
}
