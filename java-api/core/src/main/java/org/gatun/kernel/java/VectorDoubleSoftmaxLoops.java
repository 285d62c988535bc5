package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The steps of a softmax over {@code double}s with the Vector API. Rows are often short, so that
 * the last elements of one are a vector with a mask: one by one they would take longer than the
 * rest.
 */
final class VectorDoubleSoftmaxLoops implements SoftmaxLoops {
  private static final VectorSpecies<Double> DOUBLES = VectorDoubleMath.DOUBLES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = DOUBLES.length();
  private static final int SIZE = Double.BYTES;

  VectorDoubleSoftmaxLoops() {}

  @Override
  public String implementation() {
    return "java:vector";
  }

  private static DoubleVector load(long address) {
    return DoubleVector.fromMemorySegment(DOUBLES, ALL, address, ORDER);
  }

  private static DoubleVector load(long address, VectorMask<Double> mask) {
    return DoubleVector.fromMemorySegment(DOUBLES, ALL, address, ORDER, mask);
  }

  private static void store(DoubleVector x, long address) {
    x.intoMemorySegment(ALL, address, ORDER);
  }

  private static void store(DoubleVector x, long address, VectorMask<Double> mask) {
    x.intoMemorySegment(ALL, address, ORDER, mask);
  }

  private static VectorMask<Double> first(long count) {
    return DOUBLES.indexInRange(0, count);
  }

  private static DoubleVector all(double value) {
    return DoubleVector.broadcast(DOUBLES, value);
  }

  @Override
  public double max(long src, long count) {
    DoubleVector max0 = all(Double.NEGATIVE_INFINITY);
    DoubleVector max1 = max0;
    long i = 0;
    for (; i <= count - 2 * LANES; i += 2 * LANES) {
      DoubleVector x0 = load(src + i * SIZE);
      DoubleVector x1 = load(src + (i + LANES) * SIZE);
      max0 = max0.blend(x0, x0.compare(VectorOperators.GT, max0));
      max1 = max1.blend(x1, x1.compare(VectorOperators.GT, max1));
    }
    for (; i < count; i += LANES) {
      VectorMask<Double> mask = first(count - i);
      DoubleVector x = load(src + i * SIZE, mask);
      max0 = max0.blend(x, x.compare(VectorOperators.GT, max0).and(mask));
    }
    return max0.max(max1).reduceLanes(VectorOperators.MAX);
  }

  /**
   * Returns what rounding took from a sum (Knuth's TwoSum). Where a row has the same number again
   * and again each addition rounds the same way, and the error is a hundred times that of other
   * rows.
   */
  private static DoubleVector lost(DoubleVector sum, DoubleVector term, DoubleVector next) {
    DoubleVector added = next.sub(sum);
    return sum.sub(next.sub(added)).add(term.sub(added));
  }

