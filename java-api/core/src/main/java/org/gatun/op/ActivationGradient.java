package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * The gradient of an activation in one of its operands, before it is summed up where that was
 * broadcast.
 *
 * <p>Inputs: the cotangent, then the operands of the activation; they broadcast, and have the dtype
 * of the result.
 *
 * @param function the function
 * @param numbers the numbers that it takes beside the elements, as {@link
 *     PointwiseFunction#numbers} names them
 */
public record ActivationGradient(GradientFunction function, Doubles numbers) implements Pointwise {
  /** Checks that there are as many numbers as the function takes. */
  public ActivationGradient {
    Checks.numbers(function, numbers);
  }

  /** Makes the operator of a function with these numbers. */
  public ActivationGradient(GradientFunction function, double... numbers) {
    this(function, Doubles.of(numbers));
  }

  @Override
  public String name() {
    return function.spelling();
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    return List.of(Checks.floatingOperands(this, inputs, function.operands()));
  }
}
