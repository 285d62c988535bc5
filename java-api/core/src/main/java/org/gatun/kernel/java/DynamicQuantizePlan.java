package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.DType;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Spares;
import org.gatun.kernel.Workers;
import org.jspecify.annotations.Nullable;

/** {@link org.gatun.op.DynamicQuantize} of f32 and f64: the range first, then the integers. */
final class DynamicQuantizePlan implements Plan {
  /**
   * Elements that are worth a thread: about 2 us of the first pass, of which starting one takes 1.
   */
  private static final long GRAIN = 32 * 1024;

  private static final int MOST = 255;

  private final PlanRequest request;
  private final boolean single;
  private final @Nullable QuantizationLoops loops;
  private final Spares<Execution> spares = new Spares<>(Execution::new);
  private final Spares<float[]> ranges = new Spares<>(() -> new float[2]);

  DynamicQuantizePlan(PlanRequest request) {
    this.request = request;
    this.single = request.input(0).dtype() == DType.F32;
    this.loops = single ? QuantizationLoops.of(request.context()) : null;
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    Execution execution = spares.take();
    execution.low = 0;
    execution.high = 0;
    each(execution, inputs, outputs, Execution::range);
    long scaleAt = outputs[1].address();
    if (single) {
      float scale = ((float) execution.high - (float) execution.low) / MOST;
      float divisor = scale == 0 ? 1 : scale;
      execution.scale = divisor;
      execution.zero = Rounding.round(0 - (float) execution.low / divisor, 0, 0, MOST);
      ALL.set(FLOAT, scaleAt, divisor);
    } else {
      double scale = (execution.high - execution.low) / MOST;
      double divisor = scale == 0 ? 1 : scale;
      execution.scale = divisor;
      execution.zero = Rounding.round(0 - execution.low / divisor, 0, 0, MOST);
      ALL.set(DOUBLE, scaleAt, divisor);
    }
    ALL.set(BYTE, outputs[2].address(), (byte) execution.zero);
    each(execution, inputs, outputs, Execution::quantize);
    spares.giveBack(execution);
  }

  private void each(
      Execution execution,
      MemorySegment[] inputs,
      MemorySegment[] outputs,
      Workers.PlanPart<Execution> part) {
    request
        .context()
        .workers()
        .parallel(
            request.threads(), request.input(0).size(), GRAIN, execution, inputs, outputs, part);
  }

  /** What the parts of an execution find, and go by. */
  private final class Execution {
    /** The least and the largest number so far, and 0; NaN where there was one. */
    private double low;

    private double high;

    private double scale;
    private int zero;

    private synchronized void add(double least, double largest) {
      low = Math.min(low, least);
      high = Math.max(high, largest);
    }

    private void range(MemorySegment[] inputs, MemorySegment[] outputs, long from, long to) {
      long x = inputs[0].address();
      if (!single) {
        double[] bounds = new double[2];
        rangeOfDoubles(x, from, to, bounds);
        add(bounds[0], bounds[1]);
        return;
      }
      long start = from;
      if (loops != null) {
        float[] found = ranges.take();
        Arrays.fill(found, 0);
        start += loops.range(x + from * Float.BYTES, to - from, found);
        add(found[0], found[1]);
        ranges.giveBack(found);
      }
      if (start < to) {
        double[] bounds = new double[2];
        rangeOfFloats(x, start, to, bounds);
        add(bounds[0], bounds[1]);
      }
    }

    private void quantize(MemorySegment[] inputs, MemorySegment[] outputs, long from, long to) {
      long x = inputs[0].address();
      long y = outputs[0].address();
      if (single) {
        quantizeFloats(x, y, from, to, (float) scale, zero);
      } else {
        quantizeDoubles(x, y, from, to, scale, zero);
      }
    }
  }

  private static void rangeOfFloats(long x, long from, long to, double[] bounds) {
    float[] some = new float[(int) Math.min(QuantizationChunk.SIZE, to - from)];
    for (long at = from; at < to; at += some.length) {
      int count = (int) Math.min(some.length, to - at);
      MemorySegment.copy(ALL, FLOAT, x + at * Float.BYTES, some, 0, count);
      float low = 0;
      float high = 0;
      for (int i = 0; i < count; i++) {
        low = Math.min(low, some[i]);
        high = Math.max(high, some[i]);
      }
      bounds[0] = Math.min(bounds[0], low);
      bounds[1] = Math.max(bounds[1], high);
    }
  }

  private static void rangeOfDoubles(long x, long from, long to, double[] bounds) {
    double[] some = new double[(int) Math.min(QuantizationChunk.SIZE, to - from)];
    for (long at = from; at < to; at += some.length) {
      int count = (int) Math.min(some.length, to - at);
      MemorySegment.copy(ALL, DOUBLE, x + at * Double.BYTES, some, 0, count);
      for (int i = 0; i < count; i++) {
        bounds[0] = Math.min(bounds[0], some[i]);
        bounds[1] = Math.max(bounds[1], some[i]);
      }
    }
  }

  private void quantizeFloats(long x, long y, long from, long to, float scale, int zero) {
    long start = from;
    if (loops != null) {
      QuantizationLoops.Bounds bounds = new QuantizationLoops.Bounds(zero, 0, MOST);
      start += loops.quantize(x + from * Float.BYTES, y + from, to - from, scale, bounds);
    }
    if (start == to) {
      return;
    }
    QuantizationChunk q = new QuantizationChunk(DType.U8, to - start);
    float[] numbers = new float[q.values().length];
    for (long at = start; at < to; at += numbers.length) {
      int count = (int) Math.min(numbers.length, to - at);
      MemorySegment.copy(ALL, FLOAT, x + at * Float.BYTES, numbers, 0, count);
      for (int i = 0; i < count; i++) {
        numbers[i] /= scale;
      }
      Rounding.round(numbers, count, zero, 0, MOST, q.values());
      q.store(y + at, count);
    }
  }

  private static void quantizeDoubles(long x, long y, long from, long to, double scale, int zero) {
    QuantizationChunk q = new QuantizationChunk(DType.U8, to - from);
    double[] numbers = new double[q.values().length];
    for (long at = from; at < to; at += numbers.length) {
      int count = (int) Math.min(numbers.length, to - at);
      MemorySegment.copy(ALL, DOUBLE, x + at * Double.BYTES, numbers, 0, count);
      for (int i = 0; i < count; i++) {
        numbers[i] /= scale;
      }
      Rounding.round(numbers, count, zero, 0, MOST, q.values());
      q.store(y + at, count);
    }
  }

  @Override
  public String implementation() {
    return loops != null ? "java:vector" : "java:arrays";
  }
}
