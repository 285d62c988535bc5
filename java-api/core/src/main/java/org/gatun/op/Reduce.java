package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * A function of the elements along some axes.
 *
 * <p>Sums are pairwise: their error does not grow with the number of elements.
 *
 * @param function the function
 * @param axes the axes to reduce, none for all; negative ones count from the last
 * @param keepDims whether a reduced axis stays as one of size 1
 */
public record Reduce(ReduceFunction function, Ints axes, boolean keepDims) implements Reduction {
  @Override
  public String name() {
    return function.spelling();
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Checks.floating(this, input, "input");
    Shape shape = Checks.reduced(this, input.shape(), axes, keepDims);
    return List.of(Layout.of(input.dtype(), shape));
  }
}
