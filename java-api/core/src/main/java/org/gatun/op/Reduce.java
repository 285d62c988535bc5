package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;

/**
 * A function of the elements along some axes.
 *
 * <p>Sums are made of blocks: their error does not grow with the number of elements, nor change
 * with the number of threads.
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
    DType dtype =
        switch (function) {
          case SUM -> input.dtype().isFloating() ? input.dtype() : DType.I64;
          case MEAN -> {
            Checks.floating(this, input, "input");
            yield input.dtype();
          }
          case MAX -> {
            Checks.someReduced(this, input.shape(), axes);
            yield input.dtype();
          }
        };
    return List.of(Layout.of(dtype, Checks.reduced(this, input.shape(), axes, keepDims)));
  }
}
