package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * An activation of each element; operands broadcast, and have the dtype of the result.
 *
 * <p>Source: PyTorch's <a
 * href="https://pytorch.org/docs/stable/nn.functional.html#non-linear-activation-functions">non-linear
 * activation functions</a>.
 *
 * @param function the function
 * @param numbers the numbers that it takes beside the elements, as {@link
 *     PointwiseFunction#numbers} names them
 */
public record Activation(ActivationFunction function, Doubles numbers) implements Pointwise {
  /** Checks the numbers. */
  public Activation {
    Checks.numbers(function, numbers);
    switch (function) {
      case CELU -> check(function, numbers.get(0) != 0, numbers, "alpha not to be 0");
      case HARDTANH ->
          check(
              function,
              numbers.get(0) <= numbers.get(1),
              numbers,
              "min_val not to be more than max_val");
      case SOFTPLUS -> check(function, numbers.get(0) != 0, numbers, "beta not to be 0");
      case SOFTSHRINK -> check(function, numbers.get(0) >= 0, numbers, "lambd to be 0 or more");
      default -> {}
    }
  }

  /** Makes the operator of a function with these numbers. */
  public Activation(ActivationFunction function, double... numbers) {
    this(function, Doubles.of(numbers));
  }

  private static void check(
      ActivationFunction function, boolean condition, Doubles numbers, String expectation) {
    if (!condition) {
      throw new IllegalArgumentException(
          function.spelling()
              + ": "
              + String.join(", ", function.numbers())
              + " "
              + numbers
              + ", expected "
              + expectation);
    }
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
