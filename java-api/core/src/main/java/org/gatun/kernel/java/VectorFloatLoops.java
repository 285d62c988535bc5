package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;
import static org.gatun.kernel.java.Elements.INT;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.gatun.op.BinaryFunction;

/**
 * Loops over {@code float}s with the Vector API, of the width that the CPU prefers.
 *
 * <p>Each is full vectors, then single elements: masked tails cost more. Each has a method of its
 * own: what is compiled together is slow together. Sums have several accumulators, and add their
 * lanes in a fixed order, which {@code reduceLanes} does not promise.
 */
final class VectorFloatLoops implements Loops {
  private static final VectorSpecies<Float> FLOATS = VectorFloatMath.FLOATS;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = FLOATS.length();
  private static final int SIZE = Float.BYTES;

  /** Elements that a loop with four accumulators takes at a time. */
  private static final int FOUR = 4 * LANES;

  /**
   * How many elements four accumulators add before their sums are added: long chains of additions
   * round away what is small.
   */
  static final int RUN = 32 * FOUR;

  static final VectorShuffle<Float> BY_8 = rotation(8);
  static final VectorShuffle<Float> BY_4 = rotation(4);
  static final VectorShuffle<Float> BY_2 = rotation(2);
  static final VectorShuffle<Float> BY_1 = rotation(1);

  VectorFloatLoops() {}

  private static VectorShuffle<Float> rotation(int lanes) {
    return VectorShuffle.iota(FLOATS, lanes % LANES, 1, true);
  }

  @Override
  public String implementation() {
    return "java:vector";
  }

