package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Dropout;
import org.jspecify.annotations.Nullable;

/** {@link Dropout} of f32 and f64, of row-major operands: the numbers go by the row-major index. */
public final class DropoutKernel implements Kernel {
  private static final long GRAIN = 8 * 1024;

  /** Makes the kernel. */
  public DropoutKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    DType dtype = request.output(0).dtype();
    if (!(request.op() instanceof Dropout(double p))
        || (dtype != DType.F32 && dtype != DType.F64)
        || !request.isContiguous()) {
      return null;
    }
    return new DropoutPlan(
        dtype,
        request.output(0).size(),
        (long) Math.rint(p * 0x1p32),
        p == 1 ? 0 : 1 / (1 - p),
        request.context().workers(),
        request.threads());
  }

  private record DropoutPlan(
      DType dtype, long size, long threshold, double scale, Workers workers, int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long seed = inputs[1].get(Elements.LONG, 0);
      long offset = inputs[1].get(Elements.LONG, Long.BYTES);
      workers.parallel(
          threads,
          size,
          GRAIN,
          (from, to) -> {
            if (dtype == DType.F32) {
              floats(inputs[0], outputs[0], seed, offset, from, to);
            } else {
              doubles(inputs[0], outputs[0], seed, offset, from, to);
            }
          });
    }

    private void floats(
        MemorySegment src, MemorySegment dst, long seed, long offset, long from, long to) {
      int[] words = new int[4];
      float kept = (float) scale;
      for (long i = from; i < to; i += words.length) {
        Philox.words(seed, i / words.length, offset, words);
        long end = Math.min(to, i + words.length);
        for (long j = i; j < end; j++) {
          float factor = isDropped(words[(int) (j - i)]) ? 0f : kept;
          dst.set(
              Elements.FLOAT, j * Float.BYTES, src.get(Elements.FLOAT, j * Float.BYTES) * factor);
        }
      }
    }

    private void doubles(
        MemorySegment src, MemorySegment dst, long seed, long offset, long from, long to) {
      int[] words = new int[4];
      for (long i = from; i < to; i += words.length) {
        Philox.words(seed, i / words.length, offset, words);
        long end = Math.min(to, i + words.length);
        for (long j = i; j < end; j++) {
          double factor = isDropped(words[(int) (j - i)]) ? 0 : scale;
          dst.set(
              Elements.DOUBLE,
              j * Double.BYTES,
              src.get(Elements.DOUBLE, j * Double.BYTES) * factor);
        }
      }
    }

    private boolean isDropped(int word) {
      return Integer.toUnsignedLong(word) < threshold;
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }
}
