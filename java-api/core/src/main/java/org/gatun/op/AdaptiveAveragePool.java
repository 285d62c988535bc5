package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The means of as many windows as the result is to have elements.
 *
 * <p>Input: (N, C, spatial...) or (C, spatial...) with one to three spatial dimensions. Along each
 * of them window i of n goes from {@code floor(i * input / n)} to {@code ceil((i + 1) * input / n)}
 * exclusive.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool2d.html">
 * PyTorch, adaptive_avg_pool2d</a>.
 *
 * @param outputSize the size of the result in each spatial dimension; -1, PyTorch's None, keeps
 *     that of the input
 */
public record AdaptiveAveragePool(Ints outputSize) implements Pooling {
  /** Checks the arguments. */
  public AdaptiveAveragePool {
    Windows.outputSize(name(outputSize), outputSize);
  }

  private static String name(Ints outputSize) {
    return "adaptive_avg_pool" + outputSize.size() + "d";
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
    Shape shape = Windows.output(input.shape(), outputSize);
    return List.of(Windows.like(input, outputSize.size(), shape));
  }
}
