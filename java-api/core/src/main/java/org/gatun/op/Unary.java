package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * A function of each element; the result has the input's shape and dtype.
 *
 * @param function the function
 */
public record Unary(UnaryFunction function) implements Pointwise {
  @Override
  public String name() {
    return function.spelling();
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Checks.floating(this, input, "input");
    return List.of(Layout.like(input, input.dtype(), input.shape()));
  }
}
