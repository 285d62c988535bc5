package org.gatun.testkit.torch;

import java.util.Map;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/** PyTorch's functions of the elements at one index. */
final class TorchPointwise {
  /** A method of a tensor. */
  @FunctionalInterface
  private interface Method {
    Tensor of(Tensor x);
  }

  /** A method of a tensor with another. */
  @FunctionalInterface
  private interface WithTensor {
    Tensor of(Tensor x, Tensor other);
  }

  /** A method of a tensor with a number. */
  @FunctionalInterface
  private interface WithReal {
    Tensor of(Tensor x, double other);
  }

  /** A method of a tensor with a whole number. */
  @FunctionalInterface
  private interface WithWhole {
    Tensor of(Tensor x, long other);
  }

  private TorchPointwise() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(ofOne(), ofTwo(), comparisons(), bits(), reflected(), ofThree())
        .flatMap(calls -> calls);
  }

  private static Map.Entry<String, TorchOperators.Call> unary(String name, Method method) {
    return TorchOperators.one(name, a -> method.of(a.input()));
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> ofOne() {
    return Stream.of(
        unary("abs", Tensor::abs),
        unary("acos", Tensor::acos),
        unary("acosh", Tensor::acosh),
        unary("asin", Tensor::asin),
        unary("asinh", Tensor::asinh),
        unary("atan", Tensor::atan),
        unary("atanh", Tensor::atanh),
        unary("bitwise_not", Tensor::bitwiseNot),
        unary("ceil", Tensor::ceil),
        TorchOperators.one("clamp", TorchPointwise::clamp),
        TorchOperators.one("clamp_max", a -> clamp(a.input(), null, bound(a, 1, "max"))),
        TorchOperators.one("clamp_min", a -> clamp(a.input(), bound(a, 1, "min"), null)),
        unary("cos", Tensor::cos),
        unary("cosh", Tensor::cosh),
        unary("deg2rad", Tensor::deg2rad),
        unary("erf", Tensor::erf),
        unary("erfc", Tensor::erfc),
        unary("erfinv", Tensor::erfinv),
        unary("exp", Tensor::exp),
        unary("exp2", Tensor::exp2),
        unary("expm1", Tensor::expm1),
        unary("floor", Tensor::floor),
        unary("frac", Tensor::frac),
        unary("isfinite", Tensor::isfinite),
        unary("isinf", Tensor::isinf),
        unary("isnan", Tensor::isnan),
        unary("isneginf", Tensor::isneginf),
        unary("isposinf", Tensor::isposinf),
        unary("log", Tensor::log),
        unary("log10", Tensor::log10),
        unary("log1p", Tensor::log1p),
        unary("log2", Tensor::log2),
        unary("logical_not", Tensor::logicalNot),
        TorchOperators.one("logit", TorchPointwise::logit),
        TorchOperators.one("nan_to_num", TorchPointwise::nanToNum),
        unary("neg", Tensor::neg),
        unary("positive", Tensor::positive),
        unary("rad2deg", Tensor::rad2deg),
        unary("reciprocal", Tensor::reciprocal),
        TorchOperators.one("round", a -> a.input().round(a.integer(-1, "decimals", 0))),
        unary("rsqrt", Tensor::rsqrt),
        unary("sgn", Tensor::sign),
        unary("sigmoid", Tensor::sigmoid),
        unary("sign", Tensor::sign),
        unary("signbit", Tensor::signbit),
        unary("sin", Tensor::sin),
        unary("sinh", Tensor::sinh),
        unary("sqrt", Tensor::sqrt),
        unary("square", Tensor::square),
        unary("tan", Tensor::tan),
        unary("tanh", Tensor::tanh),
        unary("trunc", Tensor::trunc));
  }

  private static Tensor logit(TorchArguments a) {
    return a.isGiven(1, "eps") ? a.input().logit(a.number(1, "eps", 0)) : a.input().logit();
  }

  private static Tensor nanToNum(TorchArguments a) {
    double largest =
        a.input().dtype() == DType.F64
            ? Double.MAX_VALUE
            : a.input().dtype() == DType.F32 ? Float.MAX_VALUE : Double.NaN;
    if (!a.isGiven(1, "nan") && !a.isGiven(2, "posinf") && !a.isGiven(3, "neginf")) {
      return a.input().nanToNum();
    }
    return a.input()
        .nanToNum(
            a.number(1, "nan", 0), a.number(2, "posinf", largest), a.number(3, "neginf", -largest));
  }

  /** A bound of clamp: none, a number or a tensor. */
  private static @Nullable Object bound(TorchArguments a, int position, String name) {
    if (a.isTensor(position, name)) {
      return a.tensor(position, name);
    }
    return switch (a.raw(position, name)) {
      case TorchValue.Whole(long number) -> number;
      case TorchValue.Real(double number) -> number;
      default -> null;
    };
  }

  private static Tensor clamp(TorchArguments a) {
    return clamp(a.input(), bound(a, 1, "min"), bound(a, 2, "max"));
  }

  private static Tensor clamp(Tensor x, @Nullable Object min, @Nullable Object max) {
    if (min == null || max == null) {
      return min == null ? clampMax(x, max) : clampMin(x, min);
    }
    if (min instanceof Tensor low && max instanceof Tensor high) {
      return x.clamp(low, high);
    }
    if (min instanceof Long low && max instanceof Long high) {
      return x.clamp(low, high);
    }
    if (min instanceof Number low && max instanceof Number high) {
      return x.clamp(low.doubleValue(), high.doubleValue());
    }
    throw new TorchArguments.Unmapped("clamp to " + min + " and " + max);
  }

  private static Tensor clampMin(Tensor x, Object min) {
    return switch (min) {
      case Tensor low -> x.clampMin(low);
      case Long low -> x.clampMin(low);
      default -> x.clampMin(((Number) min).doubleValue());
    };
  }

  private static Tensor clampMax(Tensor x, @Nullable Object max) {
    return switch (max) {
      case Tensor high -> x.clampMax(high);
      case Long high -> x.clampMax(high);
      case Double high -> x.clampMax(high);
      case null, default -> throw new TorchArguments.Unmapped("clamp without bounds");
    };
  }

  private static Map.Entry<String, TorchOperators.Call> binary(String name, WithTensor method) {
    return TorchOperators.one(name, a -> method.of(a.input(), a.tensor(1, "other")));
  }

  private static Map.Entry<String, TorchOperators.Call> binary(
      String name, WithTensor tensor, WithReal real, WithWhole whole) {
    return TorchOperators.one(name, a -> call(a, a.input(), 1, "other", tensor, real, whole));
  }

  private static Tensor call(
      TorchArguments a,
      Tensor x,
      int position,
      String name,
      WithTensor tensor,
      WithReal real,
      WithWhole whole) {
    return switch (a.raw(position, name)) {
      case TorchValue.Array _ -> tensor.of(x, a.tensor(position, name));
      case TorchValue.Real(double number) -> real.of(x, number);
      case TorchValue.Whole(long number) -> whole.of(x, number);
      case TorchValue.Flag(boolean flag) -> whole.of(x, flag ? 1 : 0);
      case TorchValue other ->
          throw new TorchArguments.Unmapped("argument " + name + " is " + other);
    };
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> ofTwo() {
    return Stream.of(
        TorchOperators.one("add", TorchPointwise::add),
        binary("atan2", Tensor::atan2),
        binary("copysign", Tensor::copysign, Tensor::copysign, Tensor::copysign),
        TorchOperators.one("div", TorchPointwise::div),
        TorchOperators.one("divide", TorchPointwise::div),
        binary(
            "float_power",
            TorchPointwise::floatPower,
            TorchPointwise::floatPower,
            TorchPointwise::floatPower),
        binary("floor_divide", Tensor::floorDivide, Tensor::floorDivide, Tensor::floorDivide),
        binary("fmax", Tensor::fmax),
        binary("fmin", Tensor::fmin),
        binary("fmod", Tensor::fmod, Tensor::fmod, Tensor::fmod),
        binary("heaviside", Tensor::heaviside),
        binary("hypot", Tensor::hypot),
        binary("ldexp", (x, other) -> x.mul(other.rpow(2.0))),
        TorchOperators.one("lerp", TorchPointwise::lerp),
        binary("logaddexp", Tensor::logaddexp),
        binary("logaddexp2", Tensor::logaddexp2),
        binary("maximum", Tensor::maximum),
        binary("minimum", Tensor::minimum),
        binary("mul", Tensor::mul, Tensor::mul, Tensor::mul),
        TorchOperators.one(
            "pow", a -> call(a, a.input(), 1, "exponent", Tensor::pow, Tensor::pow, Tensor::pow)),
        binary("remainder", Tensor::remainder, Tensor::remainder, Tensor::remainder),
        TorchOperators.one("rsub", TorchPointwise::rsub),
        TorchOperators.one("sub", TorchPointwise::sub),
        binary("true_divide", Tensor::div, Tensor::div, Tensor::div),
        binary("xlogy", Tensor::xlogy, Tensor::xlogy, Tensor::xlogy));
  }

  private static double alpha(TorchArguments a) {
    return a.number(-1, "alpha", 1);
  }

  private static Tensor add(TorchArguments a) {
    double alpha = alpha(a);
    return call(
        a,
        a.input(),
        1,
        "other",
        (x, other) -> x.add(other, alpha),
        (x, other) -> x.add(alpha * other),
        (x, other) -> x.add(Math.round(alpha) * other));
  }

  private static Tensor sub(TorchArguments a) {
    double alpha = alpha(a);
    return call(
        a,
        a.input(),
        1,
        "other",
        (x, other) -> x.sub(other, alpha),
        (x, other) -> x.sub(alpha * other),
        (x, other) -> x.sub(Math.round(alpha) * other));
  }

  private static Tensor rsub(TorchArguments a) {
    double alpha = alpha(a);
    Tensor x = a.input();
    if (a.isTensor(1, "other")) {
      return a.tensor(1, "other").sub(x, alpha);
    }
    Tensor scaled = alpha == 1 ? x : x.mul(alpha);
    return call(a, scaled, 1, "other", (_, other) -> other, Tensor::rsub, Tensor::rsub);
  }

  private static Tensor div(TorchArguments a) {
    return switch (a.text(-1, "rounding_mode", "")) {
      case "floor" ->
          call(
              a,
              a.input(),
              1,
              "other",
              Tensor::floorDivide,
              Tensor::floorDivide,
              Tensor::floorDivide);
      case "trunc" ->
          call(
              a,
              a.input(),
              1,
              "other",
              Tensor::truncDivide,
              Tensor::truncDivide,
              Tensor::truncDivide);
      default -> call(a, a.input(), 1, "other", Tensor::div, Tensor::div, Tensor::div);
    };
  }

  private static Tensor floatPower(Tensor x, Tensor exponent) {
    return x.to(DType.F64).pow(exponent.to(DType.F64));
  }

  private static Tensor floatPower(Tensor x, double exponent) {
    return x.to(DType.F64).pow(exponent);
  }

  private static Tensor lerp(TorchArguments a) {
    Tensor end = a.tensor(1, "end");
    return a.isTensor(2, "weight")
        ? a.input().lerp(end, a.tensor(2, "weight"))
        : a.input().lerp(end, a.number(2, "weight", 0));
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> comparisons() {
    return Stream.of(
        TorchOperators.one("allclose", TorchPointwise::allclose),
        binary("eq", Tensor::eq, Tensor::eq, Tensor::eq),
        TorchOperators.one("equal", a -> flag(a.input().equal(a.tensor(1, "other")))),
        binary("ge", Tensor::ge, Tensor::ge, Tensor::ge),
        binary("gt", Tensor::gt, Tensor::gt, Tensor::gt),
        TorchOperators.one("isclose", TorchPointwise::isclose),
        binary("le", Tensor::le, Tensor::le, Tensor::le),
        binary("lt", Tensor::lt, Tensor::lt, Tensor::lt),
        binary("ne", Tensor::ne, Tensor::ne, Tensor::ne));
  }

  private static Tensor isclose(TorchArguments a) {
    return a.input()
        .isclose(
            a.tensor(1, "other"),
            a.number(2, "rtol", 1e-5),
            a.number(3, "atol", 1e-8),
            a.flag(4, "equal_nan", false));
  }

  private static Tensor allclose(TorchArguments a) {
    return flag(
        a.input()
            .allclose(
                a.tensor(1, "other"),
                a.number(2, "rtol", 1e-5),
                a.number(3, "atol", 1e-8),
                a.flag(4, "equal_nan", false)));
  }

  private static Tensor flag(boolean value) {
    return Tensor.of(new boolean[] {value}, new long[0]);
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> bits() {
    return Stream.of(
        binary("bitwise_and", Tensor::bitwiseAnd, TorchPointwise::noBits, Tensor::bitwiseAnd),
        binary(
            "bitwise_left_shift",
            Tensor::bitwiseLeftShift,
            TorchPointwise::noBits,
            Tensor::bitwiseLeftShift),
        binary("bitwise_or", Tensor::bitwiseOr, TorchPointwise::noBits, Tensor::bitwiseOr),
        binary(
            "bitwise_right_shift",
            Tensor::bitwiseRightShift,
            TorchPointwise::noBits,
            Tensor::bitwiseRightShift),
        binary("bitwise_xor", Tensor::bitwiseXor, TorchPointwise::noBits, Tensor::bitwiseXor),
        binary("logical_and", Tensor::logicalAnd),
        binary("logical_or", Tensor::logicalOr),
        binary("logical_xor", Tensor::logicalXor));
  }

  private static Tensor noBits(Tensor x, double other) {
    throw new TorchArguments.Unmapped("bits of " + other);
  }

  /** Python's operators with the tensor on the right. */
  private static Stream<Map.Entry<String, TorchOperators.Call>> reflected() {
    return Stream.of(
        binary("__radd__", Tensor::add, Tensor::add, Tensor::add),
        binary("__rand__", Tensor::bitwiseAnd, TorchPointwise::noBits, Tensor::bitwiseAnd),
        binary("__rdiv__", (x, other) -> other.div(x), Tensor::rdiv, Tensor::rdiv),
        binary(
            "__rmod__",
            (x, other) -> other.remainder(x),
            (x, other) -> Tensor.full(x.dtype(), other).remainder(x),
            (x, other) -> Tensor.full(x.dtype(), other).remainder(x)),
        binary("__rmul__", Tensor::mul, Tensor::mul, Tensor::mul),
        binary("__ror__", Tensor::bitwiseOr, TorchPointwise::noBits, Tensor::bitwiseOr),
        binary("__rpow__", (x, other) -> other.pow(x), Tensor::rpow, Tensor::rpow),
        binary("__rsub__", (x, other) -> other.sub(x), Tensor::rsub, Tensor::rsub),
        binary("__rxor__", Tensor::bitwiseXor, TorchPointwise::noBits, Tensor::bitwiseXor));
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> ofThree() {
    return Stream.of(
        TorchOperators.one(
            "addcdiv",
            a ->
                a.input()
                    .addcdiv(
                        a.tensor(1, "tensor1"), a.tensor(2, "tensor2"), a.number(-1, "value", 1))),
        TorchOperators.one(
            "addcmul",
            a ->
                a.input()
                    .addcmul(
                        a.tensor(1, "tensor1"), a.tensor(2, "tensor2"), a.number(-1, "value", 1))),
        TorchOperators.one("masked_fill", TorchPointwise::maskedFill),
        TorchOperators.one("where", TorchPointwise::where));
  }

  private static Tensor maskedFill(TorchArguments a) {
    Tensor mask = a.tensor(1, "mask");
    return call(
        a,
        a.input(),
        2,
        "value",
        (x, value) -> x.maskedFill(mask, value),
        (x, value) -> x.maskedFill(mask, value),
        (x, value) -> x.maskedFill(mask, value));
  }

  private static Tensor where(TorchArguments a) {
    Tensor condition = a.tensor(1, "condition");
    return call(
        a,
        a.input(),
        2,
        "other",
        (x, other) -> x.where(condition, other),
        (x, other) -> x.where(condition, other),
        (x, other) -> x.where(condition, other));
  }
}
