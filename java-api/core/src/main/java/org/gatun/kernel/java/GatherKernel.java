package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Spares;
import org.gatun.kernel.Workers;
import org.gatun.op.Gather;
import org.jspecify.annotations.Nullable;

/**
 * {@link Gather} of any dtype: a copy of each part. The indices and the result are dense, the
 * tensor lies as it likes.
 */
public final class GatherKernel implements Kernel {
  private static final long GRAIN_BYTES = 128 * 1024;

  /** Parts that are worth a thread however small they are. */
  private static final long GRAIN_PARTS = 16 * 1024;

  /** Makes the kernel. */
  public GatherKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof Gather gather)) {
      return null;
    }
    for (int i = 1; i < request.inputs().size(); i++) {
      if (!request.input(i).isContiguous()) {
        return null;
      }
    }
    if (!request.output(0).isContiguous()) {
      return null;
    }
    List<Layout> indices = request.inputs().subList(1, request.inputs().size());
    IndexedParts parts =
        IndexedParts.of(gather.name(), request.input(0), gather.axes(), indices, gather.fromEnd());
    return new GatherPlan(
        MoveLoops.of(request.context()),
        parts,
        indices.getFirst().size(),
        request.output(0).size() == 0 ? 0 : parts.before().count(),
        request.context().workers(),
        request.threads(),
        new Spares<>(() -> new long[indices.size()]));
  }

  private record GatherPlan(
      MoveLoops loops,
      IndexedParts parts,
      long count,
      long before,
      Workers workers,
      int threads,
      Spares<long[]> spares)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long[] indices = indices(inputs);
      parts.check(indices, count); // Nothing is written if one is wrong.
      spares.giveBack(indices);
      long grain = Math.max(1, Math.min(GRAIN_PARTS, GRAIN_BYTES / Math.max(1, parts.partBytes())));
      workers.parallel(threads, before * count, grain, this, inputs, outputs, GatherPlan::run);
    }

    private long[] indices(MemorySegment[] inputs) {
      long[] indices = spares.take();
      for (int i = 0; i < indices.length; i++) {
        indices[i] = inputs[i + 1].address();
      }
      return indices;
    }

    private void run(MemorySegment[] inputs, MemorySegment[] outputs, long from, long to) {
      long src = inputs[0].address();
      long dst = outputs[0].address();
      long[] indices = indices(inputs);
      long bytes = parts.partBytes();
      long next = from;
      while (next < to) {
        long outer = next / count;
        long base = src + parts.before().offset(outer);
        long first = next % count;
        long last = Math.min(count, first + to - next);
        long out = dst + next * bytes;
        if (indices.length == 1 && bytes == parts.width() && bytes >= Integer.BYTES) {
          elements(base, indices[0], first, last, out);
        } else {
          for (long i = first; i < last; i++) {
            part(base + parts.offset(indices, i), out + (i - first) * bytes, 0);
          }
        }
        next += last - first;
      }
      spares.giveBack(indices);
    }

    /** The commonest parts of one element. */
    private void elements(long base, long indices, long first, long last, long out) {
      IndexReader reader = parts.readers()[0];
      long stride = parts.indexed()[0];
      if (parts.width() == Integer.BYTES) {
        for (long i = first; i < last; i++) {
          long at = base + reader.get(indices, i) * stride;
          ALL.set(INT, out + (i - first) * Integer.BYTES, ALL.get(INT, at));
        }
      } else {
        for (long i = first; i < last; i++) {
          long at = base + reader.get(indices, i) * stride;
          ALL.set(LONG, out + (i - first) * Long.BYTES, ALL.get(LONG, at));
        }
      }
    }

    /**
     * Copies a part, or what one index of its outer dimensions leaves of it, and returns where the
     * next goes.
     */
    private long part(long in, long out, int level) {
      IndexedParts.Dims within = parts.within();
      int depth = within.sizes().length;
      if (level == depth) {
        loops.rows(in, 0, out, 0, 1, parts.chunk());
        return out + parts.chunk();
      }
      long size = within.sizes()[level];
      long stride = within.strides()[level];
      if (level == depth - 1) {
        if (parts.chunk() == parts.width()) {
          loops.block(parts.width(), in, 0, stride, out, 0, parts.width(), 1, size);
        } else {
          loops.rows(in, stride, out, parts.chunk(), size, parts.chunk());
        }
        return out + size * parts.chunk();
      }
      long next = out;
      for (long i = 0; i < size; i++) {
        next = part(in + i * stride, next, level + 1);
      }
      return next;
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }
}
