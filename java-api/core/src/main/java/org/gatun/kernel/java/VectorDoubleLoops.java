package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.LONG;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.gatun.op.BinaryFunction;

/**
 * Loops over {@code double}s with the Vector API, of the width that the CPU prefers.
 *
 * <p>Each is full vectors, then single elements: masked tails cost more. Each has a method of its
 * own: what is compiled together is slow together. Sums have several accumulators, and add their
 * lanes in a fixed order, which {@code reduceLanes} does not promise.
 */
final class VectorDoubleLoops implements Loops {
  private static final VectorSpecies<Double> DOUBLES = VectorDoubleMath.DOUBLES;
  private static final VectorSpecies<Long> LONGS =
      VectorSpecies.of(long.class, DOUBLES.vectorShape());
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = DOUBLES.length();
  private static final int SIZE = Double.BYTES;

  /** Elements that a loop with four accumulators takes at a time. */
  private static final int FOUR = 4 * LANES;

  private static final VectorShuffle<Double> BY_4 = rotation(4);
  private static final VectorShuffle<Double> BY_2 = rotation(2);
  private static final VectorShuffle<Double> BY_1 = rotation(1);

  VectorDoubleLoops() {}

  private static VectorShuffle<Double> rotation(int lanes) {
    return VectorShuffle.iota(DOUBLES, lanes % LANES, 1, true);
  }

  @Override
  public String implementation() {
    return "java:vector";
  }

  private static DoubleVector load(long address) {
    return DoubleVector.fromMemorySegment(DOUBLES, ALL, address, ORDER);
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
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(a + i * SIZE);
      x.add(load(b + i * SIZE)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(
          DOUBLE, dst + i * SIZE, ALL.get(DOUBLE, a + i * SIZE) + ALL.get(DOUBLE, b + i * SIZE));
    }
  }

  private static void sub(long a, long b, long dst, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(a + i * SIZE);
      x.sub(load(b + i * SIZE)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(
          DOUBLE, dst + i * SIZE, ALL.get(DOUBLE, a + i * SIZE) - ALL.get(DOUBLE, b + i * SIZE));
    }
  }

  private static void mul(long a, long b, long dst, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(a + i * SIZE);
      x.mul(load(b + i * SIZE)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(
          DOUBLE, dst + i * SIZE, ALL.get(DOUBLE, a + i * SIZE) * ALL.get(DOUBLE, b + i * SIZE));
    }
  }

  private static void div(long a, long b, long dst, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(a + i * SIZE);
      x.div(load(b + i * SIZE)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(
          DOUBLE, dst + i * SIZE, ALL.get(DOUBLE, a + i * SIZE) / ALL.get(DOUBLE, b + i * SIZE));
    }
  }

  @Override
  public void binaryRight(BinaryFunction function, long a, double b, long dst, long count) {
    switch (function) {
      case ADD -> addRight(a, b, dst, count);
      case SUB -> subRight(a, b, dst, count);
      case MUL -> mulRight(a, b, dst, count);
      case DIV -> divRight(a, b, dst, count);
      default -> throw new AssertionError(function + " is not one of the four operations");
    }
  }

  @Override
  public void binaryLeft(BinaryFunction function, double a, long b, long dst, long count) {
    switch (function) {
      case ADD -> addRight(b, a, dst, count);
      case SUB -> subLeft(a, b, dst, count);
      case MUL -> mulRight(b, a, dst, count);
      case DIV -> divLeft(a, b, dst, count);
      default -> throw new AssertionError(function + " is not one of the four operations");
    }
  }

