package org.gatun.kernel.java;

import static org.gatun.kernel.java.DoubleExpression.four;
import static org.gatun.kernel.java.DoubleExpression.one;
import static org.gatun.kernel.java.DoubleExpression.three;
import static org.gatun.kernel.java.DoubleExpression.two;

import org.gatun.op.BinaryFunction;
import org.gatun.op.TernaryFunction;
import org.gatun.op.UnaryFunction;

/**
 * Every pointwise function of floating-point elements, of one {@code double} at a time. Floats are
 * computed by these as well, and rounded; but which whole number an intermediate result is nearest
 * to is decided as a float.
 */
final class DoubleFunctions {
  private DoubleFunctions() {}

  static DoubleExpression ofFloats(UnaryFunction function) {
    return function == UnaryFunction.ROUND_DECIMALS
        ? three((x, scale, unit) -> Math.rint((float) ((float) (x * scale) / unit)) / scale * unit)
        : of(function);
  }

  static DoubleExpression ofFloats(BinaryFunction function) {
    return function == BinaryFunction.DIV_TRUNC
        ? two((a, b) -> DoubleMath.trunc((float) (a / b)))
        : of(function);
  }

  static DoubleExpression of(UnaryFunction function) {
    return switch (function) {
      case ABS -> one(Math::abs);
      case ACOS -> one(Math::acos);
      case ACOSH -> one(DoubleMath::acosh);
      case ASIN -> one(Math::asin);
      case ASINH -> one(DoubleMath::asinh);
      case ATAN -> one(Math::atan);
      case ATANH -> one(DoubleMath::atanh);
      case CEIL -> one(Math::ceil);
      case CLAMP -> three((x, low, high) -> Math.min(Math.max(x, low), high));
      case CLAMP_MAX -> two(Math::min);
      case CLAMP_MIN -> two(Math::max);
      case COS -> one(Math::cos);
      case COSH -> one(Math::cosh);
      case DEG2RAD -> one(x -> x * DoubleMath.RADIANS);
      case ERF -> one(ErrorFunctions::erf);
      case ERFC -> one(ErrorFunctions::erfc);
      case ERFINV -> one(ErrorFunctions::erfinv);
      case EXP -> one(Math::exp);
      case EXP2 -> one(x -> Math.pow(2, x));
      case EXPM1 -> one(Math::expm1);
      case FLOOR -> one(Math::floor);
      case FRAC -> one(x -> x - DoubleMath.trunc(x));
      case GELU -> one(DoubleMath::gelu);
      case GELU_TANH -> one(DoubleMath::geluTanh);
      case ISFINITE -> one(x -> bit(Double.isFinite(x)));
      case ISINF -> one(x -> bit(Double.isInfinite(x)));
      case ISNAN -> one(x -> bit(Double.isNaN(x)));
      case ISNEGINF -> one(x -> bit(x == Double.NEGATIVE_INFINITY));
      case ISPOSINF -> one(x -> bit(x == Double.POSITIVE_INFINITY));
      case LOG -> one(Math::log);
      case LOG10 -> one(Math::log10);
      case LOG1P -> one(Math::log1p);
      case LOG2 -> one(DoubleMath::log2);
      case LOGICAL_NOT -> one(x -> bit(x == 0));
      case LOGIT -> two(DoubleMath::logit);
      case NAN_TO_NUM -> four(DoubleMath::nanToNum);
      case NEG -> one(x -> -x);
      case RAD2DEG -> one(x -> x * DoubleMath.DEGREES);
      case RECIPROCAL -> one(x -> 1 / x);
      case RELU -> one(DoubleMath::relu);
      case ROUND -> one(Math::rint);
      case ROUND_DECIMALS -> three((x, scale, unit) -> Math.rint(x * scale / unit) / scale * unit);
      case RSQRT -> one(x -> 1 / Math.sqrt(x));
      case SIGMOID -> one(DoubleMath::sigmoid);
      case SIGN -> one(x -> x > 0 ? 1 : x < 0 ? -1 : 0);
      case SIGNBIT -> one(x -> bit(Double.doubleToRawLongBits(x) < 0));
      case SILU -> one(DoubleMath::silu);
      case SIN -> one(Math::sin);
      case SINH -> one(Math::sinh);
      case SQRT -> one(Math::sqrt);
      case SQUARE -> one(x -> x * x);
      case TAN -> one(Math::tan);
      case TANH -> one(Math::tanh);
      case TRUNC -> one(DoubleMath::trunc);
      case BITWISE_NOT -> throw noFloats(function.spelling());
    };
  }

