package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.UINT64;

import java.util.List;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;
import org.jspecify.annotations.Nullable;

/** Operators that compute with numbers of any type, one element at a time. */
final class ArithmeticFamily {
  private ArithmeticFamily() {}

  /** The larger of two elements, or the smaller. */
  @FunctionalInterface
  private interface Extremum {
    Tensor of(ElementType type, Tensor a, Tensor b);
  }

  static void register(Registry onnx) {
    onnx.add("Abs", 6, Typing.ANY, ArithmeticFamily::abs);
    Numbers.binary(onnx, "Add", 1, Tensor::add);
    onnx.add("Clip", 6, c -> c.tensor(0).clamp(bound(c, "min", -1), bound(c, "max", 1)));
    onnx.add("Clip", 11, Typing.ANY, ArithmeticFamily::clip);
    onnx.add("Div", 1, Typing.ANY, ArithmeticFamily::divide);
    onnx.add("Max", 6, Typing.ANY, c -> extremum(c, Unsigned::maximum));
    onnx.add("Mean", 6, c -> sum(c).div((double) c.inputs()));
    onnx.add("Min", 6, Typing.ANY, c -> extremum(c, Unsigned::minimum));
    onnx.add("Mod", 10, Typing.ANY, ArithmeticFamily::modulo);
    Numbers.binary(onnx, "Mul", 1, Tensor::mul);
    Numbers.unary(onnx, "Neg", 6, Tensor::neg);
    onnx.add("Pow", 1, Typing.ANY, ArithmeticFamily::power);
    onnx.add("Sign", 9, Typing.ANY, ArithmeticFamily::sign);
    Numbers.binary(onnx, "Sub", 1, Tensor::sub);
    onnx.add("Sum", 6, ArithmeticFamily::sum);
  }

  private static List<Value> abs(Call call) {
    ElementType type = Numbers.type(call);
    return type.isUnsigned() ? List.of(call.value(0)) : Numbers.result(type, call.tensor(0).abs());
  }

  private static List<Value> sign(Call call) {
    ElementType type = Numbers.type(call);
    Tensor x = call.tensor(0);
    return Numbers.result(type, type == UINT64 ? x.ne(0).to(DType.I64) : x.sign());
  }

  private static double bound(Call call, String name, int sign) {
    return call.number(name, sign * Float.MAX_VALUE);
  }

  private static List<Value> clip(Call call) {
    ElementType type = Numbers.type(call);
    Tensor x = call.tensor(0);
    Tensor min = bound(call, 1);
    Tensor max = bound(call, 2);
    if (min != null && max != null && type != UINT64) {
      return Numbers.result(type, x.clamp(min, max));
    }
    Tensor raised = min == null ? x : Unsigned.maximum(type, x, min);
    return Numbers.result(type, max == null ? raised : Unsigned.minimum(type, raised, max));
  }

  /** A bound may have been written as a tensor of one dimension of size 1. */
  private static @Nullable Tensor bound(Call call, int index) {
    Tensor bound = call.optional(index);
    if (bound == null) {
      return null;
    }
    if (bound.size() != 1) {
      throw call.failure(
          "input " + index + " is of shape " + bound.shape() + ", expected one number");
    }
    return bound.reshape();
  }

  private static List<Value> divide(Call call) {
    ElementType type = Numbers.type(call);
    Tensor a = call.tensor(0);
    Tensor b = Numbers.second(call);
    if (type == UINT64) {
      return Numbers.result(type, Unsigned.divide(a, b));
    }
    return Numbers.result(type, a.dtype().isFloating() ? a.div(b) : a.truncDivide(b));
  }

  private static List<Value> modulo(Call call) {
    ElementType type = Numbers.type(call);
    Tensor a = call.tensor(0);
    Tensor b = call.tensor(1);
    if (type == UINT64) {
      return Numbers.result(type, Unsigned.remainder(a, b));
    }
    // Of floating-point numbers there is only the remainder with the sign of the dividend.
    boolean dividend = call.flag("fmod", false) || a.dtype().isFloating();
    return Numbers.result(type, dividend ? a.fmod(b) : a.remainder(b));
  }

  private static List<Value> power(Call call) {
    Tensor x = call.tensor(0);
    ElementType type = call.type(0);
    Tensor exponent = Numbers.second(call);
    ElementType exponentType = call.type(1);
    if (!type.isNative() || exponentType.isSmallFloat()) {
      throw call.failure("a power of " + type + " to " + exponentType + ", which there is not");
    }
    DType dtype = x.dtype();
    boolean whole = !dtype.isFloating() && !exponent.dtype().isFloating();
    if (whole && exponentType != UINT64) {
      return Numbers.result(type, x.pow(exponent.to(dtype)));
    }
    DType common =
        dtype.isFloating()
            ? exponent.dtype().isFloating() ? DType.promote(dtype, exponent.dtype()) : dtype
            : DType.F64;
    Tensor wide =
        Conversions.cast(new Value.Dense(exponentType, exponent), ElementType.of(common)).tensor();
    return Numbers.result(type, x.to(common).pow(wide).to(dtype));
  }

  private static List<Value> extremum(Call call, Extremum larger) {
    ElementType type = Numbers.type(call);
    Tensor result = call.tensor(0);
    for (int i = 1; i < call.inputs(); i++) {
      result = larger.of(type, result, call.tensor(i));
    }
    return Numbers.result(type, result);
  }

  private static Tensor sum(Call call) {
    Numbers.same(call, 1);
    Tensor sum = call.tensor(0);
    for (int i = 1; i < call.inputs(); i++) {
      sum = sum.add(call.tensor(i));
    }
    return sum;
  }
}
