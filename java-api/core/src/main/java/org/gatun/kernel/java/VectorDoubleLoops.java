package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.LONG;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.gatun.op.BinaryFunction;
import org.gatun.op.UnaryFunction;

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

  private static DoubleVector load(MemorySegment src, long s) {
    return DoubleVector.fromMemorySegment(DOUBLES, src, s, ORDER);
  }

  @Override
  public void unary(
      UnaryFunction function, MemorySegment src, long s, MemorySegment dst, long d, long count) {
    switch (function) {
      case RELU -> relu(src, s, dst, d, count);
      case SIGMOID -> sigmoid(src, s, dst, d, count);
      case TANH -> tanh(src, s, dst, d, count);
      case GELU -> gelu(src, s, dst, d, count);
      case GELU_TANH -> geluTanh(src, s, dst, d, count);
      case SILU -> silu(src, s, dst, d, count);
    }
  }

  private static void relu(MemorySegment src, long s, MemorySegment dst, long d, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(src, s + i * SIZE);
      VectorDoubleMath.relu(x).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, DoubleMath.relu(src.get(DOUBLE, s + i * SIZE)));
    }
  }

  private static void sigmoid(MemorySegment src, long s, MemorySegment dst, long d, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(src, s + i * SIZE);
      VectorDoubleMath.sigmoid(x).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, DoubleMath.sigmoid(src.get(DOUBLE, s + i * SIZE)));
    }
  }

  private static void tanh(MemorySegment src, long s, MemorySegment dst, long d, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(src, s + i * SIZE);
      VectorDoubleMath.tanh(x).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, Math.tanh(src.get(DOUBLE, s + i * SIZE)));
    }
  }

  private static void gelu(MemorySegment src, long s, MemorySegment dst, long d, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(src, s + i * SIZE);
      VectorDoubleMath.gelu(x).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, DoubleMath.gelu(src.get(DOUBLE, s + i * SIZE)));
    }
  }

  private static void geluTanh(MemorySegment src, long s, MemorySegment dst, long d, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(src, s + i * SIZE);
      VectorDoubleMath.geluTanh(x).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, DoubleMath.geluTanh(src.get(DOUBLE, s + i * SIZE)));
    }
  }

  private static void silu(MemorySegment src, long s, MemorySegment dst, long d, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(src, s + i * SIZE);
      VectorDoubleMath.silu(x).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, DoubleMath.silu(src.get(DOUBLE, s + i * SIZE)));
    }
  }

  @Override
  public void binary(
      BinaryFunction function,
      MemorySegment a,
      long atA,
      MemorySegment b,
      long atB,
      MemorySegment dst,
      long d,
      long count) {
    switch (function) {
      case ADD -> add(a, atA, b, atB, dst, d, count);
      case SUB -> sub(a, atA, b, atB, dst, d, count);
      case MUL -> mul(a, atA, b, atB, dst, d, count);
      case DIV -> div(a, atA, b, atB, dst, d, count);
    }
  }

  private static void add(
      MemorySegment a, long atA, MemorySegment b, long atB, MemorySegment dst, long d, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(a, atA + i * SIZE);
      x.add(load(b, atB + i * SIZE)).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, a.get(DOUBLE, atA + i * SIZE) + b.get(DOUBLE, atB + i * SIZE));
    }
  }

  private static void sub(
      MemorySegment a, long atA, MemorySegment b, long atB, MemorySegment dst, long d, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(a, atA + i * SIZE);
      x.sub(load(b, atB + i * SIZE)).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, a.get(DOUBLE, atA + i * SIZE) - b.get(DOUBLE, atB + i * SIZE));
    }
  }

  private static void mul(
      MemorySegment a, long atA, MemorySegment b, long atB, MemorySegment dst, long d, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(a, atA + i * SIZE);
      x.mul(load(b, atB + i * SIZE)).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, a.get(DOUBLE, atA + i * SIZE) * b.get(DOUBLE, atB + i * SIZE));
    }
  }

  private static void div(
      MemorySegment a, long atA, MemorySegment b, long atB, MemorySegment dst, long d, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      DoubleVector x = load(a, atA + i * SIZE);
      x.div(load(b, atB + i * SIZE)).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, a.get(DOUBLE, atA + i * SIZE) / b.get(DOUBLE, atB + i * SIZE));
    }
  }

  @Override
  public void binaryRight(
      BinaryFunction function,
      MemorySegment a,
      long atA,
      double b,
      MemorySegment dst,
      long d,
      long count) {
    switch (function) {
      case ADD -> add(a, atA, b, dst, d, count);
      case SUB -> sub(a, atA, b, dst, d, count);
      case MUL -> mul(a, atA, b, dst, d, count);
      case DIV -> div(a, atA, b, dst, d, count);
    }
  }

  @Override
  public void binaryLeft(
      BinaryFunction function,
      double a,
      MemorySegment b,
      long atB,
      MemorySegment dst,
      long d,
      long count) {
    switch (function) {
      case ADD -> add(b, atB, a, dst, d, count);
      case SUB -> sub(a, b, atB, dst, d, count);
      case MUL -> mul(b, atB, a, dst, d, count);
      case DIV -> div(a, b, atB, dst, d, count);
    }
  }

  private static void add(
      MemorySegment a, long atA, double b, MemorySegment dst, long d, long count) {
    DoubleVector y = DoubleVector.broadcast(DOUBLES, b);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      load(a, atA + i * SIZE).add(y).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, a.get(DOUBLE, atA + i * SIZE) + b);
    }
  }

  private static void sub(
      MemorySegment a, long atA, double b, MemorySegment dst, long d, long count) {
    DoubleVector y = DoubleVector.broadcast(DOUBLES, b);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      load(a, atA + i * SIZE).sub(y).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, a.get(DOUBLE, atA + i * SIZE) - b);
    }
  }

  private static void mul(
      MemorySegment a, long atA, double b, MemorySegment dst, long d, long count) {
    DoubleVector y = DoubleVector.broadcast(DOUBLES, b);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      load(a, atA + i * SIZE).mul(y).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, a.get(DOUBLE, atA + i * SIZE) * b);
    }
  }

  private static void div(
      MemorySegment a, long atA, double b, MemorySegment dst, long d, long count) {
    DoubleVector y = DoubleVector.broadcast(DOUBLES, b);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      load(a, atA + i * SIZE).div(y).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, a.get(DOUBLE, atA + i * SIZE) / b);
    }
  }

  private static void sub(
      double a, MemorySegment b, long atB, MemorySegment dst, long d, long count) {
    DoubleVector x = DoubleVector.broadcast(DOUBLES, a);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      x.sub(load(b, atB + i * SIZE)).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, a - b.get(DOUBLE, atB + i * SIZE));
    }
  }

  private static void div(
      double a, MemorySegment b, long atB, MemorySegment dst, long d, long count) {
    DoubleVector x = DoubleVector.broadcast(DOUBLES, a);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      x.div(load(b, atB + i * SIZE)).intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, a / b.get(DOUBLE, atB + i * SIZE));
    }
  }

  @Override
  public double get(MemorySegment src, long s) {
    return src.get(DOUBLE, s);
  }

  @Override
  public void set(MemorySegment dst, long d, double value) {
    dst.set(DOUBLE, d, value);
  }

  @Override
  public void get(MemorySegment src, long s, double[] into, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = src.get(DOUBLE, s + (long) i * SIZE);
    }
  }

  @Override
  public void set(MemorySegment dst, long d, double[] from, int count) {
    for (int i = 0; i < count; i++) {
      dst.set(DOUBLE, d + (long) i * SIZE, from[i]);
    }
  }

  @Override
  public double round(double value) {
    return value;
  }

  @Override
  public void fill(MemorySegment dst, long d, double value, long count) {
    DoubleVector values = DoubleVector.broadcast(DOUBLES, value);
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      values.intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, value);
    }
  }

  /** Adds the lanes: halves, then quarters, and so on. */
  private static double addLanes(DoubleVector x) {
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
  public double sum(MemorySegment src, long s, long count) {
    DoubleVector sum0 = DoubleVector.zero(DOUBLES);
    DoubleVector sum1 = DoubleVector.zero(DOUBLES);
    DoubleVector sum2 = DoubleVector.zero(DOUBLES);
    DoubleVector sum3 = DoubleVector.zero(DOUBLES);
    long i = 0;
    for (; i <= count - FOUR; i += FOUR) {
      long at = s + i * SIZE;
      sum0 = sum0.add(load(src, at));
      sum1 = sum1.add(load(src, at + LANES * SIZE));
      sum2 = sum2.add(load(src, at + 2 * LANES * SIZE));
      sum3 = sum3.add(load(src, at + 3 * LANES * SIZE));
    }
    for (; i <= count - LANES; i += LANES) {
      sum0 = sum0.add(load(src, s + i * SIZE));
    }
    double sum = count < LANES ? 0 : addLanes(sum0.add(sum1).add(sum2.add(sum3)));
    for (; i < count; i++) {
      sum += src.get(DOUBLE, s + i * SIZE);
    }
    return sum;
  }

  @Override
  public void deviations(MemorySegment src, long s, long count, double from, double[] sums) {
    DoubleVector centers = DoubleVector.broadcast(DOUBLES, from);
    DoubleVector sum0 = DoubleVector.zero(DOUBLES);
    DoubleVector sum1 = DoubleVector.zero(DOUBLES);
    DoubleVector square0 = DoubleVector.zero(DOUBLES);
    DoubleVector square1 = DoubleVector.zero(DOUBLES);
    long i = 0;
    for (; i <= count - 2 * LANES; i += 2 * LANES) {
      DoubleVector x0 = load(src, s + i * SIZE).sub(centers);
      DoubleVector x1 = load(src, s + (i + LANES) * SIZE).sub(centers);
      sum0 = sum0.add(x0);
      sum1 = sum1.add(x1);
      square0 = x0.fma(x0, square0);
      square1 = x1.fma(x1, square1);
    }
    if (i <= count - LANES) {
      DoubleVector x = load(src, s + i * SIZE).sub(centers);
      sum0 = sum0.add(x);
      square0 = x.fma(x, square0);
      i += LANES;
    }
    double sum = addLanes(sum0.add(sum1));
    double square = addLanes(square0.add(square1));
    for (; i < count; i++) {
      double x = src.get(DOUBLE, s + i * SIZE) - from;
      sum += x;
      square += x * x;
    }
    sums[0] = sum;
    sums[1] = square;
  }

  @Override
  public double max(MemorySegment src, long s, long count) {
    DoubleVector first = DoubleVector.broadcast(DOUBLES, src.get(DOUBLE, s));
    DoubleVector max0 = first;
    DoubleVector max1 = first;
    DoubleVector max2 = first;
    DoubleVector max3 = first;
    DoubleVector nan = first;
    long i = 0;
    for (; i <= count - FOUR; i += FOUR) {
      long at = s + i * SIZE;
      DoubleVector x0 = load(src, at);
      DoubleVector x1 = load(src, at + LANES * SIZE);
      DoubleVector x2 = load(src, at + 2 * LANES * SIZE);
      DoubleVector x3 = load(src, at + 3 * LANES * SIZE);
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
      DoubleVector x = load(src, s + i * SIZE);
      max0 = max0.blend(x, x.compare(VectorOperators.GT, max0));
      nan = nan.blend(x, x.test(VectorOperators.IS_NAN));
    }
    max0 = max0.max(max1).max(max2.max(max3));
    boolean anyNaN = nan.test(VectorOperators.IS_NAN).anyTrue();
    double max = anyNaN ? Double.NaN : max0.reduceLanes(VectorOperators.MAX);
    for (; i < count; i++) {
      max = Math.max(max, src.get(DOUBLE, s + i * SIZE));
    }
    return max;
  }

  @Override
  public long indexOf(MemorySegment src, long s, long count, double value) {
    return Double.isNaN(value) ? indexOfNaN(src, s, count) : indexOfNumber(src, s, count, value);
  }

  private static long indexOfNumber(MemorySegment src, long s, long count, double value) {
    DoubleVector values = DoubleVector.broadcast(DOUBLES, value);
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      VectorMask<Double> found = load(src, s + i * SIZE).compare(VectorOperators.EQ, values);
      if (found.anyTrue()) {
        return i + found.firstTrue();
      }
    }
    while (src.get(DOUBLE, s + i * SIZE) != value) {
      i++;
    }
    return i;
  }

  private static long indexOfNaN(MemorySegment src, long s, long count) {
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      VectorMask<Double> found = load(src, s + i * SIZE).test(VectorOperators.IS_NAN);
      if (found.anyTrue()) {
        return i + found.firstTrue();
      }
    }
    while (!Double.isNaN(src.get(DOUBLE, s + i * SIZE))) {
      i++;
    }
    return i;
  }

  @Override
  public void sumRows(
      MemorySegment src, long s, long rowStride, long rows, long count, MemorySegment dst, long d) {
    dst.asSlice(d, count * SIZE).fill((byte) 0);
    long row = 0;
    for (; row <= rows - 8; row += 8) {
      addEightRows(src, s + row * rowStride, rowStride, count, dst, d);
    }
    for (; row < rows; row++) {
      add(dst, d, src, s + row * rowStride, dst, d, count);
    }
  }

  private static void addEightRows(
      MemorySegment src, long s, long rowStride, long count, MemorySegment dst, long d) {
    long full = DOUBLES.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      long at = s + j * SIZE;
      DoubleVector sum01 = load(src, at).add(load(src, at + rowStride));
      DoubleVector sum23 = load(src, at + 2 * rowStride).add(load(src, at + 3 * rowStride));
      DoubleVector sum45 = load(src, at + 4 * rowStride).add(load(src, at + 5 * rowStride));
      DoubleVector sum67 = load(src, at + 6 * rowStride).add(load(src, at + 7 * rowStride));
      DoubleVector sum = sum01.add(sum23).add(sum45.add(sum67));
      load(dst, d + j * SIZE).add(sum).intoMemorySegment(dst, d + j * SIZE, ORDER);
    }
    for (long j = full; j < count; j++) {
      double sum = dst.get(DOUBLE, d + j * SIZE);
      for (int row = 0; row < 8; row++) {
        sum += src.get(DOUBLE, s + row * rowStride + j * SIZE);
      }
      dst.set(DOUBLE, d + j * SIZE, sum);
    }
  }

  @Override
  public void deviationsOfRows(
      MemorySegment src,
      long s,
      long rowStride,
      long rows,
      long count,
      MemorySegment from,
      MemorySegment sum,
      MemorySegment square) {
    sum.asSlice(0, count * SIZE).fill((byte) 0);
    square.asSlice(0, count * SIZE).fill((byte) 0);
    long full = DOUBLES.loopBound(count) * SIZE;
    long row = 0;
    for (; row <= rows - 4; row += 4) {
      addFourDeviations(src, s + row * rowStride, rowStride, full, from, sum, square);
    }
    for (; row < rows; row++) {
      addDeviations(src, s + row * rowStride, full, from, sum, square);
    }
    double[] sums = new double[2];
    for (long j = full; j < count * SIZE; j += SIZE) {
      ScalarDoubleLoops.columnDeviations(src, s + j, rowStride, rows, from, j, sum, square, sums);
    }
  }

  private static void addFourDeviations(
      MemorySegment src,
      long s,
      long rowStride,
      long full,
      MemorySegment from,
      MemorySegment sum,
      MemorySegment square) {
    for (long j = 0; j < full; j += LANES * SIZE) {
      DoubleVector center = load(from, j);
      DoubleVector x0 = load(src, s + j).sub(center);
      DoubleVector x1 = load(src, s + j + rowStride).sub(center);
      DoubleVector x2 = load(src, s + j + 2 * rowStride).sub(center);
      DoubleVector x3 = load(src, s + j + 3 * rowStride).sub(center);
      DoubleVector sums = x0.add(x1).add(x2.add(x3));
      DoubleVector squares = x1.fma(x1, x0.mul(x0)).add(x3.fma(x3, x2.mul(x2)));
      load(sum, j).add(sums).intoMemorySegment(sum, j, ORDER);
      load(square, j).add(squares).intoMemorySegment(square, j, ORDER);
    }
  }

  private static void addDeviations(
      MemorySegment src,
      long s,
      long full,
      MemorySegment from,
      MemorySegment sum,
      MemorySegment square) {
    for (long j = 0; j < full; j += LANES * SIZE) {
      DoubleVector x = load(src, s + j).sub(load(from, j));
      load(sum, j).add(x).intoMemorySegment(sum, j, ORDER);
      x.fma(x, load(square, j)).intoMemorySegment(square, j, ORDER);
    }
  }

  @Override
  public void maxRows(
      MemorySegment src, long s, long rowStride, long rows, long count, MemorySegment max, long m) {
    long row = 0;
    for (; row <= rows - 4; row += 4) {
      maxOfFourRows(src, s + row * rowStride, rowStride, count, max, m);
    }
    for (; row < rows; row++) {
      maxOfRow(src, s + row * rowStride, count, max, m);
    }
  }

  /** Returns the larger of each two elements, NaN if one is. */
  private static DoubleVector larger(DoubleVector max, DoubleVector x) {
    VectorMask<Double> wins = x.compare(VectorOperators.GT, max).or(x.test(VectorOperators.IS_NAN));
    return max.blend(x, wins);
  }

  private static void maxOfFourRows(
      MemorySegment src, long s, long rowStride, long count, MemorySegment max, long m) {
    long full = DOUBLES.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      long at = s + j * SIZE;
      DoubleVector upper = larger(load(max, m + j * SIZE), load(src, at));
      DoubleVector middle = larger(load(src, at + rowStride), load(src, at + 2 * rowStride));
      DoubleVector lower = larger(middle, load(src, at + 3 * rowStride));
      larger(upper, lower).intoMemorySegment(max, m + j * SIZE, ORDER);
    }
    if (full < count) {
      for (int row = 0; row < 4; row++) {
        maxOfRow(src, s + row * rowStride + full * SIZE, count - full, max, m + full * SIZE);
      }
    }
  }

  private static void maxOfRow(MemorySegment src, long s, long count, MemorySegment max, long m) {
    long full = DOUBLES.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      larger(load(max, m + j * SIZE), load(src, s + j * SIZE))
          .intoMemorySegment(max, m + j * SIZE, ORDER);
    }
    for (long j = full; j < count; j++) {
      double x = src.get(DOUBLE, s + j * SIZE);
      max.set(DOUBLE, m + j * SIZE, Math.max(max.get(DOUBLE, m + j * SIZE), x));
    }
  }

  @Override
  public void maxWithIndex(
      MemorySegment src,
      long s,
      long index,
      MemorySegment max,
      long m,
      MemorySegment where,
      long w,
      long count) {
    LongVector indices = LongVector.broadcast(LONGS, index);
    long full = DOUBLES.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      DoubleVector x = load(src, s + j * SIZE);
      DoubleVector before = load(max, m + j * SIZE);
      VectorMask<Double> kept =
          before.compare(VectorOperators.GE, x).or(before.test(VectorOperators.IS_NAN));
      VectorMask<Double> wins = kept.not();
      before.blend(x, wins).intoMemorySegment(max, m + j * SIZE, ORDER);
      LongVector.fromMemorySegment(LONGS, where, w + j * SIZE, ORDER)
          .blend(indices, wins.cast(LONGS))
          .intoMemorySegment(where, w + j * SIZE, ORDER);
    }
    for (long j = full; j < count; j++) {
      double x = src.get(DOUBLE, s + j * SIZE);
      double before = max.get(DOUBLE, m + j * SIZE);
      if (!(before >= x || Double.isNaN(before))) {
        max.set(DOUBLE, m + j * SIZE, x);
        where.set(LONG, w + j * SIZE, index);
      }
    }
  }

  @Override
  public long index(MemorySegment where, long w) {
    return where.get(LONG, w);
  }

  @Override
  public void exp(MemorySegment src, long s, double max, MemorySegment dst, long d, long count) {
    long full = DOUBLES.loopBound(count);
    for (long i = 0; i < full; i += LANES) {
      VectorDoubleMath.exp(load(src, s + i * SIZE).sub(max))
          .intoMemorySegment(dst, d + i * SIZE, ORDER);
    }
    for (long i = full; i < count; i++) {
      dst.set(DOUBLE, d + i * SIZE, Math.exp(src.get(DOUBLE, s + i * SIZE) - max));
    }
  }

  @Override
  public void exp(
      MemorySegment src, long s, MemorySegment max, long m, MemorySegment dst, long d, long count) {
    long full = DOUBLES.loopBound(count);
    for (long j = 0; j < full; j += LANES) {
      VectorDoubleMath.exp(load(src, s + j * SIZE).sub(load(max, m + j * SIZE)))
          .intoMemorySegment(dst, d + j * SIZE, ORDER);
    }
    for (long j = full; j < count; j++) {
      double x = src.get(DOUBLE, s + j * SIZE) - max.get(DOUBLE, m + j * SIZE);
      dst.set(DOUBLE, d + j * SIZE, Math.exp(x));
    }
  }
}
