package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * What {@link VectorFloatAttentionRows} computes, to the bit, in plain Java, which is compiled in
 * milliseconds: sums are those of the lanes of a vector, added up as the vector's are.
 */
final class ScalarFloatAttentionRows implements AttentionRows {
  private static final int SIZE = Float.BYTES;

  private final int lanes;

  /**
   * Makes the loops.
   *
   * @param lanes the elements of a vector, a power of two
   */
  ScalarFloatAttentionRows(int lanes) {
    this.lanes = lanes;
  }

  @Override
  public String implementation() {
    return "java:scalar";
  }

  private static float[] read(long at, int count) {
    float[] values = new float[count];
    MemorySegment.copy(ALL, FLOAT, at, values, 0, count);
    return values;
  }

  private static void write(float[] values, long at) {
    MemorySegment.copy(values, 0, ALL, FLOAT, at, values.length);
  }

  @Override
  public void max(long at, int rows, int columns, Seen seen, double[] max) {
    for (int row = 0; row < rows; row++) {
      max[row] = max(read(at + (long) row * columns * SIZE, seen.of(row, columns)));
    }
  }

  /** Returns the largest, and NaN where there is nothing else above negative infinity. */
  private static float max(float[] values) {
    float max = Float.NEGATIVE_INFINITY;
    boolean isNaN = false;
    for (float value : values) {
      max = value > max ? value : max;
      isNaN |= Float.isNaN(value);
    }
    return isNaN && max == Float.NEGATIVE_INFINITY ? Float.NaN : max;
  }

  @Override
  public void maskedMax(
      long at, int rows, int columns, Seen seen, long mask, long maskRow, double[] max) {
    for (int row = 0; row < rows; row++) {
      long to = at + (long) row * columns * SIZE;
      int count = seen.of(row, columns);
      float[] values = read(to, count);
      float[] added = read(mask + row * maskRow, count);
      for (int i = 0; i < count; i++) {
        values[i] += added[i];
      }
      write(values, to);
      max[row] = max(values);
    }
  }

  @Override
  public void exp(long at, int rows, int columns, Seen seen, double[] max, double[] sums) {
    for (int row = 0; row < rows; row++) {
      long to = at + (long) row * columns * SIZE;
      int count = max[row] == Double.NEGATIVE_INFINITY ? 0 : seen.of(row, columns);
      double sum = 0;
      for (int i = 0; i < count; i += VectorFloatAttentionRows.BLOCK) {
        int block = Math.min(VectorFloatAttentionRows.BLOCK, count - i);
        sum += exp(to + (long) i * SIZE, (float) max[row], block);
      }
      if (count < columns) {
        ALL.asSlice(to + (long) count * SIZE, (long) (columns - count) * SIZE).fill((byte) 0);
      }
      sums[row] = sum;
    }
  }

  private float exp(long at, float max, int count) {
    float[] values = read(at, count);
    float[] sums = new float[lanes];
    for (int i = 0; i < count; i++) {
      values[i] = FloatMath.expOfLow(values[i] - max);
      sums[i & (lanes - 1)] += values[i];
    }
    write(values, at);
    for (int apart = lanes / 2; apart > 0; apart /= 2) {
      for (int i = 0; i < apart; i++) {
        sums[i] += sums[i + apart];
      }
    }
    return sums[0];
  }

  @Override
  public void divide(long at, long rowBytes, int rows, int columns, double[] numbers) {
    for (int row = 0; row < rows; row++) {
      if (numbers[row] != 0) {
        float[] values = read(at + row * rowBytes, columns);
        float factor = (float) (1 / numbers[row]);
        for (int i = 0; i < columns; i++) {
          values[i] *= factor;
        }
        write(values, at + row * rowBytes);
      }
    }
  }
}
