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

  /** What becomes of elements: each is multiplied and shifted, one way or the other. */
  private record Fates(
      long threshold, double kept, double keptShift, double dropped, double droppedShift) {
    static Fates of(Dropout op) {
      double kept = op.p() == 1 ? 0 : 1 / (1 - op.p());
      return new Fates((long) Math.rint(op.p() * 0x1p32), kept, 0, 0, 0);
    }

    static Fates of(AlphaDropout op) {
      double p = op.p();
      if (p == 1) {
        return new Fates(1L << Integer.SIZE, 0, 0, 0, 0);
      }
      double scale = 1 / Math.sqrt((1 - p) * (1 + p * LIMIT * LIMIT));
      long threshold = (long) Math.rint(p * 0x1p32);
      return new Fates(threshold, scale, scale * LIMIT * p, 0, -scale * LIMIT * (1 - p));
    }

    boolean isDropped(int word) {
      return Integer.toUnsignedLong(word) < threshold;
    }
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    DType dtype = request.output(0).dtype();
    if ((dtype != DType.F32 && dtype != DType.F64) || !request.isContiguous()) {
      return null;
    }
    return switch (request.op()) {
      case Dropout op -> plan(request, Fates.of(op), op.shared());
      case AlphaDropout op -> plan(request, Fates.of(op), op.shared());
      default -> null;
    };
  }

  private static Plan plan(PlanRequest request, Fates fates, int shared) {
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
      Fates fates,
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

    /** By way of an array, so that the compiler makes vector code of the loop. */
    private void floats(
        MemorySegment src, MemorySegment dst, long first, int count, int[] words, float[] x) {
      float kept = (float) fates.kept;
      float keptShift = (float) fates.keptShift;
      float droppedShift = (float) fates.droppedShift;
      float dropped = (float) fates.dropped;
      MemorySegment.copy(src, Elements.FLOAT, first * Float.BYTES, x, 0, count);
      for (int i = 0; i < count; i++) {
        boolean drop = fates.isDropped(words[i]);
        x[i] = x[i] * (drop ? dropped : kept) + (drop ? droppedShift : keptShift);
      }
      MemorySegment.copy(x, 0, dst, Elements.FLOAT, first * Float.BYTES, count);
    }

    private void doubles(MemorySegment src, MemorySegment dst, long first, int count, int[] words) {
      for (int i = 0; i < count; i++) {
        long at = (first + i) * Double.BYTES;
        dst.set(Elements.DOUBLE, at, fate(src.get(Elements.DOUBLE, at), words[i]));
      }
    }

    private double fate(double x, int word) {
      return fates.isDropped(word)
          ? x * fates.dropped + fates.droppedShift
          : x * fates.kept + fates.keptShift;
    }

    private void run(MemorySegment src, MemorySegment dst, long draw, int word) {
      for (long i = draw * run; i < (draw + 1) * run; i++) {
        if (single) {
          float x = src.get(Elements.FLOAT, i * Float.BYTES);
          dst.set(Elements.FLOAT, i * Float.BYTES, (float) fate(x, word));
        } else {
          double x = src.get(Elements.DOUBLE, i * Double.BYTES);
          dst.set(Elements.DOUBLE, i * Double.BYTES, fate(x, word));
        }
      }
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }
}