  static DoubleExpression of(BinaryFunction function) {
    return switch (function) {
      case ADD -> two((a, b) -> a + b);
      case ADD_SCALED -> three((a, b, alpha) -> a + alpha * b);
      case ATAN2 -> two(Math::atan2);
      case COPYSIGN -> two(Math::copySign);
      case DIV -> two((a, b) -> a / b);
      case DIV_FLOOR -> two(DoubleMath::floorDiv);
      case DIV_TRUNC -> two((a, b) -> DoubleMath.trunc(a / b));
      case EQ -> two((a, b) -> bit(a == b));
      case FMAX -> two((a, b) -> a > b || Double.isNaN(b) ? a : b);
      case FMIN -> two((a, b) -> a < b || Double.isNaN(b) ? a : b);
      case FMOD -> two(DoubleMath::fmod);
      case GE -> two((a, b) -> bit(a >= b));
      case GT -> two((a, b) -> bit(a > b));
      case HEAVISIDE -> two((a, b) -> a == 0 ? b : bit(a > 0));
      case HYPOT -> two(Math::hypot);
      case ISCLOSE -> four((a, b, rtol, atol) -> bit(DoubleMath.isClose(a, b, rtol, atol)));
      case ISCLOSE_NAN ->
          four(
              (a, b, rtol, atol) ->
                  bit(
                      DoubleMath.isClose(a, b, rtol, atol)
                          || (Double.isNaN(a) && Double.isNaN(b))));
      case LE -> two((a, b) -> bit(a <= b));
      case LERP -> three(DoubleMath::lerp);
      case LOGADDEXP -> two(DoubleMath::logAddExp);
      case LOGADDEXP2 -> two(DoubleMath::logAddExp2);
      case LOGICAL_AND -> two((a, b) -> bit(a != 0 && b != 0));
      case LOGICAL_OR -> two((a, b) -> bit(a != 0 || b != 0));
      case LOGICAL_XOR -> two((a, b) -> bit((a != 0) != (b != 0)));
      case LT -> two((a, b) -> bit(a < b));
      case MAXIMUM -> two(Math::max);
      case MINIMUM -> two(Math::min);
      case MUL -> two((a, b) -> a * b);
      case NE -> two((a, b) -> bit(a != b));
      case POW -> two(DoubleMath::pow);
      case REMAINDER -> two(DoubleMath::remainder);
      case SUB -> two((a, b) -> a - b);
      case XLOGY -> two((a, b) -> a == 0 && !Double.isNaN(b) ? 0 : a * Math.log(b));
      case BITWISE_AND, BITWISE_OR, BITWISE_XOR, SHIFT_LEFT, SHIFT_RIGHT ->
          throw noFloats(function.spelling());
    };
  }

  static DoubleExpression of(TernaryFunction function) {
    return switch (function) {
      case ADDCDIV -> four((a, b, c, value) -> a + value * b / c);
      case ADDCMUL -> four((a, b, c, value) -> a + value * b * c);
      case CLAMP -> three((x, low, high) -> Math.min(Math.max(x, low), high));
      case LERP -> three(DoubleMath::lerp);
    };
  }

  private static double bit(boolean value) {
    return value ? 1 : 0;
  }

  private static AssertionError noFloats(String function) {
    return new AssertionError(function + " takes no floating-point elements");
  }
}
