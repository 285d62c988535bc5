package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * A function of each element; the result has the input's shape, and its dtype or {@code bool}.
 *
 * @param function the function
 * @param numbers the numbers that it takes beside the element, as {@link PointwiseFunction#numbers}
 *     names them
 */
public record Unary(UnaryFunction function, Doubles numbers) implements Pointwise {
  /** Checks that there are as many numbers as the function takes. */
  public Unary {
    Checks.numbers(function, numbers);
  }

  /** Makes the operator of a function with these numbers. */
  public Unary(UnaryFunction function, double... numbers) {
    this(function, Doubles.of(numbers));
  }

  @Override
  public String name() {
    return function.spelling();
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    function.kinds().check(this, input, "input");
    return List.of(Layout.like(input, function.kinds().result(input.dtype()), input.shape()));
  }
}
