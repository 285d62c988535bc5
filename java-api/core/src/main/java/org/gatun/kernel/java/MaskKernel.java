package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.MaskedSelect;
import org.gatun.op.NonZero;
import org.jspecify.annotations.Nullable;

/**
 * {@link MaskedSelect} of any dtype and {@link NonZero}, dense operands: each block of the mask is
 * counted, and then written to where the counts before it say.
 */
public final class MaskKernel implements Kernel {
  private static final long BLOCK = 16 * 1024;

  /** Eight true elements. */
  private static final long ONES = 0x0101010101010101L;

  /** Makes the kernel. */
  public MaskKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!request.isContiguous()) {
      return null;
    }
    Workers workers = request.context().workers();
    return switch (request.op()) {
      case MaskedSelect select ->
          new MaskPlan(
              select.name(),
              1,
              select.count(),
              request.input(1).size(),
              new Elementwise(request.input(0).dtype().byteSize()),
              workers,
              request.threads());
      case NonZero nonZero ->
          new MaskPlan(
              nonZero.name(),
              0,
              nonZero.count(),
              request.input(0).size(),
              new Positions(request.input(0).shape().dims()),
              workers,
              request.threads());
      default -> null;
    };
  }

  /** What is written for a true element of the mask. */
  private sealed interface Writer {
    /** Writes {@code count} results for those from {@code first} on. */
    void write(long mask, long first, long last, long x, long dst, long start, long count);
  }

  /** The element of x. Writes each one and goes on from there if it was wanted. */
  private record Elementwise(int width) implements Writer {
    @Override
    public void write(long mask, long first, long last, long x, long dst, long start, long count) {
      long next = start;
      long end = start + count;
      for (long i = first; i < last && next < end; i++) {
        switch (width) {
          case 1 -> ALL.set(BYTE, dst + next, ALL.get(BYTE, x + i));
          case 2 -> ALL.set(SHORT, dst + next * 2, ALL.get(SHORT, x + i * 2));
          case 4 -> ALL.set(INT, dst + next * 4, ALL.get(INT, x + i * 4));
          default -> ALL.set(LONG, dst + next * 8, ALL.get(LONG, x + i * 8));
        }
        next += ALL.get(BYTE, mask + i) & 1;
      }
    }
  }

  /** The index of the element: the same but for the last axis in a row of the mask. */
  private record Positions(long[] dims) implements Writer {
    @Override
    public void write(long mask, long first, long last, long x, long dst, long start, long count) {
      int rank = dims.length;
      if (rank == 0) {
        return; // An index of no numbers.
      }
      long columns = dims[rank - 1];
      long[] index = new long[rank];
      long next = start;
      long i = first;
      while (i < last && next < start + count) {
        long rest = i;
        for (int axis = rank - 1; axis >= 0; axis--) {
          index[axis] = rest % dims[axis];
          rest /= dims[axis];
        }
        long column = index[rank - 1];
        long end = Math.min(last, i + columns - column);
        next = row(mask + i, end - i, column, index, dst, next, start + count);
        i = end;
      }
    }

    /** Writes each index and goes on from there if it was wanted; skips eight at a time. */
    private static long row(
        long mask, long elements, long column, long[] index, long dst, long start, long end) {
      int rank = index.length;
      long next = start;
      for (long i = 0; i < elements && next < end; i++) {
        while (i + Long.BYTES <= elements && (ALL.get(LONG, mask + i) & ONES) == 0) {
          i += Long.BYTES;
        }
        if (i == elements) {
          break;
        }
        long at = dst + next * rank * Long.BYTES;
        for (int axis = 0; axis < rank - 1; axis++) {
          ALL.set(LONG, at + axis * (long) Long.BYTES, index[axis]);
        }
        ALL.set(LONG, at + (rank - 1) * (long) Long.BYTES, column + i);
        next += ALL.get(BYTE, mask + i) & 1;
      }
      return next;
    }
  }

  /**
   * @param mask which input is the mask
   * @param expected how many of its elements are true
   * @param size how many there are
   */
  private record MaskPlan(
      String name, int mask, long expected, long size, Writer writer, Workers workers, int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long from = inputs[mask].address();
      long x = inputs[0].address();
      long dst = outputs[0].address();
      int blocks = Math.toIntExact(Math.ceilDiv(size, BLOCK));
      long[] counts = new long[blocks];
      workers.parallel(
          threads,
          blocks,
          4,
          (first, last) -> {
            for (int i = (int) first; i < last; i++) {
              counts[i] = count(from + i * BLOCK, Math.min(BLOCK, size - i * BLOCK));
            }
          });
      long[] starts = new long[blocks];
      long total = 0;
      for (int i = 0; i < blocks; i++) {
        starts[i] = total;
        total += counts[i];
      }
      if (total != expected) {
        throw new IllegalArgumentException(
            name + ": " + total + " elements of the mask are true, expected " + expected);
      }
      workers.parallel(
          threads,
          blocks,
          1,
          (first, last) -> {
            for (int i = (int) first; i < last; i++) {
              long end = Math.min(size, (i + 1) * BLOCK);
              writer.write(from, i * BLOCK, end, x, dst, starts[i], counts[i]);
            }
          });
    }

    private static long count(long mask, long bytes) {
      long count = 0;
      long i = 0;
      for (; i + Long.BYTES <= bytes; i += Long.BYTES) {
        count += Long.bitCount(ALL.get(LONG, mask + i) & ONES);
      }
      for (; i < bytes; i++) {
        count += ALL.get(BYTE, mask + i) & 1;
      }
      return count;
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }
}
