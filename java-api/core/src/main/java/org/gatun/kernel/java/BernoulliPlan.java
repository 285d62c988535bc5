package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;

/** Ones with probabilities that are read element by element. */
final class BernoulliPlan implements Plan {
  private static final long GRAIN = 8 * 1024;
  private static final int CHUNK = 1024;

  private final boolean single;
  private final long size;
  private final RandomLoops loops;
  private final Workers workers;
  private final int threads;

  BernoulliPlan(PlanRequest request) {
    this.single = request.output(0).dtype() == DType.F32;
    this.size = request.output(0).size();
    this.loops = RandomLoops.of(request.context());
    this.workers = request.context().workers();
    this.threads = request.threads();
  }

  @Override
  public String implementation() {
    return loops.implementation();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    MemorySegment src = inputs[0];
    long seed = inputs[1].get(Elements.LONG, 0);
    long offset = inputs[1].get(Elements.LONG, Long.BYTES);
    workers.parallel(
        threads,
        size,
        GRAIN,
        (from, to) -> {
          for (long i = from; i < to; i++) {
            long unused = threshold(src, i); // Nothing is written if one is wrong.
          }
        });
    workers.parallel(
        threads, size, GRAIN, (from, to) -> draw(src, outputs[0], seed, offset, from, to));
  }

  private void draw(
      MemorySegment src, MemorySegment dst, long seed, long offset, long from, long to) {
    int[] words = new int[(int) Math.min(CHUNK, Math.ceilDiv(to - from, 4) * 4)];
    for (long first = from; first < to; first += words.length) {
      int count = (int) Math.min(words.length, to - first);
      loops.words(seed, offset, first / 4, Math.ceilDiv(count, 4), words);
      for (int i = 0; i < count; i++) {
        long at = first + i;
        boolean one = Integer.toUnsignedLong(words[i]) < threshold(src, at);
        if (single) {
          dst.set(Elements.FLOAT, at * Float.BYTES, one ? 1 : 0);
        } else {
          dst.set(Elements.DOUBLE, at * Double.BYTES, one ? 1 : 0);
        }
      }
    }
  }

  private long threshold(MemorySegment src, long i) {
    double p =
        single
            ? src.get(Elements.FLOAT, i * Float.BYTES)
            : src.get(Elements.DOUBLE, i * Double.BYTES);
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException(
          "bernoulli: p " + p + " at position " + i + ", expected a number from 0 to 1");
    }
    return (long) Math.rint(p * 0x1p32);
  }
}
