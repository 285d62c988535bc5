package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;

/**
 * The largest elements of as many windows as the result is to have elements; NaN is larger than any
 * number.
 *
 * <p>Input: (N, C, spatial...) or (C, spatial...) with one to three spatial dimensions. Along each
 * of them window i of n goes from {@code floor(i * input / n)} to {@code ceil((i + 1) * input / n)}
 * exclusive. A second output, an i64 of the same shape, tells where the element stands among those
 * of its channel, as {@link MaxPool} does.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool2d.html">
 * PyTorch, adaptive_max_pool2d</a>.
 *
 * @param outputSize the size of the result in each spatial dimension; -1, PyTorch's None, keeps
 *     that of the input
 * @param indices whether there is a second output
 */
public record AdaptiveMaxPool(Ints outputSize, boolean indices) implements Pooling {
  /** Checks the arguments. */
  public AdaptiveMaxPool {
    Windows.outputSize(name(outputSize), outputSize);
  }

  private static String name(Ints outputSize) {
    return "adaptive_max_pool" + outputSize.size() + "d";
  }

  @Override
  public String name() {
    return name(outputSize);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Windows.input(this, input, outputSize.size());
    Layout values =
        Windows.like(input, outputSize.size(), Windows.output(input.shape(), outputSize));
    return indices ? List.of(values, values.withDType(DType.I64)) : List.of(values);
  }
}