  @Override
  public double exp(long src, double max, long dst, long count) {
    DoubleVector shift = all(max);
    DoubleVector sum = all(0);
    DoubleVector lost = all(0);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector e = DoubleLanes.exp(load(src + i * SIZE).sub(shift));
      store(e, dst + i * SIZE);
      DoubleVector next = sum.add(e);
      lost = lost.add(lost(sum, e, next));
      sum = next;
    }
    if (full < count) {
      VectorMask<Double> mask = first(count - full);
      DoubleVector e = DoubleLanes.exp(load(src + full * SIZE, mask).sub(shift));
      store(e, dst + full * SIZE, mask);
      sum = sum.add(e, mask);
    }
    return VectorDoubleLoops.addLanes(sum) + VectorDoubleLoops.addLanes(lost);
  }

  @Override
  public double sumOfExp(long src, double max, long count) {
    DoubleVector shift = all(max);
    DoubleVector sum = all(0);
    DoubleVector lost = all(0);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector e = DoubleLanes.exp(load(src + i * SIZE).sub(shift));
      DoubleVector next = sum.add(e);
      lost = lost.add(lost(sum, e, next));
      sum = next;
    }
    if (full < count) {
      VectorMask<Double> mask = first(count - full);
      sum = sum.add(DoubleLanes.exp(load(src + full * SIZE, mask).sub(shift)), mask);
    }
    return VectorDoubleLoops.addLanes(sum) + VectorDoubleLoops.addLanes(lost);
  }

  @Override
  public double sum(long src, long count) {
    DoubleVector sum = all(0);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      sum = sum.add(load(src + i * SIZE));
    }
    if (full < count) {
      sum = sum.add(load(src + full * SIZE, first(count - full)));
    }
    return VectorDoubleLoops.addLanes(sum);
  }

  @Override
  public double dot(long a, long b, long count) {
    DoubleVector sum = all(0);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      sum = load(a + i * SIZE).fma(load(b + i * SIZE), sum);
    }
    if (full < count) {
      VectorMask<Double> mask = first(count - full);
      sum = load(a + full * SIZE, mask).fma(load(b + full * SIZE, mask), sum);
    }
    return VectorDoubleLoops.addLanes(sum);
  }

  @Override
  public double dotShifted(long a, long b, double shift, long count) {
    DoubleVector shifts = all(shift);
    DoubleVector sum = all(0);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      sum = load(a + i * SIZE).fma(load(b + i * SIZE).sub(shifts), sum);
    }
    if (full < count) {
      VectorMask<Double> mask = first(count - full);
      DoubleVector product =
          load(a + full * SIZE, mask).mul(load(b + full * SIZE, mask).sub(shifts));
      sum = sum.add(product, mask);
    }
    return VectorDoubleLoops.addLanes(sum);
  }

  @Override
  public void scale(long src, double factor, long dst, long count) {
    DoubleVector factors = all(factor);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      store(load(src + i * SIZE).mul(factors), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Double> mask = first(count - full);
      store(load(src + full * SIZE, mask).mul(factors), dst + full * SIZE, mask);
    }
  }

  @Override
  public void subtract(long src, double first, double second, long dst, long count) {
    DoubleVector firsts = all(first);
    DoubleVector seconds = all(second);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      store(load(src + i * SIZE).sub(firsts).sub(seconds), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Double> mask = first(count - full);
      store(load(src + full * SIZE, mask).sub(firsts).sub(seconds), dst + full * SIZE, mask);
    }
  }

  @Override
  public void addScaled(long src, double factor, long dst, long count) {
    DoubleVector factors = all(factor);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      store(load(src + i * SIZE).fma(factors, load(dst + i * SIZE)), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Double> mask = first(count - full);
      DoubleVector sum = load(src + full * SIZE, mask).fma(factors, load(dst + full * SIZE, mask));
      store(sum, dst + full * SIZE, mask);
    }
  }

  @Override
  public void multiply(long src, long dst, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      store(load(src + i * SIZE).mul(load(dst + i * SIZE)), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Double> mask = first(count - full);
      DoubleVector product = load(src + full * SIZE, mask).mul(load(dst + full * SIZE, mask));
      store(product, dst + full * SIZE, mask);
    }
  }

  @Override
  public void affine(long src, double factor, double term, long dst, long count) {
    DoubleVector factors = all(factor);
    DoubleVector terms = all(term);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      store(load(src + i * SIZE).fma(factors, terms), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Double> mask = first(count - full);
      store(load(src + full * SIZE, mask).fma(factors, terms), dst + full * SIZE, mask);
    }
  }

  @Override
  public void softmaxGradient(long cotangent, long result, double dot, long dst, long count) {
    DoubleVector dots = all(dot);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector g = load(cotangent + i * SIZE).sub(dots);
      store(load(result + i * SIZE).mul(g), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Double> mask = first(count - full);
      DoubleVector g = load(cotangent + full * SIZE, mask).sub(dots);
      store(load(result + full * SIZE, mask).mul(g), dst + full * SIZE, mask);
    }
  }

  @Override
  public void logSoftmaxGradient(long cotangent, long result, double sum, long dst, long count) {
    DoubleVector sums = all(-sum);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector e = DoubleLanes.exp(load(result + i * SIZE));
      store(e.fma(sums, load(cotangent + i * SIZE)), dst + i * SIZE);
    }
    if (full < count) {
      VectorMask<Double> mask = first(count - full);
      DoubleVector e = DoubleLanes.exp(load(result + full * SIZE, mask));
      store(e.fma(sums, load(cotangent + full * SIZE, mask)), dst + full * SIZE, mask);
    }
  }
}
