package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.Layout;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.MaxUnpool;
import org.jspecify.annotations.Nullable;

/** {@link MaxUnpool}, a channel at a time: elements are moved as they are, whatever their dtype. */
final class MaxUnpooling implements Plan {
  /** Elements that are worth a thread. */
  private static final long GRAIN = 16 * 1024;

  private final String name;
  private final Workers workers;
  private final int threads;
  private final int bytes;
  private final long planes;
  private final long channels;
  private final long from;
  private final long to;
  private final boolean channelsLast;

  private MaxUnpooling(PlanRequest request, MaxUnpool op, boolean channelsLast) {
    Layout x = request.input(0);
    int dims = op.outputSize().size();
    this.name = op.name();
    this.workers = request.context().workers();
    this.threads = request.threads();
    this.bytes = x.dtype().byteSize();
    this.channels = x.dim(-dims - 1);
    this.planes = x.rank() == dims + 2 ? x.dim(0) * channels : channels;
    this.from = positions(x, dims);
    this.to = positions(request.output(0), dims);
    this.channelsLast = channelsLast;
  }

  private static long positions(Layout layout, int dims) {
    return Arrays.stream(layout.shape().dims())
        .skip(layout.rank() - dims)
        .reduce(1, (a, b) -> a * b);
  }

  /** Returns a plan, or null where the operands do not all lie in the same order without gaps. */
  static @Nullable Plan plan(PlanRequest request, MaxUnpool op) {
    if (request.isContiguous()) {
      return new MaxUnpooling(request, op, false);
    }
    boolean channelsLast =
        request.input(0).rank() == op.outputSize().size() + 2
            && request.inputs().stream().allMatch(Layout::isChannelsLast)
            && request.output(0).isChannelsLast();
    return channelsLast ? new MaxUnpooling(request, op, true) : null;
  }

  @Override
  public String implementation() {
    return "java:scalar";
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    long grain = Math.max(1, GRAIN / Math.max(from, to));
    MemorySegment indices = inputs[1];
    workers.parallel(
        threads,
        planes * from,
        GRAIN,
        (first, end) -> {
          for (long i = first; i < end; i++) {
            long unused = index(indices, i); // Nothing is written if one is wrong.
          }
        });
    workers.parallel(
        threads,
        channelsLast ? planes / channels : planes,
        channelsLast ? Math.max(1, grain / channels) : grain,
        (first, end) -> {
          for (long i = first; i < end; i++) {
            if (channelsLast) {
              image(inputs[0], indices, outputs[0], i);
            } else {
              plane(inputs[0], indices, outputs[0], i);
            }
          }
        });
  }

  private void plane(MemorySegment src, MemorySegment indices, MemorySegment dst, long plane) {
    dst.asSlice(plane * to * bytes, to * bytes).fill((byte) 0);
    for (long i = plane * from; i < (plane + 1) * from; i++) {
      move(src, i, dst, plane * to + index(indices, i));
    }
  }

  private void image(MemorySegment src, MemorySegment indices, MemorySegment dst, long image) {
    long size = to * channels;
    dst.asSlice(image * size * bytes, size * bytes).fill((byte) 0);
    long i = image * from * channels;
    for (long position = 0; position < from; position++) {
      for (long channel = 0; channel < channels; channel++, i++) {
        move(src, i, dst, image * size + index(indices, i) * channels + channel);
      }
    }
  }

  private void move(MemorySegment src, long i, MemorySegment dst, long j) {
    switch (bytes) {
      case Short.BYTES -> dst.set(Elements.SHORT, j * bytes, src.get(Elements.SHORT, i * bytes));
      case Integer.BYTES -> dst.set(Elements.INT, j * bytes, src.get(Elements.INT, i * bytes));
      default -> dst.set(Elements.LONG, j * bytes, src.get(Elements.LONG, i * bytes));
    }
  }

  private long index(MemorySegment indices, long i) {
    long index = indices.get(Elements.LONG, i * Long.BYTES);
    if (index < 0 || index >= to) {
      throw new IllegalArgumentException(
          name
              + ": index "
              + index
              + ", expected 0 or more and less than "
              + to
              + ", the positions of a channel of the result");
    }
    return index;
  }
}
