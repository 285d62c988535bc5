package org.gatun.reference;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.MatMul;
import org.gatun.op.QuantizedConv;
import org.gatun.op.QuantizedMatMul;
import org.gatun.op.QuantizedResult;

/**
 * Products and convolutions of integers: the operator of numbers on what the integers are beyond
 * their zero points, exact in double, and then the scales.
 */
final class QuantizedSums {
  private QuantizedSums() {}

  static NdArray matmul(QuantizedMatMul op, List<NdArray> inputs, Layout output) {
    QuantizedResult result = op.result();
    NdArray a = inputs.get(0);
    NdArray b = inputs.get(result.weights());
    List<NdArray> operands =
        List.of(
            less(a, inputs.get(result.zeroPoint())),
            less(b, inputs.get(result.weightsZeroPoint())));
    NdArray sums = Reference.evaluate(new MatMul(), operands).getFirst();
    NdArray y = NdArray.sums(output.dtype(), output.shape());
    for (int i = 0; i < y.size(); i++) {
      int[] row = y.index(i);
      int column = row[row.length - 1];
      int[] columns = row.clone();
      row[row.length - 1] = 0;
      columns[columns.length - 2] = 0;
      double scale = result.isScaled() ? Broadcast.get(inputs.get(result.scale()), row) : 1;
      double other =
          result.isScaled() ? Broadcast.get(inputs.get(result.weightsScale()), columns) : 1;
      finish(result, inputs, y, i, sums.values()[i], scale, other, column);
    }
    return y;
  }

  static NdArray conv(QuantizedConv op, List<NdArray> inputs, Layout output) {
    QuantizedResult result = op.result();
    NdArray x = inputs.get(0);
    NdArray w = inputs.get(result.weights());
    NdArray zeros = inputs.get(result.weightsZeroPoint());
    NdArray perChannel =
        zeros.size() == 1 ? zeros : NdArray.of(zeros.dtype(), ones(w, w.dim(0)), zeros.values());
    List<NdArray> operands = new ArrayList<>();
    operands.add(less(x, inputs.get(result.zeroPoint())));
    operands.add(less(w, perChannel));
    if (op.conv().bias()) {
      operands.add(NdArray.zeros(DType.F64, Shape.of(w.dim(0))));
    }
    NdArray sums = Reference.evaluate(op.conv(), operands).getFirst();
    NdArray y = NdArray.sums(output.dtype(), output.shape());
    int channelAxis = y.rank() - op.conv().spatialRank() - 1;
    for (int i = 0; i < y.size(); i++) {
      int channel = y.index(i)[channelAxis];
      NdArray scales = result.isScaled() ? inputs.get(result.weightsScale()) : zeros;
      double other = scales.values()[scales.size() == 1 ? 0 : channel];
      double scale = result.isScaled() ? inputs.get(result.scale()).values()[0] : 1;
      finish(result, inputs, y, i, sums.values()[i], scale, other, channel);
    }
    return y;
  }

  private static Shape ones(NdArray w, int channels) {
    Shape shape = Shape.of(channels);
    for (int i = 1; i < w.rank(); i++) {
      shape = shape.concat(Shape.of(1));
    }
    return shape;
  }

  /** Returns an array less its zero points, which broadcast to it, as numbers. */
  private static NdArray less(NdArray x, NdArray zeros) {
    NdArray difference = NdArray.zeros(DType.F64, x.shape());
    for (int i = 0; i < x.size(); i++) {
      difference.values()[i] = x.values()[i] - Broadcast.get(zeros, x.index(i));
    }
    return difference;
  }

  private static void finish(
      QuantizedResult result,
      List<NdArray> inputs,
      NdArray y,
      int position,
      double sum,
      double scale,
      double other,
      int channel) {
    int wrapped = (int) (long) sum;
    if (!result.isScaled()) {
      y.values()[position] = wrapped;
      return;
    }
    float bias = 0;
    if (result.bias()) {
      NdArray given = inputs.get(result.biasIndex());
      if (given.dtype() == DType.I32) {
        wrapped += (int) given.values()[channel];
      } else {
        bias = (float) given.values()[channel];
      }
    }
    float product = (float) scale * (float) other;
    if (!result.isQuantized()) {
      double number = wrapped * (double) product + bias;
      double size = Math.abs(wrapped * (double) product) + Math.abs(bias);
      y.store(position, number, 1, size);
      return;
    }
    float divisor = (float) inputs.get(result.resultScale()).values()[0];
    double zero = inputs.get(result.resultZeroPoint()).values()[0];
    boolean numbers = result.bias() && inputs.get(result.biasIndex()).dtype() == DType.F32;
    float number = numbers ? (wrapped * product + bias) / divisor : wrapped * (product / divisor);
    boolean unsigned = result.dtype() == DType.U8;
    y.values()[position] =
        QuantizationReference.saturate(number, zero, unsigned ? 0 : -128, unsigned ? 255 : 127);
  }
}
