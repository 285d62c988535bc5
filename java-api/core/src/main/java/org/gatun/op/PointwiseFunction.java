package org.gatun.op;

import java.util.List;

/** A function of elements and, for some, of numbers that are the same for all elements. */
public sealed interface PointwiseFunction
    permits ActivationFunction, BinaryFunction, GradientFunction, TernaryFunction, UnaryFunction {
  /** Returns PyTorch's name, for messages and listings. */
  String spelling();

  /** Returns the names of the numbers that the function takes after the elements. */
  List<String> numbers();

  /** Returns whether the elements must be floating-point numbers. */
  boolean takesFloatingAlone();
}
