package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The same for f32, with the Vector API. */
final class VectorFloatScalingLoops implements ScalingLoops {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, SPECIES.vectorShape());
  private static final int LANES = SPECIES.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long SIZE = Float.BYTES;
  private static final long STEP = LANES * SIZE;

  @Override
  public String implementation() {
    return "java:vector";
  }

  private static FloatVector load(long src) {
    return FloatVector.fromMemorySegment(SPECIES, ALL, src, ORDER);
  }

  @Override
  public double squares(long src, long count) {
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector other = sum;
    FloatVector third = sum;
    FloatVector fourth = sum;
    long end = src + count * SIZE;
    long at = src;
    for (; at <= end - 4 * STEP; at += 4 * STEP) {
      FloatVector a = load(at);
      FloatVector b = load(at + STEP);
      FloatVector c = load(at + 2 * STEP);
      FloatVector d = load(at + 3 * STEP);
      sum = a.fma(a, sum);
      other = b.fma(b, other);
      third = c.fma(c, third);
      fourth = d.fma(d, fourth);
    }
    for (; at <= end - STEP; at += STEP) {
      FloatVector a = load(at);
      sum = a.fma(a, sum);
    }
    double total = VectorFloatLoops.addLanes(sum.add(other).add(third.add(fourth)));
    for (; at < end; at += SIZE) {
      double x = ALL.get(FLOAT, at);
      total += x * x;
    }
    return total;
  }

  @Override
  public void scale(long src, long dst, long count, double factor) {
    float f = (float) factor;
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      load(src + i * SIZE).mul(f).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, ALL.get(FLOAT, src + i * SIZE) * f);
    }
  }

  @Override
  public void scale(long src, long dst, long count, double factor, long weight) {
    float f = (float) factor;
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      load(src + i * SIZE)
          .mul(f)
          .mul(load(weight + i * SIZE))
          .intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (; i < count; i++) {
      float value = ALL.get(FLOAT, src + i * SIZE) * f * ALL.get(FLOAT, weight + i * SIZE);
      ALL.set(FLOAT, dst + i * SIZE, value);
    }
  }

  @Override
  public void add(long src, long added, long dst, long count, double factor) {
    float f = (float) factor;
    FloatVector factors = FloatVector.broadcast(SPECIES, f);
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      load(src + i * SIZE)
          .fma(factors, load(added + i * SIZE))
          .intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (; i < count; i++) {
      float value = Math.fma(ALL.get(FLOAT, src + i * SIZE), f, ALL.get(FLOAT, added + i * SIZE));
      ALL.set(FLOAT, dst + i * SIZE, value);
    }
  }

  @Override
  public void tanh(long src, long dst, long count, double factor) {
    float f = (float) factor;
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      VectorFloatMath.tanh(load(src + i * SIZE).mul(f))
          .intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (; i < count; i++) {
      // By the same operations as its neighbours.
      FloatVector x = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, src + i * SIZE) * f);
      ALL.set(FLOAT, dst + i * SIZE, VectorFloatMath.tanh(x).lane(0));
    }
  }

  @Override
  public void shift(long src, long dst, long count, double factor, double added) {
    float f = (float) factor;
    float a = (float) added;
    FloatVector factors = FloatVector.broadcast(SPECIES, f);
    FloatVector shifts = FloatVector.broadcast(SPECIES, a);
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      load(src + i * SIZE).fma(factors, shifts).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, Math.fma(ALL.get(FLOAT, src + i * SIZE), f, a));
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
      float factor = ALL.get(FLOAT, weight + i * SIZE);
      float added = ALL.get(FLOAT, bias + i * SIZE);
      ALL.set(FLOAT, dst + i * SIZE, Math.fma(ALL.get(FLOAT, src + i * SIZE), factor, added));
    }
  }

  @Override
  public void respond(
      long src, long window, long rowStride, long rows, long dst, long count, Response response) {
    int quarters = response.quarters();
    float factor = (float) response.factor();
    float added = (float) response.added();
    float exponent = (float) response.exponent();
    FloatVector factors = FloatVector.broadcast(SPECIES, factor);
    FloatVector shifts = FloatVector.broadcast(SPECIES, added);
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector base = squares(window + i * SIZE, rowStride, rows).fma(factors, shifts);
      FloatVector power = quarters < 0 ? power(base, exponent) : root(base, quarters);
      load(src + i * SIZE).div(power).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (; i < count; i++) {
      float sum = 0;
      long at = window + i * SIZE;
      for (long row = 0; row < rows; row++, at += rowStride) {
        float x = ALL.get(FLOAT, at);
        sum = Math.fma(x, x, sum);
      }
      double power = response.power(Math.fma(sum, factor, added));
      ALL.set(FLOAT, dst + i * SIZE, (float) (ALL.get(FLOAT, src + i * SIZE) / power));
    }
  }

  private static FloatVector squares(long window, long rowStride, long rows) {
    FloatVector sum = FloatVector.zero(SPECIES);
    long at = window;
    for (long row = 0; row < rows; row++, at += rowStride) {
      FloatVector x = load(at);
      sum = x.fma(x, sum);
    }
    return sum;
  }

  /** As doubles, rounded once. */
  private static FloatVector power(FloatVector base, float exponent) {
    return power(base, exponent, 0).add(power(base, exponent, 1));
  }

  /** Returns the powers of one half of the elements, in its place, and zeros in the other. */
  private static FloatVector power(FloatVector base, float exponent, int half) {
    return (FloatVector)
        DoubleLanes.pow(
                (DoubleVector) base.convertShape(VectorOperators.F2D, DOUBLES, half), exponent)
            .convertShape(VectorOperators.D2F, SPECIES, -half);
  }

  private static FloatVector root(FloatVector base, int quarters) {
    return switch (quarters) {
      case 0 -> FloatVector.broadcast(SPECIES, 1f);
      case 1 -> base.sqrt().sqrt();
      case 2 -> base.sqrt();
      case 3 -> {
        FloatVector root = base.sqrt();
        yield root.mul(root.sqrt());
      }
      default -> base;
    };
  }

  @Override
  public double get(long src) {
    return ALL.get(FLOAT, src);
  }
}
