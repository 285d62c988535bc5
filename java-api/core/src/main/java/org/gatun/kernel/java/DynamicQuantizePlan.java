package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;

/** {@link org.gatun.op.DynamicQuantize} of f32 and f64: the range first, then the integers. */
record DynamicQuantizePlan(PlanRequest request) implements Plan {
  /**
   * Elements that are worth a thread: about 2 us of the first pass, of which starting one takes 1.
   */
  private static final long GRAIN = 32 * 1024;

  private static final int MOST = 255;

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    long x = inputs[0].address();
    long count = request.input(0).size();
    Bounds bounds = new Bounds();
    each(count, (from, to) -> bounds.add(range(x, from, to)));
    long y = outputs[0].address();
    if (request.input(0).dtype() == DType.F32) {
      float scale = ((float) bounds.high - (float) bounds.low) / MOST;
      float divisor = scale == 0 ? 1 : scale;
      int zero = Rounding.round(0 - (float) bounds.low / divisor, 0, 0, MOST);
      ALL.set(FLOAT, outputs[1].address(), divisor);
      ALL.set(BYTE, outputs[2].address(), (byte) zero);
      each(count, (from, to) -> quantizeFloats(x, y, from, to, divisor, zero));
    } else {
      double scale = (bounds.high - bounds.low) / MOST;
      double divisor = scale == 0 ? 1 : scale;
      int zero = Rounding.round(0 - bounds.low / divisor, 0, 0, MOST);
      ALL.set(DOUBLE, outputs[1].address(), divisor);
      ALL.set(BYTE, outputs[2].address(), (byte) zero);
      each(count, (from, to) -> quantizeDoubles(x, y, from, to, divisor, zero));
    }
  }

  private void each(long count, Workers.Part part) {
    request.context().workers().parallel(request.threads(), count, GRAIN, part);
  }

  /** The least and the largest number so far, and 0; NaN where there was one. */
  private static final class Bounds {
    private double low;
    private double high;

    private synchronized void add(double[] bounds) {
      low = Math.min(low, bounds[0]);
      high = Math.max(high, bounds[1]);
    }
  }

  private double[] range(long x, long from, long to) {
    double[] bounds = new double[2];
    if (request.input(0).dtype() != DType.F32) {
      rangeOfDoubles(x, from, to, bounds);
      return bounds;
    }
    long start = from;
    QuantizationLoops loops = QuantizationLoops.of(request.context());
    if (loops != null) {
      float[] found = new float[2];
      start += loops.range(x + from * Float.BYTES, to - from, found);
      bounds[0] = found[0];
      bounds[1] = found[1];
    }
    if (start < to) {
      rangeOfFloats(x, start, to, bounds);
    }
    return bounds;
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
    QuantizationLoops loops = QuantizationLoops.of(request.context());
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
    boolean vector = request.input(0).dtype() == DType.F32 && request.context().vector();
    return vector ? "java:vector" : "java:arrays";
  }
}
