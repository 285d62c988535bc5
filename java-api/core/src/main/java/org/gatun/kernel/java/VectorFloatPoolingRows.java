package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The same for f32, with the Vector API. The numbers of taps that are common have no loop over
 * them. Each loop is a method of its own: the compiler gives up on many of them in one.
 */
final class VectorFloatPoolingRows implements PoolingRows {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INDICES = IntVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long SIZE = Float.BYTES;
  private static final long STEP = LANES * SIZE;

  /** Every other lane of two vectors. */
  private static final IntVector EVEN = IntVector.zero(INDICES).addIndex(2);

  @Override
  public String implementation() {
    return "java:vector";
  }

  @Override
  public int lanes() {
    return LANES;
  }

  private static FloatVector load(long src) {
    return FloatVector.fromMemorySegment(SPECIES, ALL, src, ORDER);
  }

  private static FloatVector load(long src, VectorMask<Float> some) {
    return FloatVector.fromMemorySegment(SPECIES, ALL, src, ORDER, some);
  }

  /** Returns every other element of two vectors. */
  private static FloatVector even(long src) {
    IntVector first = IntVector.fromMemorySegment(INDICES, ALL, src, ORDER);
    IntVector second = IntVector.fromMemorySegment(INDICES, ALL, src + STEP, ORDER);
    return EVEN.selectFrom(first, second).reinterpretAsFloats();
  }

  /** Compare and blend is faster than the vector maximum, which orders the zeros as well. */
  private static FloatVector larger(FloatVector max, FloatVector value) {
    VectorMask<Float> wins = value.compare(VectorOperators.GT, max);
    return max.blend(value, wins.or(value.compare(VectorOperators.NE, value)));
  }

  @Override
  public void fill(long dst, long count, double value) {
    FloatVector values = FloatVector.broadcast(SPECIES, (float) value);
    long j = 0;
    for (; j <= count - LANES; j += LANES) {
      values.intoMemorySegment(ALL, dst + j * SIZE, ORDER);
    }
    for (; j < count; j++) {
      ALL.set(FLOAT, dst + j * SIZE, (float) value);
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
    VectorMask<Float> lanes = SPECIES.indexInRange(0, some);
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
      FloatVector max = larger(load(s), load(s + tap));
      max.intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void maxOfThree(
      long src, long tap, long[] from, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector max = larger(load(s), load(s + tap));
      max = larger(max, load(s + 2 * tap));
      max.intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void maxOfFive(long src, long tap, long[] from, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector max = larger(load(s), load(s + tap));
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
      FloatVector max = load(s);
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
      FloatVector max = larger(even(s), even(s + tap));
      max.intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void maxOfThreeEven(
      long src, long tap, long[] from, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector max = larger(even(s), even(s + tap));
      max = larger(max, even(s + 2 * tap));
      max.intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void maxOfManyEven(
      long src, long tap, int taps, long[] from, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector max = even(s);
      for (int k = 1; k < taps; k++) {
        max = larger(max, even(s + k * tap));
      }
      max.intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void maxOfTwo(
      long src, long tap, long[] from, long dst, long[] to, int vectors, VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector max = larger(load(s, some), load(s + tap, some));
      max.intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void maxOfThree(
      long src, long tap, long[] from, long dst, long[] to, int vectors, VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector max = larger(load(s, some), load(s + tap, some));
      max = larger(max, load(s + 2 * tap, some));
      max.intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void maxOfFive(
      long src, long tap, long[] from, long dst, long[] to, int vectors, VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector max = larger(load(s, some), load(s + tap, some));
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
      VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector max = load(s, some);
      for (int k = 1; k < taps; k++) {
        max = larger(max, load(s + k * tap, some));
      }
      max.intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void maxOfTwoEven(
      long src, long tap, long[] from, long dst, long[] to, int vectors, VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector max = larger(even(s), even(s + tap));
      max.intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void maxOfThreeEven(
      long src, long tap, long[] from, long dst, long[] to, int vectors, VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector max = larger(even(s), even(s + tap));
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
      VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector max = even(s);
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
    float by = (float) divisor;
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
    float by = (float) divisor;
    VectorMask<Float> lanes = SPECIES.indexInRange(0, some);
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
      long src, long tap, long[] from, float by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum = load(s).add(load(s + tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void meanOfThree(
      long src, long tap, long[] from, float by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum = load(s).add(load(s + tap)).add(load(s + 2 * tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void meanOfFive(
      long src, long tap, long[] from, float by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum =
          load(s)
              .add(load(s + tap))
              .add(load(s + 2 * tap))
              .add(load(s + 3 * tap))
              .add(load(s + 4 * tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void meanOfMany(
      long src, long tap, int taps, long[] from, float by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum = load(s);
      for (int k = 1; k < taps; k++) {
        sum = sum.add(load(s + k * tap));
      }
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void meanOfTwoEven(
      long src, long tap, long[] from, float by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum = even(s).add(even(s + tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void meanOfThreeEven(
      long src, long tap, long[] from, float by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum = even(s).add(even(s + tap)).add(even(s + 2 * tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER);
    }
  }

  private static void meanOfManyEven(
      long src, long tap, int taps, long[] from, float by, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum = even(s);
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
      float by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum = load(s, some).add(load(s + tap, some));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void meanOfThree(
      long src,
      long tap,
      long[] from,
      float by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum = load(s, some).add(load(s + tap, some)).add(load(s + 2 * tap, some));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void meanOfFive(
      long src,
      long tap,
      long[] from,
      float by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum =
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
      float by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum = load(s, some);
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
      float by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum = even(s).add(even(s + tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void meanOfThreeEven(
      long src,
      long tap,
      long[] from,
      float by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum = even(s).add(even(s + tap)).add(even(s + 2 * tap));
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }

  private static void meanOfManyEven(
      long src,
      long tap,
      int taps,
      long[] from,
      float by,
      long dst,
      long[] to,
      int vectors,
      VectorMask<Float> some) {
    for (int i = 0; i < vectors; i++) {
      long s = src + from[i];
      FloatVector sum = even(s);
      for (int k = 1; k < taps; k++) {
        sum = sum.add(even(s + k * tap));
      }
      sum.div(by).intoMemorySegment(ALL, dst + to[i], ORDER, some);
    }
  }
}
