package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.BOOL;
import static org.gatun.onnx.model.ElementType.FLOAT8E8M0;
import static org.gatun.onnx.model.ElementType.INT4;
import static org.gatun.onnx.model.ElementType.UINT64;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.SmallFloats.Rounding;
import org.gatun.runtime.Engine;
import org.gatun.runtime.HostFunction;

/**
 * Elements converted from any type to any other, but text and complex numbers.
 *
 * <p>Floating-point numbers become whole ones without what follows the point; of whole ones that
 * the type does not hold, and of those floating-point ones that a 64-bit integer holds, the low
 * bits are kept.
 *
 * <p>Source: <a href="https://onnx.ai/onnx/operators/onnx__Cast.html">ONNX, Cast</a>.
 */
final class Conversions {
  private Conversions() {}

  /** Returns the elements in another type, those too large for a small float saturated. */
  static Value.Dense cast(Value.Dense x, ElementType to) {
    return cast(x, to, true, Rounding.UP);
  }

  /**
   * Returns the elements in another type.
   *
   * @param saturate whether a number too large for a small float becomes its largest value
   * @param rounding to powers of two
   */
  static Value.Dense cast(Value.Dense x, ElementType to, boolean saturate, Rounding rounding) {
    if (x.type() == to) {
      return x;
    }
    Tensor converted =
        to.isSmallFloat()
            ? toSmallFloat(exact(x), to, saturate, rounding)
            : to.carrier().isFloating()
                ? toFloating(x, to.carrier())
                : to == BOOL ? x.tensor().to(DType.BOOL) : toInteger(x, to);
    return new Value.Dense(to, converted);
  }

  private static Tensor toFloating(Value.Dense x, DType dtype) {
    return x.type() == UINT64 ? Unsigned.toFloating(x.tensor(), dtype) : x.tensor().to(dtype);
  }

  private static Tensor toInteger(Value.Dense x, ElementType to) {
    Tensor tensor = x.tensor();
    if (to == UINT64) {
      return tensor.dtype().isFloating() ? Unsigned.ofFloating(tensor) : tensor.to(DType.I64);
    }
    if (to.isNative()) {
      return tensor.to(to.carrier());
    }
    // By way of i64, where what the type does not hold is still there to be cut off.
    Tensor whole = tensor.dtype().isFloating() ? tensor.to(DType.I64) : tensor;
    return switch (to) {
      case INT4, INT2 -> {
        long sign = to == INT4 ? 8 : 2;
        Tensor low = whole.to(DType.I8).bitwiseAnd(2 * sign - 1);
        yield low.bitwiseXor(sign).sub(sign);
      }
      default -> Unsigned.wrap(to, whole.to(to.carrier()));
    };
  }

  /** Returns the elements in a floating-point dtype that holds them. */
  private static Tensor exact(Value.Dense x) {
    DType dtype = x.tensor().dtype();
    return toFloating(x, dtype.isFloating() && dtype != DType.F64 ? DType.F32 : DType.F64);
  }

  private static Tensor toSmallFloat(
      Tensor x, ElementType to, boolean saturate, Rounding rounding) {
    HostFunction round =
        HostFunction.of(
            "cast",
            (inputs, outputs) -> {
              double[] values = inputs.getFirst().to(DType.F64).toDoubleArray();
              float[] rounded = new float[values.length];
              for (int i = 0; i < values.length; i++) {
                rounded[i] =
                    to == FLOAT8E8M0
                        ? SmallFloats.toFloat(
                            to, SmallFloats.powerBits(values[i], saturate, rounding))
                        : SmallFloats.nearest(to, values[i], saturate);
              }
              outputs.getFirst().copyFrom(Tensor.of(rounded, x.shape().dims()));
            });
    Layout layout = Layout.of(DType.F32, x.shape());
    return Engine.current().call(round, List.of(layout), x).getFirst();
  }
}
