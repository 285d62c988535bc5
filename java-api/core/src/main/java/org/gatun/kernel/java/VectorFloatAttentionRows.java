package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link AttentionRows} of {@code float}s with the Vector API: three short loops, since one that
 * does all of it is slower. The last elements of a row are a vector with a mask.
 */
final class VectorFloatAttentionRows implements AttentionRows {
  private static final VectorSpecies<Float> FLOATS = VectorFloatMath.FLOATS;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = FLOATS.length();
  private static final int SIZE = Float.BYTES;

  /** The most elements that are summed up in the dtype: some hundred in each lane. */
  static final int BLOCK = 1024;

  VectorFloatAttentionRows() {}

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

  private static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  @Override
  public void max(long at, int rows, int columns, Seen seen, double[] max) {
    for (int row = 0; row < rows; row++) {
      max[row] = max(at + (long) row * columns * SIZE, seen.of(row, columns));
    }
  }

  private static float max(long at, int count) {
    FloatVector max0 = all(Float.NEGATIVE_INFINITY);
    FloatVector max1 = max0;
    int full = FLOATS.loopBound(count);
    int i = 0;
    for (; i <= count - 2 * LANES; i += 2 * LANES) {
      FloatVector x0 = load(at + (long) i * SIZE);
      FloatVector x1 = load(at + (long) (i + LANES) * SIZE);
      max0 = max0.blend(x0, x0.compare(VectorOperators.GT, max0));
      max1 = max1.blend(x1, x1.compare(VectorOperators.GT, max1));
    }
    if (i < full) {
      FloatVector x = load(at + (long) i * SIZE);
      max0 = max0.blend(x, x.compare(VectorOperators.GT, max0));
    }
    if (full < count) {
      VectorMask<Float> mask = FLOATS.indexInRange(full, count);
      FloatVector x = load(at + (long) full * SIZE, mask);
      max1 = max1.blend(x, x.compare(VectorOperators.GT, max1).and(mask));
    }
    FloatVector max = max0.blend(max1, max1.compare(VectorOperators.GT, max0));
    int most = ordered(max.reinterpretAsInts()).reduceLanes(VectorOperators.MAX);
    return largest(most, at, count);
  }

  /**
   * Returns the number whose bits {@link #ordered} made an integer of. NaN is not found by the
   * loops, nor needs to be: it makes its own exponential NaN, and so the sum. But in a row that has
   * nothing larger than negative infinity it would be lost.
   */
  private static float largest(int most, long at, int count) {
    float largest = Float.intBitsToFloat(most ^ (most >> 31 & Integer.MAX_VALUE));
    return largest == Float.NEGATIVE_INFINITY && hasNaN(at, count) ? Float.NaN : largest;
  }

  /** Returns integers in the order of the numbers: the vectors' own maximum looks for NaN. */
  private static IntVector ordered(IntVector bits) {
    return bits.lanewise(
        VectorOperators.XOR, bits.lanewise(VectorOperators.ASHR, 31).and(Integer.MAX_VALUE));
  }

  private static boolean hasNaN(long at, int count) {
    for (int i = 0; i < count; i++) {
      if (Float.isNaN(ALL.get(Elements.FLOAT, at + (long) i * SIZE))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void maskedMax(
      long at, int rows, int columns, Seen seen, long mask, long maskRow, double[] max) {
    for (int row = 0; row < rows; row++) {
      long to = at + (long) row * columns * SIZE;
      max[row] = maskedMax(to, mask + row * maskRow, seen.of(row, columns));
    }
  }

  private static float maskedMax(long at, long added, int count) {
    FloatVector max = all(Float.NEGATIVE_INFINITY);
    int full = FLOATS.loopBound(count);
    for (int i = 0; i < full; i += LANES) {
      FloatVector x = load(at + (long) i * SIZE).add(load(added + (long) i * SIZE));
      x.intoMemorySegment(ALL, at + (long) i * SIZE, ORDER);
      max = max.blend(x, x.compare(VectorOperators.GT, max));
    }
    if (full < count) {
      VectorMask<Float> mask = FLOATS.indexInRange(full, count);
      FloatVector x =
          load(at + (long) full * SIZE, mask).add(load(added + (long) full * SIZE, mask));
      x.intoMemorySegment(ALL, at + (long) full * SIZE, ORDER, mask);
      max = max.blend(x, x.compare(VectorOperators.GT, max).and(mask));
    }
    int most = ordered(max.reinterpretAsInts()).reduceLanes(VectorOperators.MAX);
    return largest(most, at, count);
  }

  @Override
  public void exp(long at, int rows, int columns, Seen seen, double[] max, double[] sums) {
    for (int row = 0; row < rows; row++) {
      long to = at + (long) row * columns * SIZE;
      int count = max[row] == Double.NEGATIVE_INFINITY ? 0 : seen.of(row, columns);
      double sum = 0;
      for (int i = 0; i < count; i += BLOCK) {
        sum += exp(to + (long) i * SIZE, (float) max[row], Math.min(BLOCK, count - i));
      }
      if (count < columns) {
        ALL.asSlice(to + (long) count * SIZE, (long) (columns - count) * SIZE).fill((byte) 0);
      }
      sums[row] = sum;
    }
  }

  private static double exp(long at, float max, int count) {
    FloatVector sum = all(0);
    int full = FLOATS.loopBound(count);
    for (int i = 0; i < full; i += LANES) {
      FloatVector e = VectorFloatMath.expOfLow(load(at + (long) i * SIZE).sub(max));
      e.intoMemorySegment(ALL, at + (long) i * SIZE, ORDER);
      sum = sum.add(e);
    }
    if (full < count) {
      VectorMask<Float> mask = FLOATS.indexInRange(full, count);
      FloatVector e = VectorFloatMath.expOfLow(load(at + (long) full * SIZE, mask).sub(max));
      e.intoMemorySegment(ALL, at + (long) full * SIZE, ORDER, mask);
      sum = sum.add(e.blend(0f, mask.not()));
    }
    // Here and not in a method: where that is not inlined, the vector of each row is boxed.
    if (LANES > 8) {
      sum = sum.add(sum.rearrange(VectorFloatLoops.BY_8));
    }
    if (LANES > 4) {
      sum = sum.add(sum.rearrange(VectorFloatLoops.BY_4));
    }
    if (LANES > 2) {
      sum = sum.add(sum.rearrange(VectorFloatLoops.BY_2));
    }
    if (LANES > 1) {
      sum = sum.add(sum.rearrange(VectorFloatLoops.BY_1));
    }
    return sum.lane(0);
  }

  @Override
  public void divide(long at, long rowBytes, int rows, int columns, double[] numbers) {
    int full = FLOATS.loopBound(columns);
    VectorMask<Float> mask = FLOATS.indexInRange(full, columns);
    for (int row = 0; row < rows; row++) {
      if (numbers[row] == 0) {
        continue;
      }
      long to = at + row * rowBytes;
      FloatVector factor = all((float) (1 / numbers[row]));
      for (int i = 0; i < full; i += LANES) {
        load(to + (long) i * SIZE).mul(factor).intoMemorySegment(ALL, to + (long) i * SIZE, ORDER);
      }
      if (full < columns) {
        load(to + (long) full * SIZE, mask)
            .mul(factor)
            .intoMemorySegment(ALL, to + (long) full * SIZE, ORDER, mask);
      }
    }
  }
}
