package org.gatun.kernel.java;

import static org.gatun.kernel.java.VectorExpression.four;
import static org.gatun.kernel.java.VectorExpression.one;
import static org.gatun.kernel.java.VectorExpression.three;
import static org.gatun.kernel.java.VectorExpression.two;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import org.gatun.op.BinaryFunction;
import org.gatun.op.TernaryFunction;
import org.gatun.op.UnaryFunction;
import org.jspecify.annotations.Nullable;

/**
 * The pointwise functions of many {@code double}s at a time; null where there is no expression that
 * the compiler makes vector code of, and where {@code Math} computes them one by one. Those that
 * {@link LibraryFunctions} names are for floats that are computed as doubles; of logaddexp such a
 * float would not be sure, since doubles that are nearly the same cancel.
 */
final class VectorDoubleFunctions {
  private VectorDoubleFunctions() {}

  static @Nullable VectorExpression<DoubleVector, ?> of(UnaryFunction function) {
    return switch (function) {
      case ABS -> one(x -> x.abs());
      case ACOS -> one(x -> x.lanewise(VectorOperators.ACOS));
      case ACOSH -> one(VectorDoubleMath::acosh);
      case ASIN -> one(x -> x.lanewise(VectorOperators.ASIN));
      case ASINH -> one(VectorDoubleMath::asinh);
      case ATAN -> one(x -> x.lanewise(VectorOperators.ATAN));
      case ATANH -> one(VectorDoubleMath::atanh);
      case CEIL -> one(VectorDoubleMath::ceil);
      case CLAMP -> three(VectorDoubleMath::clamp);
      case CLAMP_MAX -> two(VectorDoubleMath::min);
      case CLAMP_MIN -> two(VectorDoubleMath::max);
      case COS -> one(x -> x.lanewise(VectorOperators.COS));
      case COSH -> one(x -> x.lanewise(VectorOperators.COSH));
      case DEG2RAD -> one(x -> x.mul(DoubleMath.RADIANS));
      case ERFC -> one(VectorDoubleMath::erfc);
      case EXP2 ->
          one(x -> VectorDoubleMath.pow(DoubleVector.broadcast(VectorDoubleMath.DOUBLES, 2), x));
      case EXPM1 -> one(x -> x.lanewise(VectorOperators.EXPM1));
      case FLOOR -> one(VectorDoubleMath::floor);
      case FRAC -> one(x -> x.sub(VectorDoubleMath.trunc(x)));
      case ISFINITE -> one(x -> x.test(VectorOperators.IS_FINITE));
      case ISINF -> one(x -> x.test(VectorOperators.IS_INFINITE));
      case ISNAN -> one(x -> x.test(VectorOperators.IS_NAN));
      case ISNEGINF -> one(x -> x.compare(VectorOperators.EQ, Double.NEGATIVE_INFINITY));
      case ISPOSINF -> one(x -> x.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
      case LOG -> one(x -> x.lanewise(VectorOperators.LOG));
      case LOG10 -> one(x -> x.lanewise(VectorOperators.LOG10));
      case LOG1P -> one(x -> x.lanewise(VectorOperators.LOG1P));
      case LOG2 -> one(VectorDoubleMath::log2);
      case LOGICAL_NOT -> one(x -> x.compare(VectorOperators.EQ, 0));
      case LOGIT -> two(VectorDoubleMath::logit);
      case NAN_TO_NUM -> four(VectorDoubleMath::nanToNum);
      case NEG -> one(x -> x.neg());
      case RAD2DEG -> one(x -> x.mul(DoubleMath.DEGREES));
      case RECIPROCAL -> one(x -> VectorDoubleMath.all(1).div(x));
      case RELU -> one(VectorDoubleMath::relu);
      case ROUND -> one(VectorDoubleMath::rint);
      case ROUND_DECIMALS ->
          three(
              (x, scale, unit) ->
                  VectorDoubleMath.rint(x.mul(scale).div(unit)).div(scale).mul(unit));
      case RSQRT -> one(x -> VectorDoubleMath.all(1).div(x.sqrt()));
      case SIGN -> one(VectorDoubleMath::sign);
      case SIGNBIT -> one(x -> x.test(VectorOperators.IS_NEGATIVE));
      case SIN -> one(x -> x.lanewise(VectorOperators.SIN));
      case SINH -> one(x -> x.lanewise(VectorOperators.SINH));
      case SQRT -> one(x -> x.sqrt());
      case SQUARE -> one(x -> x.mul(x));
      case TAN -> one(x -> x.lanewise(VectorOperators.TAN));
      case TRUNC -> one(VectorDoubleMath::trunc);
      case BITWISE_NOT, ERF, ERFINV, EXP, GELU, GELU_TANH, SIGMOID, SILU, TANH -> null;
    };
  }

  static @Nullable VectorExpression<DoubleVector, ?> of(BinaryFunction function) {
    return switch (function) {
      case ADD -> two((a, b) -> a.add(b));
      case ADD_SCALED -> three((a, b, alpha) -> b.fma(alpha, a));
      case ATAN2 -> two((a, b) -> a.lanewise(VectorOperators.ATAN2, b));
      case COPYSIGN -> two(VectorDoubleMath::copySign);
      case DIV -> two((a, b) -> a.div(b));
      case DIV_TRUNC -> two((a, b) -> VectorDoubleMath.trunc(a.div(b)));
      case EQ -> two((a, b) -> a.compare(VectorOperators.EQ, b));
      case FMAX -> two(VectorDoubleMath::maxNumber);
      case FMIN -> two(VectorDoubleMath::minNumber);
      case GE -> two((a, b) -> a.compare(VectorOperators.GE, b));
      case GT -> two((a, b) -> a.compare(VectorOperators.GT, b));
      case HEAVISIDE -> two(VectorDoubleMath::heaviside);
      case HYPOT -> two(VectorDoubleMath::hypot);
      case ISCLOSE -> four(VectorDoubleMath::isClose);
      case ISCLOSE_NAN ->
          four(
              (a, b, rtol, atol) ->
                  VectorDoubleMath.isClose(a, b, rtol, atol).or(VectorDoubleMath.bothNaN(a, b)));
      case LE -> two((a, b) -> a.compare(VectorOperators.LE, b));
      case LERP -> three(VectorDoubleMath::lerp);
      case LOGICAL_AND -> two((a, b) -> VectorDoubleMath.isTrue(a).and(VectorDoubleMath.isTrue(b)));
      case LOGICAL_OR -> two((a, b) -> VectorDoubleMath.isTrue(a).or(VectorDoubleMath.isTrue(b)));
      case LOGICAL_XOR -> two((a, b) -> VectorDoubleMath.isTrue(a).xor(VectorDoubleMath.isTrue(b)));
      case LT -> two((a, b) -> a.compare(VectorOperators.LT, b));
      case MAXIMUM -> two(VectorDoubleMath::max);
      case MINIMUM -> two(VectorDoubleMath::min);
      case MUL -> two((a, b) -> a.mul(b));
      case NE -> two((a, b) -> a.compare(VectorOperators.NE, b));
      case POW -> two(VectorDoubleMath::pow);
      case SUB -> two((a, b) -> a.sub(b));
      case XLOGY -> two(VectorDoubleMath::xlogy);
      case BITWISE_AND,
          BITWISE_OR,
          BITWISE_XOR,
          DIV_FLOOR,
          FMOD,
          LOGADDEXP,
          LOGADDEXP2,
          REMAINDER,
          SHIFT_LEFT,
          SHIFT_RIGHT ->
          null;
    };
  }

  static @Nullable VectorExpression<DoubleVector, ?> of(TernaryFunction function) {
    return switch (function) {
      case ADDCDIV -> four((a, b, c, value) -> b.mul(value).div(c).add(a));
      case ADDCMUL -> four((a, b, c, value) -> b.mul(value).fma(c, a));
      case CLAMP -> three(VectorDoubleMath::clamp);
      case LERP -> three(VectorDoubleMath::lerp);
    };
  }
}
