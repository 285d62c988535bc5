package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Layout;

/**
 * A function of the elements along some axes.
 *
 * <p>Sums are made of blocks: their error does not grow with the number of elements, nor change
 * with the number of threads.
 *
 * <p>Elements are of any dtype; those of a mean and of the logarithm of a sum of exponentials are
 * floating-point. {@code all} and {@code any} are {@code bool}, of {@code u8} elements {@code u8};
 * counts are {@code i64}, as are sums and products of integers and booleans. The others have the
 * dtype of the elements.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/torch.html#reduction-ops">PyTorch,
 * reductions</a>.
 *
 * @param function the function
 * @param axes the axes to reduce, none for all; negative ones count from the last
 * @param keepDims whether a reduced axis stays as one of size 1
 */
public record Reduce(ReduceFunction function, Ints axes, boolean keepDims) implements Reduction {
  /** Checks that nothing is null. */
  public Reduce {
    Objects.requireNonNull(function, "reduce: function is null");
    Objects.requireNonNull(axes, "reduce: axes is null");
  }

  @Override
  public String name() {
    return function.spelling();
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    DType dtype = input.dtype();
    DType result =
        switch (function) {
          case ALL, ANY -> dtype == DType.U8 ? dtype : DType.BOOL;
          case COUNT_NONZERO -> DType.I64;
          case SUM, NAN_SUM, PROD -> dtype.isFloating() ? dtype : DType.I64;
          case MEAN, LOG_SUM_EXP -> {
            Checks.floating(this, input, "input");
            yield dtype;
          }
          case MAX, MIN -> {
            Checks.someReduced(this, input.shape(), axes);
            yield dtype;
          }
        };
    return List.of(Layout.of(result, Checks.reduced(this, input.shape(), axes, keepDims)));
  }
}
