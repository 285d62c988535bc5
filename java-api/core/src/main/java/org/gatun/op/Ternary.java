package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * A function of the elements of three inputs, which broadcast by NumPy's rules and have one dtype;
 * the result has it too.
 *
 * @param function the function
 * @param numbers the numbers that it takes beside the elements, as {@link
 *     PointwiseFunction#numbers} names them
 */
public record Ternary(TernaryFunction function, Doubles numbers) implements Pointwise {
  /** Checks that there are as many numbers as the function takes. */
  public Ternary {
    Checks.numbers(function, numbers);
  }

  /** Makes the operator of a function with these numbers. */
  public Ternary(TernaryFunction function, double... numbers) {
    this(function, Doubles.of(numbers));
  }

  @Override
  public String name() {
    return function.spelling();
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 3);
    Layout a = inputs.get(0);
    function.kinds().check(this, a, "input 0");
    Checks.sameDType(this, inputs, 1, a.dtype());
    Checks.sameDType(this, inputs, 2, a.dtype());
    Shape shape = Checks.broadcast(this, inputs);
    return List.of(Layout.like(a, function.kinds().result(a.dtype()), shape));
  }
}
