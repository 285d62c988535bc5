package org.gatun.kernel.java;

import org.gatun.op.ActivationFunction;
import org.gatun.op.BinaryFunction;
import org.gatun.op.GradientFunction;
import org.gatun.op.LossFunction;
import org.gatun.op.PointwiseFunction;
import org.gatun.op.TernaryFunction;
import org.gatun.op.UnaryFunction;

/**
 * The functions whose expressions of double vectors have a function of a library in them: a vector
 * library's once their loop is compiled, and {@code Math}'s before that, which differ in the last
 * bit.
 *
 * <p>So that results do not depend on how often a loop has run, {@code f64} is computed one by one,
 * by {@code Math}, which gives the same bits in interpreted and in compiled code. In nanoseconds of
 * an element (Zen 5, AVX-512), vectors and one by one: exp 0.5 and 3.0, log 0.6 and 4.4, sin 0.9
 * and 6.0, tanh 1.6 and 7.8, pow 1.3 and 9.3. For {@code f32} there are expressions of our own, or
 * doubles are rounded to floats where the last bits of the double do not matter ({@code
 * VectorFloatAsDoubleLoop}).
 */
final class LibraryFunctions {
  private LibraryFunctions() {}

  static boolean contains(PointwiseFunction function) {
    return switch (function) {
      case UnaryFunction unary -> contains(unary);
      case BinaryFunction binary -> contains(binary);
      case TernaryFunction _ -> false;
      case ActivationFunction activation -> contains(activation);
      case GradientFunction gradient -> contains(gradient);
    };
  }

  static boolean contains(LossFunction function) {
    return switch (function) {
      case BINARY_CROSS_ENTROPY, BINARY_CROSS_ENTROPY_WITH_LOGITS, KL_DIV, KL_DIV_LOG_TARGET ->
          true;
      case HUBER_LOSS, L1_LOSS, MSE_LOSS, SMOOTH_L1_LOSS -> false;
    };
  }

  /** Returns whether doubles that are nearly the same may be of floats that are far apart. */
  static boolean cancels(PointwiseFunction function) {
    return function == BinaryFunction.LOGADDEXP || function == BinaryFunction.LOGADDEXP2;
  }

  private static boolean contains(UnaryFunction function) {
    return switch (function) {
      case ACOS,
          ACOSH,
          ASIN,
          ASINH,
          ATAN,
          ATANH,
          COS,
          COSH,
          ERF,
          ERFC,
          EXP,
          EXP2,
          EXPM1,
          GELU,
          GELU_TANH,
          LOG,
          LOG10,
          LOG1P,
          LOG2,
          LOGIT,
          SIGMOID,
          SILU,
          SIN,
          SINH,
          TAN,
          TANH ->
          true;
      case ABS,
          BITWISE_NOT,
          CEIL,
          CLAMP,
          CLAMP_MAX,
          CLAMP_MIN,
          DEG2RAD,
          ERFINV,
          FLOOR,
          FRAC,
          ISFINITE,
          ISINF,
          ISNAN,
          ISNEGINF,
          ISPOSINF,
          LOGICAL_NOT,
          NAN_TO_NUM,
          NEG,
          RAD2DEG,
          RECIPROCAL,
          RELU,
          ROUND,
          ROUND_DECIMALS,
          RSQRT,
          SIGN,
          SIGNBIT,
          SQRT,
          SQUARE,
          TRUNC ->
          false;
    };
  }

  private static boolean contains(BinaryFunction function) {
    return switch (function) {
      case ATAN2, HYPOT, LOGADDEXP, LOGADDEXP2, POW, XLOGY -> true;
      default -> false;
    };
  }

  private static boolean contains(ActivationFunction function) {
    return switch (function) {
      case CELU,
          ELU,
          GELU_SIGMOID,
          GLU,
          LOGSIGMOID,
          MISH,
          SELU,
          SOFTPLUS,
          SWIGLU,
          SWISH,
          TANHSHRINK ->
          true;
      default -> false;
    };
  }

  private static boolean contains(GradientFunction function) {
    return switch (function) {
      case CELU,
          ELU,
          GELU,
          GELU_SIGMOID,
          GELU_TANH,
          GLU_GATE,
          LOGSIGMOID,
          MISH,
          SELU,
          SIGMOID,
          SILU,
          SOFTPLUS,
          SWIGLU_GATE,
          SWISH,
          SWISH_BETA,
          TANH,
          TANHSHRINK ->
          true;
      default -> false;
    };
  }
}
