package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;

/** Elements that are made of random words, one word or two for each. */
final class DrawPlan implements Plan {
  private static final long GRAIN = 4 * 1024;

  /** Elements made at a time. */
  private static final int CHUNK = 512;

  /** What is made of random bits. */
  sealed interface Draw {}

  /** A real number. */
  @FunctionalInterface
  non-sealed interface Numbers extends Draw {
    /** Returns the number for 64 bits, or for 32 as a number without a sign. */
    double of(long bits);
  }

  /**
   * A whole number.
   *
   * @param low the least
   * @param range how many there are, without a sign
   */
  record Integers(long low, long range) implements Draw {
    long of(long bits) {
      return low + Math.unsignedMultiplyHigh(bits, range);
    }
  }

  private final Draw draw;
  private final boolean wide;
  private final DType dtype;
  private final long size;
  private final RandomLoops loops;
  private final Workers workers;
  private final int threads;

  /**
   * Makes the plan.
   *
   * @param wide whether 64 bits are drawn for an element, else 32
   */
  DrawPlan(PlanRequest request, boolean wide, Draw draw) {
    this.draw = draw;
    this.wide = wide;
    this.dtype = request.output(0).dtype();
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
    long seed = inputs[0].get(Elements.LONG, 0);
    long offset = inputs[0].get(Elements.LONG, Long.BYTES);
    workers.parallel(threads, size, GRAIN, (from, to) -> run(outputs[0], seed, offset, from, to));
  }

  private void run(MemorySegment dst, long seed, long offset, long from, long to) {
    int wordsEach = wide ? 2 : 1;
    int[] words = new int[(int) Math.min(CHUNK, Math.ceilDiv(to - from, 4) * 4) * wordsEach];
    int chunk = words.length / wordsEach;
    for (long first = from; first < to; first += chunk) {
      int count = (int) Math.min(chunk, to - first);
      loops.words(seed, offset, first * wordsEach / 4, Math.ceilDiv(count * wordsEach, 4), words);
      switch (draw) {
        case Numbers numbers -> {
          for (int i = 0; i < count; i++) {
            set(dst, first + i, numbers.of(bits(words, i)));
          }
        }
        case Integers integers -> {
          for (int i = 0; i < count; i++) {
            set(dst, first + i, integers.of(bits(words, i)));
          }
        }
      }
    }
  }

  private long bits(int[] words, int i) {
    return wide
        ? (words[2 * i] & Philox.WORD) | ((long) words[2 * i + 1] << Integer.SIZE)
        : words[i] & Philox.WORD;
  }

  private void set(MemorySegment dst, long i, double value) {
    switch (dtype) {
      case F32 -> dst.set(Elements.FLOAT, i * Float.BYTES, (float) value);
      case F64 -> dst.set(Elements.DOUBLE, i * Double.BYTES, value);
      case F16 -> dst.set(Elements.SHORT, i * Short.BYTES, Float.floatToFloat16((float) value));
      case BF16 -> dst.set(Elements.SHORT, i * Short.BYTES, toBf16((float) value));
      case I8, U8, I16, I32, I64, BOOL -> throw new AssertionError("no real numbers in " + dtype);
    }
  }

  /** Rounds a number, which is not NaN, to nearest, ties to even. */
  private static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7FFF + ((bits >>> Short.SIZE) & 1)) >>> Short.SIZE);
  }

  private void set(MemorySegment dst, long i, long value) {
    switch (dtype) {
      case I8, U8, BOOL -> dst.set(Elements.BYTE, i, (byte) value);
      case I16 -> dst.set(Elements.SHORT, i * Short.BYTES, (short) value);
      case I32 -> dst.set(Elements.INT, i * Integer.BYTES, (int) value);
      case I64 -> dst.set(Elements.LONG, i * Long.BYTES, value);
      case F32, F64, F16, BF16 -> set(dst, i, (double) value);
    }
  }
}
