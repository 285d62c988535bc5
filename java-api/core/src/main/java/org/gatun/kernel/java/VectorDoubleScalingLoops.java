package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.DOUBLE;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The same for f64, with the Vector API. */
final class VectorDoubleScalingLoops implements ScalingLoops {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long SIZE = Double.BYTES;
  private static final long STEP = LANES * SIZE;

  @Override
  public String implementation() {
    return "java:vector";
  }

  private static DoubleVector load(long src) {
    return DoubleVector.fromMemorySegment(SPECIES, ALL, src, ORDER);
  }

  @Override
  public double squares(long src, long count) {
    DoubleVector sum = DoubleVector.zero(SPECIES);
    DoubleVector other = sum;
    DoubleVector third = sum;
    DoubleVector fourth = sum;
    long end = src + count * SIZE;
    long at = src;
    for (; at <= end - 4 * STEP; at += 4 * STEP) {
      DoubleVector a = load(at);
      DoubleVector b = load(at + STEP);
      DoubleVector c = load(at + 2 * STEP);
      DoubleVector d = load(at + 3 * STEP);
      sum = a.fma(a, sum);
      other = b.fma(b, other);
      third = c.fma(c, third);
      fourth = d.fma(d, fourth);
    }
    for (; at <= end - STEP; at += STEP) {
      DoubleVector a = load(at);
      sum = a.fma(a, sum);
    }
    double total = VectorDoubleLoops.addLanes(sum.add(other).add(third.add(fourth)));
    for (; at < end; at += SIZE) {
      double x = ALL.get(DOUBLE, at);
      total += x * x;
    }
    return total;
  }

  @Override
  public void scale(long src, long dst, long count, double factor) {
    double f = factor;
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      load(src + i * SIZE).mul(f).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(DOUBLE, dst + i * SIZE, ALL.get(DOUBLE, src + i * SIZE) * f);
    }
  }

  @Override
  public void scale(long src, long dst, long count, double factor, long weight) {
    double f = factor;
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      load(src + i * SIZE)
          .mul(f)
          .mul(load(weight + i * SIZE))
          .intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (; i < count; i++) {
      double value = ALL.get(DOUBLE, src + i * SIZE) * f * ALL.get(DOUBLE, weight + i * SIZE);
      ALL.set(DOUBLE, dst + i * SIZE, value);
    }
  }

  @Override
  public void add(long src, long added, long dst, long count, double factor) {
    double f = factor;
    DoubleVector factors = DoubleVector.broadcast(SPECIES, f);
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      load(src + i * SIZE)
          .fma(factors, load(added + i * SIZE))
          .intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (; i < count; i++) {
      double value =
          Math.fma(ALL.get(DOUBLE, src + i * SIZE), f, ALL.get(DOUBLE, added + i * SIZE));
      ALL.set(DOUBLE, dst + i * SIZE, value);
    }
  }

  @Override
  public void tanh(long src, long dst, long count, double factor) {
    double f = factor;
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      DoubleLanes.tanh(load(src + i * SIZE).mul(f)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(DOUBLE, dst + i * SIZE, Math.tanh(ALL.get(DOUBLE, src + i * SIZE) * f));
    }
  }

  @Override
  public void shift(long src, long dst, long count, double factor, double added) {
    DoubleVector factors = DoubleVector.broadcast(SPECIES, factor);
    DoubleVector shifts = DoubleVector.broadcast(SPECIES, added);
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      load(src + i * SIZE).fma(factors, shifts).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(DOUBLE, dst + i * SIZE, Math.fma(ALL.get(DOUBLE, src + i * SIZE), factor, added));
    }
  }

  @Override
  public void weigh(long src, long dst, long count, long weight, long bias) {
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      load(src + i * SIZE)
          .fma(load(weight + i * SIZE), load(bias + i * SIZE))
          .intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (; i < count; i++) {
      double factor = ALL.get(DOUBLE, weight + i * SIZE);
      double added = ALL.get(DOUBLE, bias + i * SIZE);
      ALL.set(DOUBLE, dst + i * SIZE, Math.fma(ALL.get(DOUBLE, src + i * SIZE), factor, added));
    }
  }

  @Override
  public void respond(
      long src, long window, long rowStride, long rows, long dst, long count, Response response) {
    int quarters = response.quarters();
    double factor = response.factor();
    double added = response.added();
    double exponent = response.exponent();
    DoubleVector factors = DoubleVector.broadcast(SPECIES, factor);
    DoubleVector shifts = DoubleVector.broadcast(SPECIES, added);
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      DoubleVector base = squares(window + i * SIZE, rowStride, rows).fma(factors, shifts);
      DoubleVector power = quarters < 0 ? power(base, exponent) : root(base, quarters);
      load(src + i * SIZE).div(power).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (; i < count; i++) {
      double sum = 0;
      long at = window + i * SIZE;
      for (long row = 0; row < rows; row++, at += rowStride) {
        double x = ALL.get(DOUBLE, at);
        sum = Math.fma(x, x, sum);
      }
      double power = response.power(Math.fma(sum, factor, added));
      ALL.set(DOUBLE, dst + i * SIZE, (ALL.get(DOUBLE, src + i * SIZE) / power));
    }
  }

  private static DoubleVector squares(long window, long rowStride, long rows) {
    DoubleVector sum = DoubleVector.zero(SPECIES);
    long at = window;
    for (long row = 0; row < rows; row++, at += rowStride) {
      DoubleVector x = load(at);
      sum = x.fma(x, sum);
    }
    return sum;
  }

  private static DoubleVector power(DoubleVector base, double exponent) {
    return DoubleLanes.pow(base, exponent);
  }

  private static DoubleVector root(DoubleVector base, int quarters) {
    return switch (quarters) {
      case 0 -> DoubleVector.broadcast(SPECIES, 1.0);
      case 1 -> base.sqrt().sqrt();
      case 2 -> base.sqrt();
      case 3 -> {
        DoubleVector root = base.sqrt();
        yield root.mul(root.sqrt());
      }
      default -> base;
    };
  }

  @Override
  public double get(long src) {
    return ALL.get(DOUBLE, src);
  }
}
