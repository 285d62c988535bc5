package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.op.IntegerRange;
import org.gatun.op.QuantizedResult;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of a result of rows of sums, which were taken of integers as they are: takes the zero
 * points' part away, scales, adds the bias, rounds. Scales are multiplied with each other first, as
 * ONNX Runtime does, so that results agree with its to the last bit.
 */
final class QuantizedRow {
  private final QuantizedResult result;
  private final QuantizedColumns columns;
  private final int count;
  private final float[] factors;
  private final float[] numbers;
  private final QuantizationChunk sums;
  private final @Nullable QuantizationChunk bytes;
  private final @Nullable QuantizationLoops loops;
  private final QuantizationLoops.@Nullable Bounds bounds;
  private float scaled = Float.NaN;

  /**
   * Makes one for a thread.
   *
   * @param count the columns
   * @param loops the vector loops that there are
   */
  QuantizedRow(
      QuantizedResult result,
      QuantizedColumns columns,
      int count,
      @Nullable QuantizationLoops loops) {
    this.loops = loops;
    this.result = result;
    this.columns = columns;
    this.count = count;
    this.factors = new float[result.isScaled() ? count : 0];
    this.sums = new QuantizationChunk(DType.I32, count);
    this.numbers = new float[result.isScaled() ? sums.values().length : 0];
    this.bytes = result.isQuantized() ? new QuantizationChunk(result.dtype(), count) : null;
    IntegerRange range = result.dtype() == DType.U8 ? IntegerRange.U8 : IntegerRange.I8;
    this.bounds =
        result.isQuantized()
            ? new QuantizationLoops.Bounds(columns.resultZero(), range.lowest(), range.highest())
            : null;
  }

  /**
   * Makes a row.
   *
   * @param from the address of the sums; it may be that of the result
   * @param to the address of the result
   * @param zero the row's zero point
   * @param corrections for each column what the zero point is multiplied with, to be taken away
   * @param rowSum the sum of the row's integers
   * @param scale the row's scale
   */
  void run(long from, long to, int zero, int[] corrections, int rowSum, float scale) {
    if (result.isScaled()) {
      scale(scale);
    }
    int first = 0;
    if (loops != null && result.isScaled()) {
      first =
          loops.row(
              from,
              to,
              count,
              new QuantizationLoops.RowTerms(
                  zero,
                  corrections,
                  rowSum,
                  columns.zeros(),
                  columns.addends(),
                  factors,
                  columns.bias(),
                  columns.resultScale(),
                  bounds));
    }
    int size = sums.values().length;
    for (; first < count; first += size) {
      int some = Math.min(size, count - first);
      sums.load(from + (long) first * Integer.BYTES, some);
      correct(first, some, zero, corrections, rowSum);
      long at = to + (long) first * result.dtype().byteSize();
      if (!result.isScaled()) {
        sums.store(at, some);
        continue;
      }
      multiply(first, some);
      if (bytes == null || bounds == null) {
        MemorySegment.copy(numbers, 0, ALL, FLOAT, at, some);
      } else {
        Rounding.round(numbers, some, bounds.zero(), bounds.low(), bounds.high(), bytes.values());
        bytes.store(at, some);
      }
    }
  }

  private void scale(float scale) {
    if (scale == scaled) {
      return;
    }
    float[] scales = columns.scales();
    for (int i = 0; i < count; i++) {
      factors[i] = scale * scales[i];
    }
    if (columns.bias() == null && result.isQuantized()) {
      float divisor = columns.resultScale();
      for (int i = 0; i < count; i++) {
        factors[i] /= divisor;
      }
    }
    scaled = scale;
  }

  private void correct(int first, int some, int zero, int[] corrections, int rowSum) {
    int[] values = sums.values();
    if (zero != 0) {
      for (int i = 0; i < some; i++) {
        values[i] -= zero * corrections[first + i];
      }
    }
    int[] zeros = columns.zeros();
    if (zeros != null) {
      for (int i = 0; i < some; i++) {
        values[i] -= zeros[first + i] * rowSum;
      }
    }
    int[] addends = columns.addends();
    if (addends != null) {
      for (int i = 0; i < some; i++) {
        values[i] += addends[first + i];
      }
    }
  }

  private void multiply(int first, int some) {
    int[] values = sums.values();
    for (int i = 0; i < some; i++) {
      numbers[i] = values[i] * factors[first + i];
    }
    float[] bias = columns.bias();
    if (bias == null) {
      return;
    }
    for (int i = 0; i < some; i++) {
      numbers[i] += bias[first + i];
    }
    if (result.isQuantized()) {
      float divisor = columns.resultScale();
      for (int i = 0; i < some; i++) {
        numbers[i] /= divisor;
      }
    }
  }
}
