package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The steps of a softmax over {@code float}s with the Vector API. Rows are often short, so that the
 * last elements of one are a vector with a mask: one by one they would take longer than the rest.
 */
final class VectorFloatSoftmaxLoops implements SoftmaxLoops {
  private static final VectorSpecies<Float> FLOATS = VectorFloatMath.FLOATS;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = FLOATS.length();
  private static final int SIZE = Float.BYTES;

  /**
   * Elements whose exponentials are added in vectors: where a row has the same number again and
   * again each addition rounds the same way, and 64 of them are off by 16 units in the last place.
   */
  private static final int RUN = 16 * LANES;

  VectorFloatSoftmaxLoops() {}

  @Override
  public String implementation() {
    return "java:vector";
  }

  private static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(FLOATS, ALL, address, ORDER);
  }

  private static FloatVector load(long address, VectorMask<Float> mask) {
    return FloatVector.fromMemorySegment(FLOATS, ALL, address, ORDER, mask);
  }

  private static void store(FloatVector x, long address) {
    x.intoMemorySegment(ALL, address, ORDER);
  }

  private static void store(FloatVector x, long address, VectorMask<Float> mask) {
    x.intoMemorySegment(ALL, address, ORDER, mask);
  }

  private static VectorMask<Float> first(long count) {
    return FLOATS.indexInRange(0, count);
  }

  private static FloatVector all(double value) {
    return FloatVector.broadcast(FLOATS, (float) value);
  }

  @Override
  public double max(long src, long count) {
    FloatVector max0 = all(Double.NEGATIVE_INFINITY);
    FloatVector max1 = max0;
    long i = 0;
    for (; i <= count - 2 * LANES; i += 2 * LANES) {
      FloatVector x0 = load(src + i * SIZE);
      FloatVector x1 = load(src + (i + LANES) * SIZE);
      max0 = max0.blend(x0, x0.compare(VectorOperators.GT, max0));
      max1 = max1.blend(x1, x1.compare(VectorOperators.GT, max1));
    }
    for (; i < count; i += LANES) {
      VectorMask<Float> mask = first(count - i);
      FloatVector x = load(src + i * SIZE, mask);
      max0 = max0.blend(x, x.compare(VectorOperators.GT, max0).and(mask));
    }
    return max0.max(max1).reduceLanes(VectorOperators.MAX);
  }

  @Override
  public double exp(long src, double max, long dst, long count) {
    double sum = 0;
    for (long i = 0; i < count; i += RUN) {
      sum += expOfRun(src + i * SIZE, (float) max, dst + i * SIZE, Math.min(RUN, count - i));
    }
    return sum;
  }

  private static double expOfRun(long src, float max, long dst, long count) {
    FloatVector shift = all(max);
    FloatVector sum = all(0);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      FloatVector e = VectorFloatMath.expOfLow(load(src + i * SIZE).sub(shift));
      store(e, dst + i * SIZE);
      sum = sum.add(e);
    }
    if (full < count) {
      VectorMask<Float> mask = first(count - full);
      FloatVector e = VectorFloatMath.expOfLow(load(src + full * SIZE, mask).sub(shift));
      store(e, dst + full * SIZE, mask);
      sum = sum.add(e, mask);
    }
    return VectorFloatLoops.addLanes(sum);
  }

  @Override
  public double sumOfExp(long src, double max, long count) {
    double sum = 0;
    for (long i = 0; i < count; i += RUN) {
      sum += sumOfExpOfRun(src + i * SIZE, (float) max, Math.min(RUN, count - i));
    }
    return sum;
  }

  private static double sumOfExpOfRun(long src, float max, long count) {
    FloatVector shift = all(max);
    FloatVector sum = all(0);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      sum = sum.add(VectorFloatMath.expOfLow(load(src + i * SIZE).sub(shift)));
    }
    if (full < count) {
      VectorMask<Float> mask = first(count - full);
      sum = sum.add(VectorFloatMath.expOfLow(load(src + full * SIZE, mask).sub(shift)), mask);
    }
    return VectorFloatLoops.addLanes(sum);
  }

  @Override
  public double sum(long src, long count) {
    FloatVector sum = all(0);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      sum = sum.add(load(src + i * SIZE));
    }
    if (full < count) {
      sum = sum.add(load(src + full * SIZE, first(count - full)));
    }
    return VectorFloatLoops.addLanes(sum);
  }

  @Override
  public double dot(long a, long b, long count) {
    FloatVector sum = all(0);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      sum = load(a + i * SIZE).fma(load(b + i * SIZE), sum);
    }
    if (full < count) {
      VectorMask<Float> mask = first(count - full);
      sum = load(a + full * SIZE, mask).fma(load(b + full * SIZE, mask), sum);
    }
    return VectorFloatLoops.addLanes(sum);
  }

  @Override
  public double dotShifted(long a, long b, double shift, long count) {
    FloatVector shifts = all(shift);
    FloatVector sum = all(0);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      sum = load(a + i * SIZE).fma(load(b + i * SIZE).sub(shifts), sum);
    }
    if (full < count) {
      VectorMask<Float> mask = first(count - full);
      FloatVector product =
          load(a + full * SIZE, mask).mul(load(b + full * SIZE, mask).sub(shifts));
      sum = sum.add(product, mask);
    }
    return VectorFloatLoops.addLanes(sum);
  }

  @Override
  public void scale(long src, double factor, long dst, long count) {
    FloatVector factors = all(factor);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      store(load(src + i * SIZE).mul(factors), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Float> mask = first(count - full);
      store(load(src + full * SIZE, mask).mul(factors), dst + full * SIZE, mask);
    }
  }

  @Override
  public void subtract(long src, double first, double second, long dst, long count) {
    FloatVector firsts = all(first);
    FloatVector seconds = all(second);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      store(load(src + i * SIZE).sub(firsts).sub(seconds), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Float> mask = first(count - full);
      store(load(src + full * SIZE, mask).sub(firsts).sub(seconds), dst + full * SIZE, mask);
    }
  }

  @Override
  public void addScaled(long src, double factor, long dst, long count) {
    FloatVector factors = all(factor);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      store(load(src + i * SIZE).fma(factors, load(dst + i * SIZE)), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Float> mask = first(count - full);
      FloatVector sum = load(src + full * SIZE, mask).fma(factors, load(dst + full * SIZE, mask));
      store(sum, dst + full * SIZE, mask);
    }
  }

  @Override
  public void multiply(long src, long dst, long count) {
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      store(load(src + i * SIZE).mul(load(dst + i * SIZE)), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Float> mask = first(count - full);
      FloatVector product = load(src + full * SIZE, mask).mul(load(dst + full * SIZE, mask));
      store(product, dst + full * SIZE, mask);
    }
  }

  @Override
  public void affine(long src, double factor, double term, long dst, long count) {
    FloatVector factors = all(factor);
    FloatVector terms = all(term);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      store(load(src + i * SIZE).fma(factors, terms), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Float> mask = first(count - full);
      store(load(src + full * SIZE, mask).fma(factors, terms), dst + full * SIZE, mask);
    }
  }

  @Override
  public void softmaxGradient(long cotangent, long result, double dot, long dst, long count) {
    FloatVector dots = all(dot);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      FloatVector g = load(cotangent + i * SIZE).sub(dots);
      store(load(result + i * SIZE).mul(g), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Float> mask = first(count - full);
      FloatVector g = load(cotangent + full * SIZE, mask).sub(dots);
      store(load(result + full * SIZE, mask).mul(g), dst + full * SIZE, mask);
    }
  }

  @Override
  public void logSoftmaxGradient(long cotangent, long result, double sum, long dst, long count) {
    FloatVector sums = all(-sum);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      FloatVector e = VectorFloatMath.exp(load(result + i * SIZE));
      store(e.fma(sums, load(cotangent + i * SIZE)), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Float> mask = first(count - full);
      FloatVector e = VectorFloatMath.exp(load(result + full * SIZE, mask));
      store(e.fma(sums, load(cotangent + full * SIZE, mask)), dst + full * SIZE, mask);
    }
  }
}
