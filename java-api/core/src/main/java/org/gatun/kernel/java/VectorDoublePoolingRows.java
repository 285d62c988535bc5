package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.DOUBLE;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The same for f64, with the Vector API. The numbers of taps that are common have no loop over
 * them. Each loop is a method of its own: the compiler gives up on many of them in one.
 */
final class VectorDoublePoolingRows implements PoolingRows {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> INDICES = LongVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long SIZE = Double.BYTES;
  private static final long STEP = LANES * SIZE;

  /** Every other lane of two vectors. */
  private static final LongVector EVEN = LongVector.zero(INDICES).addIndex(2);

  @Override
  public String implementation() {
    return "java:vector";
  }

  @Override
  public int lanes() {
    return LANES;
  }

  private static DoubleVector load(long src) {
    return DoubleVector.fromMemorySegment(SPECIES, ALL, src, ORDER);
  }

  private static DoubleVector load(long src, VectorMask<Double> some) {
    return DoubleVector.fromMemorySegment(SPECIES, ALL, src, ORDER, some);
  }

  /** Returns every other element of two vectors. */
  private static DoubleVector even(long src) {
    LongVector first = LongVector.fromMemorySegment(INDICES, ALL, src, ORDER);
    LongVector second = LongVector.fromMemorySegment(INDICES, ALL, src + STEP, ORDER);
    return EVEN.selectFrom(first, second).reinterpretAsDoubles();
  }

  /** Compare and blend is faster than the vector maximum, which orders the zeros as well. */
  private static DoubleVector larger(DoubleVector max, DoubleVector value) {
    VectorMask<Double> wins = value.compare(VectorOperators.GT, max);
    return max.blend(value, wins.or(value.compare(VectorOperators.NE, value)));
  }

  @Override
  public void fill(long dst, long count, double value) {
    DoubleVector values = DoubleVector.broadcast(SPECIES, value);
    long j = 0;
    for (; j <= count - LANES; j += LANES) {
      values.intoMemorySegment(ALL, dst + j * SIZE, ORDER);
    }
    for (; j < count; j++) {
      ALL.set(DOUBLE, dst + j * SIZE, value);
    }
  }

  @Override
  public void max(
      long src, int stride, long tap, int taps, long[] from, long dst, long[] to, int vectors) {
    switch (stride == 1 ? taps : -taps) {
      case 2 -> maxOfTwo(src, tap, from, dst, to, vectors);
      case 3 -> maxOfThree(src, tap, from, dst, to, vectors);
      case 5 -> maxOfFive(src, tap, from, dst, to, vectors);
      case -2 -> maxOfTwoEven(src, tap, from, dst, to, vectors);
      case -3 -> maxOfThreeEven(src, tap, from, dst, to, vectors);
      default -> {
        if (stride == 1) {
          maxOfMany(src, tap, taps, from, dst, to, vectors);
        } else {
          maxOfManyEven(src, tap, taps, from, dst, to, vectors);
        }
      }
    }
  }

  @Override
  public void max(
      long src,
      int stride,
      long tap,
      int taps,
      long[] from,
      long dst,
      long[] to,
      int vectors,
      int some) {
    VectorMask<Double> lanes = SPECIES.indexInRange(0, some);
    switch (stride == 1 ? taps : -taps) {
      case 2 -> maxOfTwo(src, tap, from, dst, to, vectors, lanes);
      case 3 -> maxOfThree(src, tap, from, dst, to, vectors, lanes);
      case 5 -> maxOfFive(src, tap, from, dst, to, vectors, lanes);
      case -2 -> maxOfTwoEven(src, tap, from, dst, to, vectors, lanes);
      case -3 -> maxOfThreeEven(src, tap, from, dst, to, vectors, lanes);
      default -> {
        if (stride == 1) {
          maxOfMany(src, tap, taps, from, dst, to, vectors, lanes);
        } else {
          maxOfManyEven(src, tap, taps, from, dst, to, vectors, lanes);
        }
      }
    }
  }

