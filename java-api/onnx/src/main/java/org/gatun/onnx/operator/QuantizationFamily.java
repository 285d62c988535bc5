package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.nn.Quantized;
import org.gatun.nn.QuantizedTensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.onnx.operator.SmallFloats.Rounding;
import org.gatun.op.IntegerRange;
import org.jspecify.annotations.Nullable;

/** Numbers to integers or small floats, and back. */
final class QuantizationFamily {
  private QuantizationFamily() {}

  static void register(Registry onnx, Registry microsoft) {
    onnx.add("DequantizeLinear", 10, Typing.ANY, c -> List.of(dequantizeLinear(c)));
    onnx.addAll("DynamicQuantizeLinear", 11, QuantizationFamily::dynamicQuantizeLinear);
    onnx.add("QuantizeLinear", 10, Typing.ANY, c -> List.of(quantizeLinear(c)));
    microsoft.add("DequantizeLinear", 1, Typing.ANY, c -> List.of(dequantizeLinear(c)));
    microsoft.add("QuantizeLinear", 1, Typing.ANY, c -> List.of(quantizeLinear(c)));
  }

  private static List<Tensor> dynamicQuantizeLinear(Call call) {
    QuantizedTensor result = QuantizedTensor.of(call.tensor(0));
    return List.of(result.values(), result.scale(), result.zeroPoint());
  }

  private static Value quantizeLinear(Call call) {
    Tensor x = call.tensor(0);
    Tensor scale = call.tensor(1);
    ElementType type = call.has(2) ? call.type(2) : declared(call, ElementType.UINT8);
    if (call.hasAttribute("output_dtype") && declared(call, type) != type) {
      throw call.failure(
          "attribute output_dtype is "
              + declared(call, type)
              + ", expected the zero point's type, "
              + type);
    }
    DType precision = precision(call, x.dtype(), scale.dtype());
    return quantize(
        call,
        x.dtype() == DType.I32 && precision == DType.F32 ? x : x.to(precision),
        scale.to(precision),
        call.optional(2),
        type);
  }

  /** Returns the type that an attribute tells; 0 stands for none. */
  private static ElementType declared(Call call, ElementType otherwise) {
    return call.integer("output_dtype", 0) == 0
        ? otherwise
        : call.elementType("output_dtype", otherwise);
  }

  /** Returns the type that numbers are divided in. */
  private static DType precision(Call call, DType x, DType scale) {
    if (call.integer("precision", 0) != 0) {
      DType asked = call.elementType("precision", ElementType.FLOAT).carrier();
      if (!asked.isFloating()) {
        throw call.failure(
            "attribute precision is " + asked.spelling() + ", expected a floating-point type");
      }
      return asked;
    }
    return x == DType.I32 && scale != DType.F64 ? DType.F32 : scale;
  }

  /**
   * Returns numbers quantized with the node's {@code axis}, {@code block_size} and {@code
   * saturate}.
   *
   * @param zero the zero point, which {@code type} carries, or null for 0
   * @param type of the result
   */
  static Value quantize(
      Call call, Tensor x, Tensor scale, @Nullable Tensor zero, ElementType type) {
    long block = call.integer("block_size", 0);
    int axis = axis(call, x, scale);
    if (type.isSmallFloat()) {
      // The zero point of small floats is 0.
      Tensor quotient = x.div(alike(call, scale, x, axis, block));
      return Conversions.cast(
          new Value.Dense(ElementType.of(quotient.dtype()), quotient),
          type,
          call.flag("saturate", true),
          Rounding.UP);
    }
    Tensor integers =
        Quantized.quantize(x, single(scale), like(zero, scale), range(call, type), axis, block);
    return new Value.Dense(type, integers);
  }

  private static IntegerRange range(Call call, ElementType type) {
    return switch (type) {
      case UINT8 -> IntegerRange.U8;
      case INT8 -> IntegerRange.I8;
      case UINT16 -> IntegerRange.U16;
      case INT16 -> IntegerRange.I16;
      case UINT4, INT4, UINT2, INT2 -> IntegerRange.ofBits(type.bits(), !type.isUnsigned());
      default -> throw call.failure("quantized to " + type + ", expected integers of 2 to 16 bits");
    };
  }

  private static Value dequantizeLinear(Call call) {
    Tensor scale = call.tensor(1);
    DType result = declared(call, ElementType.of(scale.dtype())).carrier();
    if (!result.isFloating()) {
      throw call.failure(
          "attribute output_dtype is " + result.spelling() + ", expected a floating-point type");
    }
    // Another type than the scale's is rounded to once.
    DType computed =
        result == scale.dtype()
            ? result
            : result == DType.F64 || scale.dtype() == DType.F64 ? DType.F64 : DType.F32;
    Tensor numbers =
        dequantize(call, call.tensor(0), call.type(0), scale.to(computed), call.optional(2));
    return Value.of(numbers.to(result));
  }

  /**
   * Returns the numbers that elements stand for, with the node's {@code axis} and {@code
   * block_size}.
   *
   * @param type of x, which it carries
   * @param zero the zero point, or null for 0
   */
  static Tensor dequantize(
      Call call, Tensor x, ElementType type, Tensor scale, @Nullable Tensor zero) {
    long block = call.integer("block_size", 0);
    int axis = axis(call, x, scale);
    if (type.isSmallFloat()) {
      return x.to(scale.dtype()).mul(alike(call, scale, x, axis, block));
    }
    return Quantized.dequantize(x, single(scale), like(zero, scale), axis, block);
  }

  /** Returns the axis of scales, which says nothing where there is one scale. */
  private static int axis(Call call, Tensor x, Tensor scale) {
    int axis = call.smallInteger("axis", 1);
    return scale.size() == 1 && scale.rank() < 2 ? 0 : call.axis(axis, Math.max(1, x.rank()));
  }

  /** Returns a scale that is one number as a scalar. */
  private static Tensor single(Tensor scale) {
    return scale.rank() == 1 && scale.size() == 1 ? scale.reshape() : scale;
  }

  /** Returns a zero point in the shape of the scale, which it has but for dimensions of size 1. */
  private static @Nullable Tensor like(@Nullable Tensor zero, Tensor scale) {
    if (zero == null) {
      return null;
    }
    Tensor shaped = single(scale);
    return zero.size() == shaped.size() ? zero.reshape(shaped.shape().dims()) : zero;
  }

  /** Returns the scale of each element of x, in a shape that broadcasts to x's. */
  private static Tensor alike(Call call, Tensor scale, Tensor x, int axis, long block) {
    if (block > 0) {
      if (scale.rank() != x.rank()) {
        throw call.failure(
            "scale has shape " + scale.shape() + ", expected the rank of " + x.shape());
      }
      return scale.repeatInterleave(block, axis).slice(axis, 0, x.shape().dim(axis));
    }
    if (scale.size() == 1) {
      return scale.reshape();
    }
    long[] dims = new long[x.rank()];
    Arrays.fill(dims, 1);
    dims[axis] = scale.size();
    return scale.reshape(dims);
  }
}
