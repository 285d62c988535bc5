package org.gatun.kernel.java;

import java.util.EnumSet;
import java.util.Set;
import org.gatun.op.ActivationFunction;
import org.gatun.op.BinaryFunction;
import org.gatun.op.GradientFunction;
import org.gatun.op.PointwiseFunction;
import org.gatun.op.TernaryFunction;
import org.gatun.op.UnaryFunction;

/**
 * The functions whose results are exact, or rounded once: their expressions of vectors and of one
 * {@code double} give the same bits, for floats as well, since a float's sum, product, quotient or
 * root may be rounded to a double first.
 *
 * <p>So a few elements of these can be computed in plain Java. The first use of the Vector API in a
 * process takes about as long as loading oneDNN, and until it is compiled each of its operations
 * takes microseconds; a newcomer's first tensors are small. Of other functions, few elements are
 * computed as many are: a result depends on the element alone.
 */
final class ExactFunctions {
  private static final Set<UnaryFunction> UNARY =
      EnumSet.of(
          UnaryFunction.ABS,
          UnaryFunction.CEIL,
          UnaryFunction.FLOOR,
          UnaryFunction.ISFINITE,
          UnaryFunction.ISINF,
          UnaryFunction.ISNAN,
          UnaryFunction.ISNEGINF,
          UnaryFunction.ISPOSINF,
          UnaryFunction.LOGICAL_NOT,
          UnaryFunction.NAN_TO_NUM,
          UnaryFunction.NEG,
          UnaryFunction.RECIPROCAL,
          UnaryFunction.RELU,
          UnaryFunction.ROUND,
          UnaryFunction.SIGN,
          UnaryFunction.SIGNBIT,
          UnaryFunction.SQRT,
          UnaryFunction.SQUARE,
          UnaryFunction.TRUNC);

  private static final Set<BinaryFunction> BINARY =
      EnumSet.of(
          BinaryFunction.ADD,
          BinaryFunction.COPYSIGN,
          BinaryFunction.DIV,
          BinaryFunction.EQ,
          BinaryFunction.FMAX,
          BinaryFunction.FMIN,
          BinaryFunction.GE,
          BinaryFunction.GT,
          BinaryFunction.HEAVISIDE,
          BinaryFunction.LE,
          BinaryFunction.LOGICAL_AND,
          BinaryFunction.LOGICAL_OR,
          BinaryFunction.LOGICAL_XOR,
          BinaryFunction.LT,
          BinaryFunction.MUL,
          BinaryFunction.NE,
          BinaryFunction.SUB);

  private static final Set<ActivationFunction> ACTIVATIONS =
      EnumSet.of(
          ActivationFunction.HARDSHRINK,
          ActivationFunction.HARDTANH,
          ActivationFunction.LEAKY_RELU,
          ActivationFunction.PRELU,
          ActivationFunction.RELU6,
          ActivationFunction.THRESHOLD);

  private ExactFunctions() {}

  static boolean contains(PointwiseFunction function) {
    return switch (function) {
      case UnaryFunction unary -> UNARY.contains(unary);
      case BinaryFunction binary -> BINARY.contains(binary);
      case ActivationFunction activation -> ACTIVATIONS.contains(activation);
      case GradientFunction _, TernaryFunction _ -> false;
    };
  }
}