  private static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(FLOATS, ALL, address, ORDER);
  }

  @Override
  public void binary(BinaryFunction function, long a, long b, long dst, long count) {
    switch (function) {
      case ADD -> add(a, b, dst, count);
      case SUB -> sub(a, b, dst, count);
      case MUL -> mul(a, b, dst, count);
      case DIV -> div(a, b, dst, count);
      default -> throw new AssertionError(function + " is not one of the four operations");
    }
  }

  private static void add(long a, long b, long dst, long count) {
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      FloatVector x = load(a + i * SIZE);
      x.add(load(b + i * SIZE)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, ALL.get(FLOAT, a + i * SIZE) + ALL.get(FLOAT, b + i * SIZE));
    }
  }

  private static void sub(long a, long b, long dst, long count) {
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      FloatVector x = load(a + i * SIZE);
      x.sub(load(b + i * SIZE)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, ALL.get(FLOAT, a + i * SIZE) - ALL.get(FLOAT, b + i * SIZE));
    }
  }

  private static void mul(long a, long b, long dst, long count) {
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      FloatVector x = load(a + i * SIZE);
      x.mul(load(b + i * SIZE)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, ALL.get(FLOAT, a + i * SIZE) * ALL.get(FLOAT, b + i * SIZE));
    }
  }

  private static void div(long a, long b, long dst, long count) {
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      FloatVector x = load(a + i * SIZE);
      x.div(load(b + i * SIZE)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, ALL.get(FLOAT, a + i * SIZE) / ALL.get(FLOAT, b + i * SIZE));
    }
  }

  @Override
  public void binaryRight(BinaryFunction function, long a, double b, long dst, long count) {
    float value = (float) b;
    switch (function) {
      case ADD -> addRight(a, value, dst, count);
      case SUB -> subRight(a, value, dst, count);
      case MUL -> mulRight(a, value, dst, count);
      case DIV -> divRight(a, value, dst, count);
      default -> throw new AssertionError(function + " is not one of the four operations");
    }
  }

  @Override
  public void binaryLeft(BinaryFunction function, double a, long b, long dst, long count) {
    float value = (float) a;
    switch (function) {
      case ADD -> addRight(b, value, dst, count);
      case SUB -> subLeft(value, b, dst, count);
      case MUL -> mulRight(b, value, dst, count);
      case DIV -> divLeft(value, b, dst, count);
      default -> throw new AssertionError(function + " is not one of the four operations");
    }
  }

  private static void addRight(long a, float b, long dst, long count) {
    FloatVector y = FloatVector.broadcast(FLOATS, b);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      load(a + i * SIZE).add(y).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, ALL.get(FLOAT, a + i * SIZE) + b);
    }
  }

  private static void subRight(long a, float b, long dst, long count) {
    FloatVector y = FloatVector.broadcast(FLOATS, b);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      load(a + i * SIZE).sub(y).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, ALL.get(FLOAT, a + i * SIZE) - b);
    }
  }

  private static void mulRight(long a, float b, long dst, long count) {
    FloatVector y = FloatVector.broadcast(FLOATS, b);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      load(a + i * SIZE).mul(y).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, ALL.get(FLOAT, a + i * SIZE) * b);
    }
  }

  private static void divRight(long a, float b, long dst, long count) {
    FloatVector y = FloatVector.broadcast(FLOATS, b);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      load(a + i * SIZE).div(y).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, ALL.get(FLOAT, a + i * SIZE) / b);
    }
  }

  private static void subLeft(float a, long b, long dst, long count) {
    FloatVector x = FloatVector.broadcast(FLOATS, a);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      x.sub(load(b + i * SIZE)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, a - ALL.get(FLOAT, b + i * SIZE));
    }
  }

  private static void divLeft(float a, long b, long dst, long count) {
    FloatVector x = FloatVector.broadcast(FLOATS, a);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      x.div(load(b + i * SIZE)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, a / ALL.get(FLOAT, b + i * SIZE));
    }
  }

  @Override
  public double get(long src) {
    return ALL.get(FLOAT, src);
  }

  @Override
  public void set(long dst, double value) {
    ALL.set(FLOAT, dst, (float) value);
  }

  @Override
  public void get(long src, double[] into, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = ALL.get(FLOAT, src + (long) i * SIZE);
    }
  }

  @Override
  public void set(long dst, double[] from, int count) {
    for (int i = 0; i < count; i++) {
      ALL.set(FLOAT, dst + (long) i * SIZE, (float) from[i]);
    }
  }

  @Override
  public double round(double value) {
    return (float) value;
  }

  @Override
  public void fill(long dst, double value, long count) {
    FloatVector values = FloatVector.broadcast(FLOATS, (float) value);
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      values.intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, (float) value);
    }
  }

  /** Adds the lanes: halves, then quarters, and so on. */
  static double addLanes(FloatVector x) {
    FloatVector sum = x;
    if (LANES > 8) {
      sum = sum.add(sum.rearrange(BY_8));
    }
    if (LANES > 4) {
      sum = sum.add(sum.rearrange(BY_4));
    }
    if (LANES > 2) {
      sum = sum.add(sum.rearrange(BY_2));
    }
    if (LANES > 1) {
      sum = sum.add(sum.rearrange(BY_1));
    }
    return sum.lane(0);
  }

  @Override
  public double sum(long src, long count) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = FloatVector.zero(FLOATS);
    FloatVector sum2 = FloatVector.zero(FLOATS);
    FloatVector sum3 = FloatVector.zero(FLOATS);
    long i = 0;
    while (i <= count - FOUR) {
      FloatVector run0 = FloatVector.zero(FLOATS);
      FloatVector run1 = FloatVector.zero(FLOATS);
      FloatVector run2 = FloatVector.zero(FLOATS);
      FloatVector run3 = FloatVector.zero(FLOATS);
      long last = Math.min(count, i + RUN) - FOUR;
      for (; i <= last; i += FOUR) {
        long at = src + i * SIZE;
        run0 = run0.add(load(at));
        run1 = run1.add(load(at + LANES * SIZE));
        run2 = run2.add(load(at + 2 * LANES * SIZE));
        run3 = run3.add(load(at + 3 * LANES * SIZE));
      }
      sum0 = sum0.add(run0);
      sum1 = sum1.add(run1);
      sum2 = sum2.add(run2);
      sum3 = sum3.add(run3);
    }
    for (; i <= count - LANES; i += LANES) {
      sum0 = sum0.add(load(src + i * SIZE));
    }
    double sum = count < LANES ? 0 : addLanes(sum0.add(sum1).add(sum2.add(sum3)));
    for (; i < count; i++) {
      sum += ALL.get(FLOAT, src + i * SIZE);
    }
    return sum;
  }

  @Override
  public void deviations(long src, long count, double from, double[] sums) {
    FloatVector centers = FloatVector.broadcast(FLOATS, (float) from);
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = FloatVector.zero(FLOATS);
    FloatVector square0 = FloatVector.zero(FLOATS);
    FloatVector square1 = FloatVector.zero(FLOATS);
    long i = 0;
    for (; i <= count - 2 * LANES; i += 2 * LANES) {
      FloatVector x0 = load(src + i * SIZE).sub(centers);
      FloatVector x1 = load(src + (i + LANES) * SIZE).sub(centers);
      sum0 = sum0.add(x0);
      sum1 = sum1.add(x1);
      square0 = x0.fma(x0, square0);
      square1 = x1.fma(x1, square1);
    }
    if (i <= count - LANES) {
      FloatVector x = load(src + i * SIZE).sub(centers);
      sum0 = sum0.add(x);
      square0 = x.fma(x, square0);
      i += LANES;
    }
    double sum = addLanes(sum0.add(sum1));
    double square = addLanes(square0.add(square1));
    for (; i < count; i++) {
      double x = ALL.get(FLOAT, src + i * SIZE) - from;
      sum += x;
      square += x * x;
    }
    sums[0] = sum;
    sums[1] = square;
  }

  @Override
  public double max(long src, long count) {
    FloatVector first = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, src));
    FloatVector max0 = first;
    FloatVector max1 = first;
    FloatVector max2 = first;
    FloatVector max3 = first;
    FloatVector nan = first;
    long i = 0;
    for (; i <= count - FOUR; i += FOUR) {
      long at = src + i * SIZE;
      FloatVector x0 = load(at);
      FloatVector x1 = load(at + LANES * SIZE);
      FloatVector x2 = load(at + 2 * LANES * SIZE);
      FloatVector x3 = load(at + 3 * LANES * SIZE);
      max0 = max0.blend(x0, x0.compare(VectorOperators.GT, max0));
      max1 = max1.blend(x1, x1.compare(VectorOperators.GT, max1));
      max2 = max2.blend(x2, x2.compare(VectorOperators.GT, max2));
      max3 = max3.blend(x3, x3.compare(VectorOperators.GT, max3));
      nan = nan.blend(x0, x0.test(VectorOperators.IS_NAN));
      nan = nan.blend(x1, x1.test(VectorOperators.IS_NAN));
      nan = nan.blend(x2, x2.test(VectorOperators.IS_NAN));
      nan = nan.blend(x3, x3.test(VectorOperators.IS_NAN));
    }
    for (; i <= count - LANES; i += LANES) {
      FloatVector x = load(src + i * SIZE);
      max0 = max0.blend(x, x.compare(VectorOperators.GT, max0));
      nan = nan.blend(x, x.test(VectorOperators.IS_NAN));
    }
    max0 = max0.max(max1).max(max2.max(max3));
    boolean anyNaN = nan.test(VectorOperators.IS_NAN).anyTrue();
    float max = anyNaN ? Float.NaN : max0.reduceLanes(VectorOperators.MAX);
    for (; i < count; i++) {
      max = Math.max(max, ALL.get(FLOAT, src + i * SIZE));
    }
    return max;
  }

  @Override
  public long indexOf(long src, long count, double value) {
    return Double.isNaN(value) ? indexOfNaN(src, count) : indexOf(src, count, (float) value);
  }

  private static long indexOf(long src, long count, float value) {
    FloatVector values = FloatVector.broadcast(FLOATS, value);
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      VectorMask<Float> found = load(src + i * SIZE).compare(VectorOperators.EQ, values);
      if (found.anyTrue()) {
        return i + found.firstTrue();
      }
    }
    while (ALL.get(FLOAT, src + i * SIZE) != value) {
      i++;
    }
    return i;
  }

  private static long indexOfNaN(long src, long count) {
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      VectorMask<Float> found = load(src + i * SIZE).test(VectorOperators.IS_NAN);
      if (found.anyTrue()) {
        return i + found.firstTrue();
      }
    }
    while (!Float.isNaN(ALL.get(FLOAT, src + i * SIZE))) {
      i++;
    }
    return i;
  }

  @Override
  public void sumRows(long src, long rowStride, long rows, long count, long dst) {
    ALL.asSlice(dst, count * SIZE).fill((byte) 0);
    long row = 0;
    for (; row <= rows - 8; row += 8) {
      addEightRows(src + row * rowStride, rowStride, count, dst);
    }
    for (; row < rows; row++) {
      add(dst, src + row * rowStride, dst, count);
    }
  }

  private static void addEightRows(long src, long rowStride, long count, long dst) {
    long full = FLOATS.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      long at = src + j * SIZE;
      FloatVector sum01 = load(at).add(load(at + rowStride));
      FloatVector sum23 = load(at + 2 * rowStride).add(load(at + 3 * rowStride));
      FloatVector sum45 = load(at + 4 * rowStride).add(load(at + 5 * rowStride));
      FloatVector sum67 = load(at + 6 * rowStride).add(load(at + 7 * rowStride));
      FloatVector sum = sum01.add(sum23).add(sum45.add(sum67));
      load(dst + j * SIZE).add(sum).intoMemorySegment(ALL, dst + j * SIZE, ORDER);
    }
    for (long j = full; j < count; j++) {
      double sum = ALL.get(FLOAT, dst + j * SIZE);
      for (int row = 0; row < 8; row++) {
        sum += ALL.get(FLOAT, src + row * rowStride + j * SIZE);
      }
      ALL.set(FLOAT, dst + j * SIZE, (float) sum);
    }
  }

  @Override
  public void deviationsOfRows(
      long src, long rowStride, long rows, long count, long from, long sum, long square) {
    ALL.asSlice(sum, count * SIZE).fill((byte) 0);
    ALL.asSlice(square, count * SIZE).fill((byte) 0);
    long full = FLOATS.loopBound(count) * SIZE;
    long row = 0;
    for (; row <= rows - 4; row += 4) {
      addFourDeviations(src + row * rowStride, rowStride, full, from, sum, square);
    }
    for (; row < rows; row++) {
      addDeviations(src + row * rowStride, full, from, sum, square);
    }
    double[] sums = new double[2];
    for (long j = full; j < count * SIZE; j += SIZE) {
      ScalarFloatLoops.columnDeviations(src + j, rowStride, rows, from, j, sum, square, sums);
    }
  }

  private static void addFourDeviations(
      long src, long rowStride, long full, long from, long sum, long square) {
    for (long j = 0; j < full; j += LANES * SIZE) {
      FloatVector center = load(from + j);
      FloatVector x0 = load(src + j).sub(center);
      FloatVector x1 = load(src + j + rowStride).sub(center);
      FloatVector x2 = load(src + j + 2 * rowStride).sub(center);
      FloatVector x3 = load(src + j + 3 * rowStride).sub(center);
      FloatVector sums = x0.add(x1).add(x2.add(x3));
      FloatVector squares = x1.fma(x1, x0.mul(x0)).add(x3.fma(x3, x2.mul(x2)));
      load(sum + j).add(sums).intoMemorySegment(ALL, sum + j, ORDER);
      load(square + j).add(squares).intoMemorySegment(ALL, square + j, ORDER);
    }
  }

  private static void addDeviations(long src, long full, long from, long sum, long square) {
    for (long j = 0; j < full; j += LANES * SIZE) {
      FloatVector x = load(src + j).sub(load(from + j));
      load(sum + j).add(x).intoMemorySegment(ALL, sum + j, ORDER);
      x.fma(x, load(square + j)).intoMemorySegment(ALL, square + j, ORDER);
    }
  }

  @Override
  public void maxRows(long src, long rowStride, long rows, long count, long max) {
    long row = 0;
    for (; row <= rows - 4; row += 4) {
      maxOfFourRows(src + row * rowStride, rowStride, count, max);
    }
    for (; row < rows; row++) {
      maxOfRow(src + row * rowStride, count, max);
    }
  }

  /** Returns the larger of each two elements, NaN if one is. */
  private static FloatVector larger(FloatVector max, FloatVector x) {
    VectorMask<Float> wins = x.compare(VectorOperators.GT, max).or(x.test(VectorOperators.IS_NAN));
    return max.blend(x, wins);
  }

  private static void maxOfFourRows(long src, long rowStride, long count, long max) {
    long full = FLOATS.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      long at = src + j * SIZE;
      FloatVector upper = larger(load(max + j * SIZE), load(at));
      FloatVector middle = larger(load(at + rowStride), load(at + 2 * rowStride));
      FloatVector lower = larger(middle, load(at + 3 * rowStride));
      larger(upper, lower).intoMemorySegment(ALL, max + j * SIZE, ORDER);
    }
    if (full < count) {
      for (int row = 0; row < 4; row++) {
        maxOfRow(src + row * rowStride + full * SIZE, count - full, max + full * SIZE);
      }
    }
  }

  private static void maxOfRow(long src, long count, long max) {
    long full = FLOATS.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      larger(load(max + j * SIZE), load(src + j * SIZE))
          .intoMemorySegment(ALL, max + j * SIZE, ORDER);
    }
    for (long j = full; j < count; j++) {
      float x = ALL.get(FLOAT, src + j * SIZE);
      ALL.set(FLOAT, max + j * SIZE, Math.max(ALL.get(FLOAT, max + j * SIZE), x));
    }
  }

  @Override
  public void maxWithIndex(long src, long index, long max, long where, long count) {
    IntVector indices = IntVector.broadcast(INTS, index);
    long full = FLOATS.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      FloatVector x = load(src + j * SIZE);
      FloatVector before = load(max + j * SIZE);
      VectorMask<Float> kept =
          before.compare(VectorOperators.GE, x).or(before.test(VectorOperators.IS_NAN));
      VectorMask<Float> wins = kept.not();
      before.blend(x, wins).intoMemorySegment(ALL, max + j * SIZE, ORDER);
      IntVector.fromMemorySegment(INTS, ALL, where + j * SIZE, ORDER)
          .blend(indices, wins.cast(INTS))
          .intoMemorySegment(ALL, where + j * SIZE, ORDER);
    }
    for (long j = full; j < count; j++) {
      float x = ALL.get(FLOAT, src + j * SIZE);
      float before = ALL.get(FLOAT, max + j * SIZE);
      if (!(before >= x || Float.isNaN(before))) {
        ALL.set(FLOAT, max + j * SIZE, x);
        ALL.set(INT, where + j * SIZE, (int) index);
      }
    }
  }

  @Override
  public long index(long where) {
    return ALL.get(INT, where);
  }

  @Override
  public void exp(long src, double max, long dst, long count) {
    float largest = (float) max;
    long full = FLOATS.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      VectorFloatMath.expOfLow(load(src + i * SIZE).sub(largest))
          .intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(FLOAT, dst + i * SIZE, FloatMath.expOfLow(ALL.get(FLOAT, src + i * SIZE) - largest));
    }
  }

  @Override
  public void expByColumn(long src, long max, long dst, long count) {
    long full = FLOATS.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      VectorFloatMath.expOfLow(load(src + j * SIZE).sub(load(max + j * SIZE)))
          .intoMemorySegment(ALL, dst + j * SIZE, ORDER);
    }
    for (long j = full; j < count; j++) {
      float x = ALL.get(FLOAT, src + j * SIZE) - ALL.get(FLOAT, max + j * SIZE);
      ALL.set(FLOAT, dst + j * SIZE, FloatMath.expOfLow(x));
    }
  }
}
