package org.gatun.reference;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.Dequantize;
import org.gatun.op.DynamicQuantize;
import org.gatun.op.Quantization;
import org.gatun.op.Quantize;
import org.gatun.op.QuantizedConv;
import org.gatun.op.QuantizedMatMul;

/**
 * Quantization by its formulas. Which integer a number becomes is decided by the rounding of the
 * quotient or the product that is rounded, so that is computed in the dtype of the numbers: it is
 * part of the definition.
 */
final class QuantizationReference {
  private QuantizationReference() {}

  static List<NdArray> evaluate(Quantization op, List<NdArray> inputs, List<Layout> outputs) {
    return switch (op) {
      case Dequantize dequantize -> List.of(dequantize(dequantize, inputs, outputs.getFirst()));
      case DynamicQuantize _ -> dynamic(inputs.getFirst(), outputs);
      case Quantize quantize -> List.of(quantize(quantize, inputs, outputs.getFirst()));
      case QuantizedConv conv -> List.of(QuantizedSums.conv(conv, inputs, outputs.getFirst()));
      case QuantizedMatMul matmul ->
          List.of(QuantizedSums.matmul(matmul, inputs, outputs.getFirst()));
    };
  }

  private static NdArray quantize(Quantize op, List<NdArray> inputs, Layout output) {
    NdArray x = inputs.get(0);
    NdArray scale = inputs.get(1);
    NdArray y = NdArray.zeros(output.dtype(), output.shape());
    for (int i = 0; i < y.size(); i++) {
      int at = scaleOf(x, i, scale, op.axis(), op.block());
      double zero = op.zeroPoint() ? inputs.get(2).values()[at] : 0;
      double quotient = divide(x.dtype(), x.values()[i], scale.values()[at]);
      y.values()[i] = saturate(quotient, zero, op.range().lowest(), op.range().highest());
    }
    return y;
  }

  private static NdArray dequantize(Dequantize op, List<NdArray> inputs, Layout output) {
    NdArray x = inputs.get(0);
    NdArray scale = inputs.get(1);
    NdArray y = NdArray.zeros(output.dtype(), output.shape());
    for (int i = 0; i < y.size(); i++) {
      int at = scaleOf(x, i, scale, op.axis(), op.block());
      double zero = op.zeroPoint() ? inputs.get(2).values()[at] : 0;
      y.values()[i] = (int) (long) (x.values()[i] - zero) * scale.values()[at];
    }
    return y;
  }

  private static List<NdArray> dynamic(NdArray x, List<Layout> outputs) {
    double low = 0;
    double high = 0;
    for (double value : x.values()) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    DType dtype = x.dtype();
    double range = dtype == DType.F64 ? high - low : (float) high - (float) low;
    double scale = divide(dtype, range, 255);
    if (scale == 0) {
      scale = 1;
    }
    double zero = saturate(-divide(dtype, low, scale), 0, 0, 255);
    NdArray y = NdArray.zeros(DType.U8, outputs.getFirst().shape());
    for (int i = 0; i < y.size(); i++) {
      y.values()[i] = saturate(divide(dtype, x.values()[i], scale), zero, 0, 255);
    }
    return List.of(
        y,
        NdArray.of(dtype, Shape.scalar(), new double[] {scale}),
        NdArray.of(DType.U8, Shape.scalar(), new double[] {zero}));
  }

  /** Returns a quotient, rounded to f64 or, for all other dtypes, to f32. */
  static double divide(DType dtype, double a, double b) {
    return dtype == DType.F64 ? a / b : (float) a / (float) b;
  }

  /** Returns a number rounded half to even, plus the zero point, within the bounds. */
  static double saturate(double x, double zero, double low, double high) {
    if (Double.isNaN(x)) {
      return zero;
    }
    return Math.min(Math.max(Math.rint(x) + zero, low), high);
  }

  /** Returns which scale an element has. */
  private static int scaleOf(NdArray x, int position, NdArray scale, int axis, long block) {
    if (block == 0 && scale.size() == 1) {
      return 0;
    }
    int along = axis < 0 ? axis + x.rank() : axis;
    int[] index = x.index(position);
    if (block == 0) {
      return index[along];
    }
    index[along] = (int) (index[along] / block);
    return scale.at(index);
  }
}
