package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * A function of the elements of two inputs, which broadcast by NumPy's rules and have one dtype.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/notes/broadcasting.html">PyTorch,
 * broadcasting semantics</a>.
 *
 * @param function the function
 */
public record Binary(BinaryFunction function) implements Pointwise {
  @Override
  public String name() {
    return function.spelling();
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2);
    Layout a = inputs.getFirst();
    Layout b = inputs.getLast();
    Checks.sameDType(this, inputs, 1, a.dtype());
    if (function == BinaryFunction.DIV) {
      Checks.floating(this, a, "input 0");
    }
    Shape shape = Checks.broadcast(this, a.shape(), b.shape());
    return List.of(Layout.like(a.shape().equals(shape) ? a : b, a.dtype(), shape));
  }
}