  private static void maxOfTwo(long src, long tap, long[] from, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = larger(load(s), load(s + tap));
      max.intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void maxOfThree(
      long src, long tap, long[] from, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = larger(load(s), load(s + tap));
      max = larger(max, load(s + 2 * tap));
      max.intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void maxOfFive(long src, long tap, long[] from, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = larger(load(s), load(s + tap));
      max = larger(max, load(s + 2 * tap));
      max = larger(max, load(s + 3 * tap));
      max = larger(max, load(s + 4 * tap));
      max.intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void maxOfMany(
      long src, long tap, int taps, long[] from, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = load(s);
      for (int k = 1; k < taps; k++) {
        max = larger(max, load(s + k * tap));
      }
      max.intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void maxOfTwoEven(
      long src, long tap, long[] from, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = larger(even(s), even(s + tap));
      max.intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void maxOfThreeEven(
      long src, long tap, long[] from, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = larger(even(s), even(s + tap));
      max = larger(max, even(s + 2 * tap));
      max.intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void maxOfManyEven(
      long src, long tap, int taps, long[] from, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = even(s);
      for (int k = 1; k < taps; k++) {
        max = larger(max, even(s + k * tap));
      }
      max.intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void maxOfTwo(
      long src, long tap, long[] from, long dst, long[] to, int vectors, VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = larger(load(s, some), load(s + tap, some));
      max.intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void maxOfThree(
      long src, long tap, long[] from, long dst, long[] to, int vectors, VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = larger(load(s, some), load(s + tap, some));
      max = larger(max, load(s + 2 * tap, some));
      max.intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void maxOfFive(
      long src, long tap, long[] from, long dst, long[] to, int vectors, VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = larger(load(s, some), load(s + tap, some));
      max = larger(max, load(s + 2 * tap, some));
      max = larger(max, load(s + 3 * tap, some));
      max = larger(max, load(s + 4 * tap, some));
      max.intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void maxOfMany(
      long src,
      long tap,
      int taps,
      long[] from,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = load(s, some);
      for (int k = 1; k < taps; k++) {
        max = larger(max, load(s + k * tap, some));
      }
      max.intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void maxOfTwoEven(
      long src, long tap, long[] from, long dst, long[] to, int vectors, VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = larger(even(s), even(s + tap));
      max.intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void maxOfThreeEven(
      long src, long tap, long[] from, long dst, long[] to, int vectors, VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = larger(even(s), even(s + tap));
      max = larger(max, even(s + 2 * tap));
      max.intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void maxOfManyEven(
      long src,
      long tap,
      int taps,
      long[] from,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector max = even(s);
      for (int k = 1; k < taps; k++) {
        max = larger(max, even(s + k * tap));
      }
      max.intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  @Override
  public void mean(
      long src,
      int stride,
      long tap,
      int taps,
      long[] from,
      double divisor,
      long dst,
      long[] to,
      int vectors) {
    double by = divisor;
    switch (stride == 1 ? taps : -taps) {
      case 2 -> meanOfTwo(src, tap, from, by, dst, to, vectors);
      case 3 -> meanOfThree(src, tap, from, by, dst, to, vectors);
      case 5 -> meanOfFive(src, tap, from, by, dst, to, vectors);
      case -2 -> meanOfTwoEven(src, tap, from, by, dst, to, vectors);
      case -3 -> meanOfThreeEven(src, tap, from, by, dst, to, vectors);
      default -> {
        if (stride == 1) {
          meanOfMany(src, tap, taps, from, by, dst, to, vectors);
        } else {
          meanOfManyEven(src, tap, taps, from, by, dst, to, vectors);
        }
      }
    }
  }

  @Override
  public void mean(
      long src,
      int stride,
      long tap,
      int taps,
      long[] from,
      double divisor,
      long dst,
      long[] to,
      int vectors,
      int some) {
    double by = divisor;
    VectorMask<Double> lanes = SPECIES.indexInRange(0, some);
    switch (stride == 1 ? taps : -taps) {
      case 2 -> meanOfTwo(src, tap, from, by, dst, to, vectors, lanes);
      case 3 -> meanOfThree(src, tap, from, by, dst, to, vectors, lanes);
      case 5 -> meanOfFive(src, tap, from, by, dst, to, vectors, lanes);
      case -2 -> meanOfTwoEven(src, tap, from, by, dst, to, vectors, lanes);
      case -3 -> meanOfThreeEven(src, tap, from, by, dst, to, vectors, lanes);
      default -> {
        if (stride == 1) {
          meanOfMany(src, tap, taps, from, by, dst, to, vectors, lanes);
        } else {
          meanOfManyEven(src, tap, taps, from, by, dst, to, vectors, lanes);
        }
      }
    }
  }

  private static void meanOfTwo(
      long src, long tap, long[] from, double by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum = load(s).add(load(s + tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void meanOfThree(
      long src, long tap, long[] from, double by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum = load(s).add(load(s + tap)).add(load(s + 2 * tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void meanOfFive(
      long src, long tap, long[] from, double by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum =
          load(s)
              .add(load(s + tap))
              .add(load(s + 2 * tap))
              .add(load(s + 3 * tap))
              .add(load(s + 4 * tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void meanOfMany(
      long src, long tap, int taps, long[] from, double by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum = load(s);
      for (int k = 1; k < taps; k++) {
        sum = sum.add(load(s + k * tap));
      }
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void meanOfTwoEven(
      long src, long tap, long[] from, double by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum = even(s).add(even(s + tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void meanOfThreeEven(
      long src, long tap, long[] from, double by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum = even(s).add(even(s + tap)).add(even(s + 2 * tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void meanOfManyEven(
      long src, long tap, int taps, long[] from, double by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum = even(s);
      for (int k = 1; k < taps; k++) {
        sum = sum.add(even(s + k * tap));
      }
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void meanOfTwo(
      long src,
      long tap,
      long[] from,
      double by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum = load(s, some).add(load(s + tap, some));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void meanOfThree(
      long src,
      long tap,
      long[] from,
      double by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum = load(s, some).add(load(s + tap, some)).add(load(s + 2 * tap, some));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void meanOfFive(
      long src,
      long tap,
      long[] from,
      double by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum =
          load(s, some)
              .add(load(s + tap, some))
              .add(load(s + 2 * tap, some))
              .add(load(s + 3 * tap, some))
              .add(load(s + 4 * tap, some));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void meanOfMany(
      long src,
      long tap,
      int taps,
      long[] from,
      double by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum = load(s, some);
      for (int k = 1; k < taps; k++) {
        sum = sum.add(load(s + k * tap, some));
      }
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void meanOfTwoEven(
      long src,
      long tap,
      long[] from,
      double by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum = even(s).add(even(s + tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void meanOfThreeEven(
      long src,
      long tap,
      long[] from,
      double by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum = even(s).add(even(s + tap)).add(even(s + 2 * tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void meanOfManyEven(
      long src,
      long tap,
      int taps,
      long[] from,
      double by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Double> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      DoubleVector sum = even(s);
      for (int k = 1; k < taps; k++) {
        sum = sum.add(even(s + k * tap));
      }
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }
}