  private static void addRight(long a, double b, long dst, long count) {
    DoubleVector y = DoubleVector.broadcast(DOUBLES, b);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      load(a + i * SIZE).add(y).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(DOUBLE, dst + i * SIZE, ALL.get(DOUBLE, a + i * SIZE) + b);
    }
  }

  private static void subRight(long a, double b, long dst, long count) {
    DoubleVector y = DoubleVector.broadcast(DOUBLES, b);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      load(a + i * SIZE).sub(y).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(DOUBLE, dst + i * SIZE, ALL.get(DOUBLE, a + i * SIZE) - b);
    }
  }

  private static void mulRight(long a, double b, long dst, long count) {
    DoubleVector y = DoubleVector.broadcast(DOUBLES, b);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      load(a + i * SIZE).mul(y).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(DOUBLE, dst + i * SIZE, ALL.get(DOUBLE, a + i * SIZE) * b);
    }
  }

  private static void divRight(long a, double b, long dst, long count) {
    DoubleVector y = DoubleVector.broadcast(DOUBLES, b);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      load(a + i * SIZE).div(y).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(DOUBLE, dst + i * SIZE, ALL.get(DOUBLE, a + i * SIZE) / b);
    }
  }

  private static void subLeft(double a, long b, long dst, long count) {
    DoubleVector x = DoubleVector.broadcast(DOUBLES, a);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      x.sub(load(b + i * SIZE)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(DOUBLE, dst + i * SIZE, a - ALL.get(DOUBLE, b + i * SIZE));
    }
  }

  private static void divLeft(double a, long b, long dst, long count) {
    DoubleVector x = DoubleVector.broadcast(DOUBLES, a);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      x.div(load(b + i * SIZE)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(DOUBLE, dst + i * SIZE, a / ALL.get(DOUBLE, b + i * SIZE));
    }
  }

  @Override
  public double get(long src) {
    return ALL.get(DOUBLE, src);
  }

  @Override
  public void set(long dst, double value) {
    ALL.set(DOUBLE, dst, value);
  }

  @Override
  public void get(long src, double[] into, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = ALL.get(DOUBLE, src + (long) i * SIZE);
    }
  }

  @Override
  public void set(long dst, double[] from, int count) {
    for (int i = 0; i < count; i++) {
      ALL.set(DOUBLE, dst + (long) i * SIZE, from[i]);
    }
  }

  @Override
  public double round(double value) {
    return value;
  }

  @Override
  public void fill(long dst, double value, long count) {
    DoubleVector values = DoubleVector.broadcast(DOUBLES, value);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      values.intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(DOUBLE, dst + i * SIZE, value);
    }
  }

  /** Adds the lanes: halves, then quarters, and so on. */
  static double addLanes(DoubleVector x) {
    DoubleVector sum = x;
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
    DoubleVector sum0 = DoubleVector.zero(DOUBLES);
    DoubleVector sum1 = DoubleVector.zero(DOUBLES);
    DoubleVector sum2 = DoubleVector.zero(DOUBLES);
    DoubleVector sum3 = DoubleVector.zero(DOUBLES);
    long i = 0;
    for (; i <= count - FOUR; i += FOUR) {
      long at = src + i * SIZE;
      sum0 = sum0.add(load(at));
      sum1 = sum1.add(load(at + LANES * SIZE));
      sum2 = sum2.add(load(at + 2 * LANES * SIZE));
      sum3 = sum3.add(load(at + 3 * LANES * SIZE));
    }
    for (; i <= count - LANES; i += LANES) {
      sum0 = sum0.add(load(src + i * SIZE));
    }
    double sum = count < LANES ? 0 : addLanes(sum0.add(sum1).add(sum2.add(sum3)));
    for (; i < count; i++) {
      sum += ALL.get(DOUBLE, src + i * SIZE);
    }
    return sum;
  }

  @Override
  public void deviations(long src, long count, double from, double[] sums) {
    DoubleVector centers = DoubleVector.broadcast(DOUBLES, from);
    DoubleVector sum0 = DoubleVector.zero(DOUBLES);
    DoubleVector sum1 = DoubleVector.zero(DOUBLES);
    DoubleVector square0 = DoubleVector.zero(DOUBLES);
    DoubleVector square1 = DoubleVector.zero(DOUBLES);
    long i = 0;
    for (; i <= count - 2 * LANES; i += 2 * LANES) {
      DoubleVector x0 = load(src + i * SIZE).sub(centers);
      DoubleVector x1 = load(src + (i + LANES) * SIZE).sub(centers);
      sum0 = sum0.add(x0);
      sum1 = sum1.add(x1);
      square0 = x0.fma(x0, square0);
      square1 = x1.fma(x1, square1);
    }
    if (i <= count - LANES) {
      DoubleVector x = load(src + i * SIZE).sub(centers);
      sum0 = sum0.add(x);
      square0 = x.fma(x, square0);
      i += LANES;
    }
    double sum = addLanes(sum0.add(sum1));
    double square = addLanes(square0.add(square1));
    for (; i < count; i++) {
      double x = ALL.get(DOUBLE, src + i * SIZE) - from;
      sum += x;
      square += x * x;
    }
    sums[0] = sum;
    sums[1] = square;
  }

  @Override
  public double max(long src, long count) {
    DoubleVector first = DoubleVector.broadcast(DOUBLES, ALL.get(DOUBLE, src));
    DoubleVector max0 = first;
    DoubleVector max1 = first;
    DoubleVector max2 = first;
    DoubleVector max3 = first;
    DoubleVector nan = first;
    long i = 0;
    for (; i <= count - FOUR; i += FOUR) {
      long at = src + i * SIZE;
      DoubleVector x0 = load(at);
      DoubleVector x1 = load(at + LANES * SIZE);
      DoubleVector x2 = load(at + 2 * LANES * SIZE);
      DoubleVector x3 = load(at + 3 * LANES * SIZE);
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
      DoubleVector x = load(src + i * SIZE);
      max0 = max0.blend(x, x.compare(VectorOperators.GT, max0));
      nan = nan.blend(x, x.test(VectorOperators.IS_NAN));
    }
    max0 = max0.max(max1).max(max2.max(max3));
    boolean anyNaN = nan.test(VectorOperators.IS_NAN).anyTrue();
    double max = anyNaN ? Double.NaN : max0.reduceLanes(VectorOperators.MAX);
    for (; i < count; i++) {
      max = Math.max(max, ALL.get(DOUBLE, src + i * SIZE));
    }
    return max;
  }

  @Override
  public long indexOf(long src, long count, double value) {
    return Double.isNaN(value) ? indexOfNaN(src, count) : indexOfNumber(src, count, value);
  }

  private static long indexOfNumber(long src, long count, double value) {
    DoubleVector values = DoubleVector.broadcast(DOUBLES, value);
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      VectorMask<Double> found = load(src + i * SIZE).compare(VectorOperators.EQ, values);
      if (found.anyTrue()) {
        return i + found.firstTrue();
      }
    }
    while (ALL.get(DOUBLE, src + i * SIZE) != value) {
      i++;
    }
    return i;
  }

  private static long indexOfNaN(long src, long count) {
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      VectorMask<Double> found = load(src + i * SIZE).test(VectorOperators.IS_NAN);
      if (found.anyTrue()) {
        return i + found.firstTrue();
      }
    }
    while (!Double.isNaN(ALL.get(DOUBLE, src + i * SIZE))) {
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
    long full = DOUBLES.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      long at = src + j * SIZE;
      DoubleVector sum01 = load(at).add(load(at + rowStride));
      DoubleVector sum23 = load(at + 2 * rowStride).add(load(at + 3 * rowStride));
      DoubleVector sum45 = load(at + 4 * rowStride).add(load(at + 5 * rowStride));
      DoubleVector sum67 = load(at + 6 * rowStride).add(load(at + 7 * rowStride));
      DoubleVector sum = sum01.add(sum23).add(sum45.add(sum67));
      load(dst + j * SIZE).add(sum).intoMemorySegment(ALL, dst + j * SIZE, ORDER);
    }
    for (long j = full; j < count; j++) {
      double sum = ALL.get(DOUBLE, dst + j * SIZE);
      for (int row = 0; row < 8; row++) {
        sum += ALL.get(DOUBLE, src + row * rowStride + j * SIZE);
      }
      ALL.set(DOUBLE, dst + j * SIZE, sum);
    }
  }

  @Override
  public void deviationsOfRows(
      long src, long rowStride, long rows, long count, long from, long sum, long square) {
    ALL.asSlice(sum, count * SIZE).fill((byte) 0);
    ALL.asSlice(square, count * SIZE).fill((byte) 0);
    long full = DOUBLES.loopBound(count) * SIZE;
    long row = 0;
    for (; row <= rows - 4; row += 4) {
      addFourDeviations(src + row * rowStride, rowStride, full, from, sum, square);
    }
    for (; row < rows; row++) {
      addDeviations(src + row * rowStride, full, from, sum, square);
    }
    double[] sums = new double[2];
    for (long j = full; j < count * SIZE; j += SIZE) {
      ScalarDoubleLoops.columnDeviations(src + j, rowStride, rows, from, j, sum, square, sums);
    }
  }

  private static void addFourDeviations(
      long src, long rowStride, long full, long from, long sum, long square) {
    for (long j = 0; j < full; j += LANES * SIZE) {
      DoubleVector center = load(from + j);
      DoubleVector x0 = load(src + j).sub(center);
      DoubleVector x1 = load(src + j + rowStride).sub(center);
      DoubleVector x2 = load(src + j + 2 * rowStride).sub(center);
      DoubleVector x3 = load(src + j + 3 * rowStride).sub(center);
      DoubleVector sums = x0.add(x1).add(x2.add(x3));
      DoubleVector squares = x1.fma(x1, x0.mul(x0)).add(x3.fma(x3, x2.mul(x2)));
      load(sum + j).add(sums).intoMemorySegment(ALL, sum + j, ORDER);
      load(square + j).add(squares).intoMemorySegment(ALL, square + j, ORDER);
    }
  }

  private static void addDeviations(long src, long full, long from, long sum, long square) {
    for (long j = 0; j < full; j += LANES * SIZE) {
      DoubleVector x = load(src + j).sub(load(from + j));
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
  private static DoubleVector larger(DoubleVector max, DoubleVector x) {
    VectorMask<Double> wins = x.compare(VectorOperators.GT, max).or(x.test(VectorOperators.IS_NAN));
    return max.blend(x, wins);
  }

  private static void maxOfFourRows(long src, long rowStride, long count, long max) {
    long full = DOUBLES.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      long at = src + j * SIZE;
      DoubleVector upper = larger(load(max + j * SIZE), load(at));
      DoubleVector middle = larger(load(at + rowStride), load(at + 2 * rowStride));
      DoubleVector lower = larger(middle, load(at + 3 * rowStride));
      larger(upper, lower).intoMemorySegment(ALL, max + j * SIZE, ORDER);
    }
    if (full < count) {
      for (int row = 0; row < 4; row++) {
        maxOfRow(src + row * rowStride + full * SIZE, count - full, max + full * SIZE);
      }
    }
  }

  private static void maxOfRow(long src, long count, long max) {
    long full = DOUBLES.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      larger(load(max + j * SIZE), load(src + j * SIZE))
          .intoMemorySegment(ALL, max + j * SIZE, ORDER);
    }
    for (long j = full; j < count; j++) {
      double x = ALL.get(DOUBLE, src + j * SIZE);
      ALL.set(DOUBLE, max + j * SIZE, Math.max(ALL.get(DOUBLE, max + j * SIZE), x));
    }
  }

  @Override
  public void maxWithIndex(long src, long index, long max, long where, long count) {
    LongVector indices = LongVector.broadcast(LONGS, index);
    long full = DOUBLES.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      DoubleVector x = load(src + j * SIZE);
      DoubleVector before = load(max + j * SIZE);
      VectorMask<Double> kept =
          before.compare(VectorOperators.GE, x).or(before.test(VectorOperators.IS_NAN));
      VectorMask<Double> wins = kept.not();
      before.blend(x, wins).intoMemorySegment(ALL, max + j * SIZE, ORDER);
      LongVector.fromMemorySegment(LONGS, ALL, where + j * SIZE, ORDER)
          .blend(indices, wins.cast(LONGS))
          .intoMemorySegment(ALL, where + j * SIZE, ORDER);
    }
    for (long j = full; j < count; j++) {
      double x = ALL.get(DOUBLE, src + j * SIZE);
      double before = ALL.get(DOUBLE, max + j * SIZE);
      if (!(before >= x || Double.isNaN(before))) {
        ALL.set(DOUBLE, max + j * SIZE, x);
        ALL.set(LONG, where + j * SIZE, index);
      }
    }
  }

  @Override
  public long index(long where) {
    return ALL.get(LONG, where);
  }

  @Override
  public void exp(long src, double max, long dst, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleLanes.exp(load(src + i * SIZE).sub(max)).intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      ALL.set(DOUBLE, dst + i * SIZE, Math.exp(ALL.get(DOUBLE, src + i * SIZE) - max));
    }
  }

  @Override
  public void expByColumn(long src, long max, long dst, long count) {
    long full = DOUBLES.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      DoubleLanes.exp(load(src + j * SIZE).sub(load(max + j * SIZE)))
          .intoMemorySegment(ALL, dst + j * SIZE, ORDER);
    }
    for (long j = full; j < count; j++) {
      double x = ALL.get(DOUBLE, src + j * SIZE) - ALL.get(DOUBLE, max + j * SIZE);
      ALL.set(DOUBLE, dst + j * SIZE, Math.exp(x));
    }
  }
}
