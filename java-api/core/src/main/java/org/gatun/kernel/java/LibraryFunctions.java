package org.gatun.kernel.java;

import org.gatun.op.ActivationFunction;
import org.gatun.op.BinaryFunction;
import org.gatun.op.GradientFunction;
import org.gatun.op.PointwiseFunction;
import org.gatun.op.TernaryFunction;
import org.gatun.op.UnaryFunction;

/**
 * The functions whose expressions of double vectors have exp, log or one of their likes in them,
 * which is a vector library's once their loop is compiled and {@code Math}'s before that; the two
 * differ in the last bit.
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
      case GradientFunction gradient -> gradient == GradientFunction.TANHSHRINK;
      case ActivationFunction _, TernaryFunction _ -> false;
    };
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
          ERFC,
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
          true;
      default -> false;
    };
  }

  private static boolean contains(BinaryFunction function) {
    return switch (function) {
      case ATAN2, HYPOT, POW, XLOGY -> true;
      default -> false;
    };
  }
}
