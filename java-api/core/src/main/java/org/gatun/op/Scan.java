package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Layout;

/**
 * A function of each element and all that come before it along an axis. The largest and the
 * smallest come with their {@code i64} indices along the axis, as a second output.
 *
 * <p>Sums are compensated: their error does not grow with the number of elements, nor change with
 * the number of threads.
 *
 * <p>Elements are of any dtype, those of the logarithm of a sum of exponentials floating-point.
 * Sums and products of integers and booleans are {@code i64}; the others have the dtype of the
 * elements.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.cumsum.html">PyTorch,
 * cumsum</a>, cumprod, cummax, cummin and logcumsumexp.
 *
 * @param function the function
 * @param axis the axis; negative counts from the last
 */
public record Scan(ScanFunction function, int axis) implements Op {
  /** Checks that nothing is null. */
  public Scan {
    Objects.requireNonNull(function, "scan: function is null");
  }

  @Override
  public String name() {
    return function.spelling();
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Checks.axis(this, axis, input.shape());
    DType dtype = input.dtype();
    DType result =
        switch (function) {
          case CUMPROD, CUMSUM -> dtype.isFloating() ? dtype : DType.I64;
          case CUMMAX, CUMMIN -> dtype;
          case LOGCUMSUMEXP -> {
            Checks.floating(this, input, "input");
            yield dtype;
          }
        };
    Layout values = Layout.of(result, input.shape());
    return function.hasIndices()
        ? List.of(values, Layout.of(DType.I64, input.shape()))
        : List.of(values);
  }
}
