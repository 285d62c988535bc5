package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * A function of the elements of two inputs, which broadcast by NumPy's rules and have one dtype;
 * the result has it too, or is {@code bool}.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/notes/broadcasting.html">PyTorch,
 * broadcasting semantics</a>.
 *
 * @param function the function
 * @param numbers the numbers that it takes beside the elements, as {@link
 *     PointwiseFunction#numbers} names them
 */
public record Binary(BinaryFunction function, Doubles numbers) implements Pointwise {
  /** Checks that there are as many numbers as the function takes. */
  public Binary {
    Checks.numbers(function, numbers);
  }

  /** Makes the operator of a function with these numbers. */
  public Binary(BinaryFunction function, double... numbers) {
    this(function, Doubles.of(numbers));
  }

  @Override
  public String name() {
    return function.spelling();
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2);
    Layout a = inputs.getFirst();
    Layout b = inputs.getLast();
    function.kinds().check(this, a, "input 0");
    Checks.sameDType(this, inputs, 1, a.dtype());
    Shape shape = Checks.broadcast(this, a.shape(), b.shape());
    DType result = function.kinds().result(a.dtype());
    return List.of(Layout.like(a.shape().equals(shape) ? a : b, result, shape));
  }
}
