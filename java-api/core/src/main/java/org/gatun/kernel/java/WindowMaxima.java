package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;

/**
 * The largest elements of windows one by one, and their positions in the channel where these are
 * asked for: numbers of any dtype, and windows that reach far over the input.
 */
final class WindowMaxima implements Plan {
  /** Elements read that are worth a thread. */
  private static final long GRAIN = 4096;

  /** What NaN is ordered as: above all numbers. */
  private static final long NAN = Long.MAX_VALUE;

  private final PoolingProblem problem;
  private final DType dtype;
  private final Workers workers;
  private final int threads;
  private final int bytes;
  private final boolean channelsLast;

  WindowMaxima(PlanRequest request, PoolingProblem problem, boolean channelsLast) {
    this.problem = problem;
    this.dtype = request.input(0).dtype();
    this.workers = request.context().workers();
    this.threads = request.threads();
    this.bytes = dtype.byteSize();
    this.channelsLast = channelsLast;
  }

  /** Returns whether elements of a dtype can be compared here. */
  static boolean takes(DType dtype) {
    return dtype == DType.F32 || dtype == DType.F64 || dtype.isInteger();
  }

  @Override
  public String implementation() {
    return "java:scalar";
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    workers.parallel(
        threads,
        problem.batch() * problem.channels(),
        Math.max(1, GRAIN / problem.inputPositions()),
        (from, to) -> {
          for (long plane = from; plane < to; plane++) {
            pool(plane, inputs[0], outputs);
          }
        });
  }

  private void pool(long plane, MemorySegment src, MemorySegment[] outputs) {
    long step = channelsLast ? problem.channels() : 1;
    long start = problem.plane(plane, problem.inputPositions(), channelsLast);
    long to = problem.plane(plane, problem.outputPositions(), channelsLast);
    long address = src.address() + start * bytes;
    for (int d = 0; d < problem.depth().output(); d++) {
      for (int h = 0; h < problem.height().output(); h++) {
        for (int w = 0; w < problem.width().output(); w++, to += step) {
          long index = largest(address, step * bytes, d, h, w);
          if (index < 0) {
            setLowest(outputs[0], to * bytes);
          } else {
            copy(src, (start + index * step) * bytes, outputs[0], to * bytes);
          }
          if (outputs.length > 1) {
            outputs[1].set(Elements.LONG, to * Long.BYTES, index);
          }
        }
      }
    }
  }

  /** Returns where the largest element of a window is, -1 if the window is all padding. */
  private long largest(long plane, long step, int d, int h, int w) {
    WindowAxis depth = problem.depth();
    WindowAxis height = problem.height();
    WindowAxis width = problem.width();
    int across = width.count()[w];
    long between = width.step() * step;
    Best best = new Best();
    for (int i = 0; i < depth.count()[d]; i++) {
      for (int j = 0; j < height.count()[h]; j++) {
        long row = (depth.first()[d] + (long) i * depth.step()) * height.input();
        row += height.first()[h] + (long) j * height.step();
        long index = row * width.input() + width.first()[w];
        search(plane + index * step, between, across, index, width.step(), best);
      }
    }
    return best.index;
  }

  /** The largest element so far. */
  private static final class Best {
    long value = Long.MIN_VALUE;
    long index = -1;
  }

  /** Looks for a larger one among elements at equal distances. */
  private void search(long at, long between, int count, long index, int step, Best best) {
    boolean floating = dtype.isFloating();
    for (int k = 0; k < count; k++) {
      long value = order(at + k * between);
      // Of several NaN PyTorch takes the last.
      if (best.index < 0 || value > best.value || (floating && value == NAN)) {
        best.value = value;
        best.index = index + (long) k * step;
      }
    }
  }

  /** Returns an integer that is larger for a larger element, and equal for an equal one. */
  private long order(long at) {
    return switch (dtype) {
      case F32 -> order(Elements.ALL.get(Elements.FLOAT, at));
      case F64 -> order(Elements.ALL.get(Elements.DOUBLE, at));
      case I8 -> Elements.ALL.get(Elements.BYTE, at);
      case U8 -> Byte.toUnsignedLong(Elements.ALL.get(Elements.BYTE, at));
      case I16 -> Elements.ALL.get(Elements.SHORT, at);
      case I32 -> Elements.ALL.get(Elements.INT, at);
      case I64 -> Elements.ALL.get(Elements.LONG, at);
      case F16, BF16, BOOL -> throw new AssertionError("no maxima of " + dtype);
    };
  }

  private static long order(float value) {
    if (Float.isNaN(value)) {
      return NAN;
    }
    int bits = Float.floatToRawIntBits(value + 0f); // -0 becomes 0, which it equals.
    return bits ^ (bits >> 31 >>> 1);
  }

  private static long order(double value) {
    if (Double.isNaN(value)) {
      return NAN;
    }
    long bits = Double.doubleToRawLongBits(value + 0.0);
    return bits ^ (bits >> 63 >>> 1);
  }

  private void copy(MemorySegment src, long from, MemorySegment dst, long to) {
    switch (bytes) {
      case Byte.BYTES -> dst.set(Elements.BYTE, to, src.get(Elements.BYTE, from));
      case Short.BYTES -> dst.set(Elements.SHORT, to, src.get(Elements.SHORT, from));
      case Integer.BYTES -> dst.set(Elements.INT, to, src.get(Elements.INT, from));
      default -> dst.set(Elements.LONG, to, src.get(Elements.LONG, from));
    }
  }

  private void setLowest(MemorySegment dst, long at) {
    switch (dtype) {
      case F32 -> dst.set(Elements.FLOAT, at, Float.NEGATIVE_INFINITY);
      case F64 -> dst.set(Elements.DOUBLE, at, Double.NEGATIVE_INFINITY);
      case I8 -> dst.set(Elements.BYTE, at, Byte.MIN_VALUE);
      case U8 -> dst.set(Elements.BYTE, at, (byte) 0);
      case I16 -> dst.set(Elements.SHORT, at, Short.MIN_VALUE);
      case I32 -> dst.set(Elements.INT, at, Integer.MIN_VALUE);
      case I64 -> dst.set(Elements.LONG, at, Long.MIN_VALUE);
      case F16, BF16, BOOL -> throw new AssertionError("no maxima of " + dtype);
    }
  }
}
