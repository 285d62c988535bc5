package org.gatun.kernel.java;

import static org.gatun.kernel.java.VectorExpression.four;
import static org.gatun.kernel.java.VectorExpression.one;
import static org.gatun.kernel.java.VectorExpression.three;
import static org.gatun.kernel.java.VectorExpression.two;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.gatun.op.BinaryFunction;
import org.gatun.op.TernaryFunction;
import org.gatun.op.UnaryFunction;
import org.jspecify.annotations.Nullable;

/**
 * The pointwise functions of many {@code float}s at a time; null where they are computed as
 * doubles, if {@link VectorDoubleFunctions} has them.
 */
final class VectorFloatFunctions {
  private VectorFloatFunctions() {}

  static @Nullable VectorExpression<FloatVector, ?> of(UnaryFunction function) {
    return switch (function) {
      case ABS -> one(x -> x.abs());
      case CEIL -> one(VectorFloatMath::ceil);
      case CLAMP -> three(VectorFloatMath::clamp);
      case CLAMP_MAX -> two(VectorFloatMath::min);
      case CLAMP_MIN -> two(VectorFloatMath::max);
      case DEG2RAD -> one(x -> x.mul((float) DoubleMath.RADIANS));
      case ERF -> one(VectorFloatMath::erf);
      case EXP -> one(VectorFloatMath::expOfAll);
      case FLOOR -> one(VectorFloatMath::floor);
      case FRAC -> one(x -> x.sub(VectorFloatMath.trunc(x)));
      case GELU -> one(VectorFloatMath::gelu);
      case GELU_TANH -> one(VectorFloatMath::geluTanh);
      case ISFINITE -> one(x -> x.test(VectorOperators.IS_FINITE));
      case ISINF -> one(x -> x.test(VectorOperators.IS_INFINITE));
      case ISNAN -> one(x -> x.test(VectorOperators.IS_NAN));
      case ISNEGINF -> one(x -> x.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
      case ISPOSINF -> one(x -> x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
      case LOGICAL_NOT -> one(x -> x.compare(VectorOperators.EQ, 0));
      case NAN_TO_NUM -> four(VectorFloatMath::nanToNum);
      case NEG -> one(x -> x.neg());
      case RAD2DEG -> one(x -> x.mul((float) DoubleMath.DEGREES));
      case RECIPROCAL -> one(x -> VectorFloatMath.all(1).div(x));
      case RELU -> one(VectorFloatMath::relu);
      case ROUND -> one(VectorFloatMath::rint);
      case ROUND_DECIMALS ->
          three(
              (x, scale, unit) ->
                  VectorFloatMath.rint(x.mul(scale).div(unit)).div(scale).mul(unit));
      case RSQRT -> one(x -> VectorFloatMath.all(1).div(x.sqrt()));
      case SIGMOID -> one(VectorFloatMath::sigmoid);
      case SIGN -> one(VectorFloatMath::sign);
      case SIGNBIT -> one(x -> x.test(VectorOperators.IS_NEGATIVE));
      case SILU -> one(VectorFloatMath::silu);
      case SQRT -> one(x -> x.sqrt());
      case SQUARE -> one(x -> x.mul(x));
      case TANH -> one(VectorFloatMath::tanh);
      case TRUNC -> one(VectorFloatMath::trunc);
      case ACOS,
          ACOSH,
          ASIN,
          ASINH,
          ATAN,
          ATANH,
          BITWISE_NOT,
          COS,
          COSH,
          ERFC,
          ERFINV,
          EXP2,
          EXPM1,
          LOG,
          LOG10,
          LOG1P,
          LOG2,
          LOGIT,
          SIN,
          SINH,
          TAN ->
          null;
    };
  }

  static @Nullable VectorExpression<FloatVector, ?> of(BinaryFunction function) {
    return switch (function) {
      case ADD -> two((a, b) -> a.add(b));
      case ADD_SCALED -> three((a, b, alpha) -> b.fma(alpha, a));
      case COPYSIGN -> two(VectorFloatMath::copySign);
      case DIV -> two((a, b) -> a.div(b));
      case DIV_TRUNC -> two((a, b) -> VectorFloatMath.trunc(a.div(b)));
      case EQ -> two((a, b) -> a.compare(VectorOperators.EQ, b));
      case FMAX -> two(VectorFloatMath::maxNumber);
      case FMIN -> two(VectorFloatMath::minNumber);
      case GE -> two((a, b) -> a.compare(VectorOperators.GE, b));
      case GT -> two((a, b) -> a.compare(VectorOperators.GT, b));
      case HEAVISIDE -> two(VectorFloatMath::heaviside);
      case ISCLOSE -> four(VectorFloatMath::isClose);
      case ISCLOSE_NAN ->
          four(
              (a, b, rtol, atol) ->
                  VectorFloatMath.isClose(a, b, rtol, atol).or(VectorFloatMath.bothNaN(a, b)));
      case LE -> two((a, b) -> a.compare(VectorOperators.LE, b));
      case LERP -> three(VectorFloatMath::lerp);
      case LOGICAL_AND -> two((a, b) -> VectorFloatMath.isTrue(a).and(VectorFloatMath.isTrue(b)));
      case LOGICAL_OR -> two((a, b) -> VectorFloatMath.isTrue(a).or(VectorFloatMath.isTrue(b)));
      case LOGICAL_XOR -> two((a, b) -> VectorFloatMath.isTrue(a).xor(VectorFloatMath.isTrue(b)));
      case LT -> two((a, b) -> a.compare(VectorOperators.LT, b));
      case MAXIMUM -> two(VectorFloatMath::max);
      case MINIMUM -> two(VectorFloatMath::min);
      case MUL -> two((a, b) -> a.mul(b));
      case NE -> two((a, b) -> a.compare(VectorOperators.NE, b));
      case SUB -> two((a, b) -> a.sub(b));
      case ATAN2,
          BITWISE_AND,
          BITWISE_OR,
          BITWISE_XOR,
          DIV_FLOOR,
          FMOD,
          HYPOT,
          LOGADDEXP,
          LOGADDEXP2,
          POW,
          REMAINDER,
          SHIFT_LEFT,
          SHIFT_RIGHT,
          XLOGY ->
          null;
    };
  }

  static @Nullable VectorExpression<FloatVector, ?> of(TernaryFunction function) {
    return switch (function) {
      case ADDCDIV -> four((a, b, c, value) -> b.mul(value).div(c).add(a));
      case ADDCMUL -> four((a, b, c, value) -> b.mul(value).fma(c, a));
      case CLAMP -> three(VectorFloatMath::clamp);
      case LERP -> three(VectorFloatMath::lerp);
    };
  }
}
