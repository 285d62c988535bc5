package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.op.ActivationFunction;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Doubles;
import org.gatun.op.GradientFunction;
import org.gatun.op.PointwiseFunction;
import org.gatun.op.TernaryFunction;
import org.gatun.op.UnaryFunction;

/**
 * The loops of pointwise functions in plain Java: of every function, for every dtype but halves.
 */
class PointwiseLoops {
  private static final LoopTemplate FLOATS = new LoopTemplate(ScalarFloatLoop.class);
  private static final LoopTemplate DOUBLES = new LoopTemplate(ScalarDoubleLoop.class);
  private static final LoopTemplate INTEGERS = new LoopTemplate(IntegerLoop.class);

  static final PointwiseLoops SCALAR = new PointwiseLoops();

  PointwiseLoops() {}

  /** Returns how many operands a function has. */
  static int operands(PointwiseFunction function) {
    return switch (function) {
      case ActivationFunction activation -> activation.operands();
      case UnaryFunction _ -> 1;
      case BinaryFunction _ -> 2;
      case GradientFunction gradient -> gradient.operands();
      case TernaryFunction _ -> 3;
    };
  }

  /** Returns whether there is a loop of a function for these dtypes, which the function takes. */
  boolean takes(PointwiseFunction function, DType from, DType to) {
    return from != DType.F16 && from != DType.BF16;
  }

  /**
   * Returns the loop of a function with these numbers.
   *
   * @param from the dtype of the operands, one that {@link #takes} is true of
   * @param to the dtype of the results, that of the operands or {@code bool}
   */
  PointwiseLoop of(PointwiseFunction function, Doubles numbers, DType from, DType to) {
    boolean test = to == DType.BOOL && from != DType.BOOL;
    boolean floating = from.isFloating();
    Object expression = floating ? floating(function, from) : integer(function, from);
    LoopTemplate template = !floating ? INTEGERS : from == DType.F32 ? FLOATS : DOUBLES;
    LoopTemplate.Body body = new LoopTemplate.Body(expression, operands(function), from, test);
    return template.loop(function, body, numbers);
  }

  /**
   * Returns the loop of a loss or a slope of it.
   *
   * @param numbers the parameter of the loss, if it has one
   * @param dtype f32 or f64
   */
  PointwiseLoop of(LossTerm term, Doubles numbers, DType dtype) {
    LoopTemplate template = dtype == DType.F32 ? FLOATS : DOUBLES;
    LoopTemplate.Body body =
        new LoopTemplate.Body(DoubleLosses.of(term), term.operands(), dtype, false);
    return template.loop(term, body, numbers);
  }

  static DoubleExpression floating(PointwiseFunction function, DType dtype) {
    boolean floats = dtype == DType.F32;
    return switch (function) {
      case ActivationFunction activation -> DoubleActivations.of(activation);
      case UnaryFunction unary ->
          floats ? DoubleFunctions.ofFloats(unary) : DoubleFunctions.of(unary);
      case BinaryFunction binary ->
          floats ? DoubleFunctions.ofFloats(binary) : DoubleFunctions.of(binary);
      case GradientFunction gradient -> DoubleActivations.of(gradient);
      case TernaryFunction ternary -> DoubleFunctions.of(ternary);
    };
  }

  private static LongExpression integer(PointwiseFunction function, DType dtype) {
    return switch (function) {
      case UnaryFunction unary -> IntegerFunctions.of(unary, dtype);
      case BinaryFunction binary -> IntegerFunctions.of(binary, dtype);
      case TernaryFunction ternary -> IntegerFunctions.of(ternary);
      case ActivationFunction _, GradientFunction _ ->
          throw new AssertionError(function.spelling() + " takes no integers");
    };
  }
}
