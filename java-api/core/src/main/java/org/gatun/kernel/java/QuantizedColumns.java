package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;
import static org.gatun.kernel.java.Elements.INT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.DType;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.QuantizedResult;
import org.jspecify.annotations.Nullable;

/**
 * What goes with the columns of the sums of products: zero points, scales, the bias, and the scale
 * and zero point of the result.
 *
 * @param zeros the zero points of the second operand, null where all are 0
 * @param scales its scales, of no elements where sums are not scaled
 * @param addends a bias of integers, null where there is none
 * @param bias a bias of numbers, null where there is none
 * @param resultScale the scale of the result, 1 where it is not quantized
 * @param resultZero its zero point
 */
record QuantizedColumns(
    int @Nullable [] zeros,
    float[] scales,
    int @Nullable [] addends,
    float @Nullable [] bias,
    float resultScale,
    int resultZero) {
  /**
   * Reads them.
   *
   * @param request the request of the plan
   * @param result which input is which
   * @param inputs the inputs of the operator, whose numbers lie in row-major order
   * @param weights the second operand
   * @param count the columns
   * @param zero where the zero points begin among those of the operand
   * @param scale where the scales do
   */
  static QuantizedColumns of(
      PlanRequest request,
      QuantizedResult result,
      MemorySegment[] inputs,
      SignedWeights weights,
      int count,
      long zero,
      long scale) {
    int zeroInput = result.weightsZeroPoint();
    int[] zeros =
        zeros(
            request.input(zeroInput).dtype(),
            inputs[zeroInput].address() + zero,
            hasOne(request, zeroInput),
            weights,
            count);
    if (!result.isScaled()) {
      return new QuantizedColumns(zeros, new float[0], null, null, 1, 0);
    }
    int scaleInput = result.weightsScale();
    float[] scales = new float[count];
    long at = inputs[scaleInput].address() + scale * Float.BYTES;
    if (hasOne(request, scaleInput)) {
      Arrays.fill(scales, ALL.get(FLOAT, at));
    } else {
      MemorySegment.copy(ALL, FLOAT, at, scales, 0, count);
    }
    int[] addends = null;
    float[] bias = null;
    if (result.bias()) {
      long from = inputs[result.biasIndex()].address();
      if (request.input(result.biasIndex()).dtype() == DType.I32) {
        addends = new int[count];
        MemorySegment.copy(ALL, INT, from, addends, 0, count);
      } else {
        bias = new float[count];
        MemorySegment.copy(ALL, FLOAT, from, bias, 0, count);
      }
    }
    if (!result.isQuantized()) {
      return new QuantizedColumns(zeros, scales, addends, bias, 1, 0);
    }
    return new QuantizedColumns(
        zeros,
        scales,
        addends,
        bias,
        ALL.get(FLOAT, inputs[result.resultScale()].address()),
        QuantizationChunk.get(result.dtype(), inputs[result.resultZeroPoint()].address(), 0));
  }

  /** Returns whether an input has one number for all columns. */
  private static boolean hasOne(PlanRequest request, int input) {
    return request.input(input).rank() == 0 || request.input(input).dim(-1) == 1;
  }

  private static int @Nullable [] zeros(
      DType dtype, long address, boolean one, SignedWeights weights, int count) {
    int[] zeros = new int[count];
    boolean any = false;
    for (int i = 0; i < count; i++) {
      zeros[i] = weights.zeroPoint(QuantizationChunk.get(dtype, address, one ? 0 : i));
      any |= zeros[i] != 0;
    }
    return any ? zeros : null;
  }

  /** Returns what goes with some of the columns. */
  QuantizedColumns part(int from, int count) {
    int to = from + count;
    return new QuantizedColumns(
        zeros == null ? null : Arrays.copyOfRange(zeros, from, to),
        scales.length == 0 ? scales : Arrays.copyOfRange(scales, from, to),
        addends == null ? null : Arrays.copyOfRange(addends, from, to),
        bias == null ? null : Arrays.copyOfRange(bias, from, to),
        resultScale,
        resultZero);
  }
}
