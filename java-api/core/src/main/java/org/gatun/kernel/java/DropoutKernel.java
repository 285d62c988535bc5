package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.AlphaDropout;
import org.gatun.op.Dropout;
import org.jspecify.annotations.Nullable;

/**
 * {@link Dropout} and {@link AlphaDropout} of f32 and f64, of row-major operands: the numbers go by
 * the row-major index.
 */
public final class DropoutKernel implements Kernel {
  private static final long GRAIN = 8 * 1024;

  /** Words made at a time; they stay in the first-level cache with the elements. */
  private static final int CHUNK = 1024;

  /** The limit of SELU for small numbers, with its sign turned. */
  private static final double LIMIT = 1.7580993408473766;

  /** Makes the kernel. */
  public DropoutKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  private static RandomLoops.Fates fates(Dropout op) {
    double kept = op.p() == 1 ? 0 : 1 / (1 - op.p());
    return RandomLoops.Fates.of(
        op.p(), 0, RandomLoops.Fates.UNSHIFTED, kept, RandomLoops.Fates.UNSHIFTED);
  }

  private static RandomLoops.Fates fates(AlphaDropout op) {
    double p = op.p();
    if (p == 1) {
      return RandomLoops.Fates.of(
          p, 0, RandomLoops.Fates.UNSHIFTED, 0, RandomLoops.Fates.UNSHIFTED);
    }
    double scale = 1 / Math.sqrt((1 - p) * (1 + p * LIMIT * LIMIT));
    return RandomLoops.Fates.of(p, 0, -scale * LIMIT * (1 - p), scale, scale * LIMIT * p);
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    DType dtype = request.output(0).dtype();
    if ((dtype != DType.F32 && dtype != DType.F64) || !request.isContiguous()) {
      return null;
    }
    return switch (request.op()) {
      case Dropout op -> plan(request, fates(op), op.shared());
      case AlphaDropout op -> plan(request, fates(op), op.shared());
      default -> null;
    };
  }

  private static Plan plan(PlanRequest request, RandomLoops.Fates fates, int shared) {
    Layout y = request.output(0);
    long run = Arrays.stream(y.shape().dims()).skip(y.rank() - shared).reduce(1, (a, b) -> a * b);
    return new DropoutPlan(
        y.dtype() == DType.F32,
        run == 0 ? 0 : y.size() / run,
        run,
        fates,
        RandomLoops.of(request.context()),
        request.context().workers(),
        request.threads());
  }

  /**
   * A dropout.
   *
   * @param draws the number of words
   * @param run the elements that share one
   */
  private record DropoutPlan(
      boolean single,
      long draws,
      long run,
      RandomLoops.Fates fates,
      RandomLoops loops,
      Workers workers,
      int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long seed = inputs[1].get(Elements.LONG, 0);
      long offset = inputs[1].get(Elements.LONG, Long.BYTES);
      // Ranges start at multiples of four words, those of a counter.
      long grain = run == 1 ? GRAIN : Math.ceilDiv(Math.max(1, GRAIN / Math.max(1, run)), 4) * 4;
      workers.parallel(
          threads, draws, grain, (from, to) -> draw(inputs[0], outputs[0], seed, offset, from, to));
    }

    private void draw(
        MemorySegment src, MemorySegment dst, long seed, long offset, long from, long to) {
      int[] words = new int[(int) Math.min(CHUNK, Math.ceilDiv(to - from, 4) * 4)];
      float[] floats = new float[single && run == 1 ? words.length : 0];
      for (long first = from; first < to; first += words.length) {
        int count = (int) Math.min(words.length, to - first);
        loops.words(seed, offset, first / 4, Math.ceilDiv(count, 4), words);
        if (run > 1) {
          for (int i = 0; i < count; i++) {
            run(src, dst, first + i, words[i]);
          }
        } else if (single) {
          floats(src, dst, first, count, words, floats);
        } else {
          doubles(src, dst, first, count, words);
        }
      }
    }

    private void floats(
        MemorySegment src, MemorySegment dst, long first, int count, int[] words, float[] x) {
      MemorySegment.copy(src, Elements.FLOAT, first * Float.BYTES, x, 0, count);
      loops.decide(x, words, count, fates);
      MemorySegment.copy(x, 0, dst, Elements.FLOAT, first * Float.BYTES, count);
    }

    private void doubles(MemorySegment src, MemorySegment dst, long first, int count, int[] words) {
      for (int i = 0; i < count; i++) {
        long at = (first + i) * Double.BYTES;
        dst.set(Elements.DOUBLE, at, fates.of(src.get(Elements.DOUBLE, at), words[i]));
      }
    }

    private void run(MemorySegment src, MemorySegment dst, long draw, int word) {
      for (long i = draw * run; i < (draw + 1) * run; i++) {
        if (single) {
          float x = src.get(Elements.FLOAT, i * Float.BYTES);
          dst.set(Elements.FLOAT, i * Float.BYTES, (float) fates.of(x, word));
        } else {
          double x = src.get(Elements.DOUBLE, i * Double.BYTES);
          dst.set(Elements.DOUBLE, i * Double.BYTES, fates.of(x, word));
        }
      }
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }
}
