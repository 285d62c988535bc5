package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;

import org.gatun.DType;
import org.gatun.Layout;
import org.jspecify.annotations.Nullable;

/** Sums of the rows and the columns of matrices of 8-bit integers. */
final class ByteSums {
  private ByteSums() {}

  /** Returns the sum of integers that lie side by side. */
  static int row(QuantizationChunk chunk, long address, long count) {
    int[] values = chunk.values();
    int sum = 0;
    for (long i = 0; i < count; i += values.length) {
      int some = (int) Math.min(values.length, count - i);
      chunk.load(address + i, some);
      for (int j = 0; j < some; j++) {
        sum += values[j];
      }
    }
    return sum;
  }

  /**
   * Returns the sums of the columns of a matrix of {@code i8}, less the zero points as often as
   * there are rows.
   *
   * @param matrix its layout; the last two dimensions count
   * @param zeros the zero points of the columns, or null
   */
  static int[] columns(long address, Layout matrix, int @Nullable [] zeros) {
    int k = Math.toIntExact(matrix.dim(-2));
    int n = Math.toIntExact(matrix.dim(-1));
    int[] sums = new int[n];
    if (matrix.stride(-1) == 1) {
      QuantizationChunk chunk = new QuantizationChunk(DType.I8, n);
      int[] values = chunk.values();
      for (int first = 0; first < n; first += values.length) {
        int some = Math.min(values.length, n - first);
        for (int i = 0; i < k; i++) {
          chunk.load(address + i * matrix.stride(-2) + first, some);
          for (int j = 0; j < some; j++) {
            sums[first + j] += values[j];
          }
        }
      }
    } else if (matrix.stride(-2) == 1) {
      QuantizationChunk chunk = new QuantizationChunk(DType.I8, Math.max(1, k));
      for (int j = 0; j < n; j++) {
        sums[j] = row(chunk, address + j * matrix.stride(-1), k);
      }
    } else {
      for (int j = 0; j < n; j++) {
        for (int i = 0; i < k; i++) {
          sums[j] += ALL.get(BYTE, address + i * matrix.stride(-2) + j * matrix.stride(-1));
        }
      }
    }
    for (int j = 0; j < n && zeros != null; j++) {
      sums[j] -= k * zeros[j];
    }
    return sums;
  }
}
