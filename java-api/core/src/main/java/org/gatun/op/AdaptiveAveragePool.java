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
    String name = name(outputSize);
    if (outputSize.size() < 1 || outputSize.size() > 3) {
      throw new IllegalArgumentException(
          name + ": output size " + outputSize + ", expected one for each of 1 to 3 dimensions");
    }
    for (int i = 0; i < outputSize.size(); i++) {
      if (outputSize.get(i) < -1) {
        throw new IllegalArgumentException(
            name
                + ": output size "
                + outputSize.get(i)
                + " in "
                + outputSize
                + ", expected 0 or more, or -1 for the input's");
      }
    }
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
    Shape shape = input.shape();
    for (int i = 0; i < outputSize.size(); i++) {
      if (outputSize.get(i) >= 0) {
        shape = shape.with(input.rank() - outputSize.size() + i, outputSize.get(i));
      }
    }
    return List.of(Windows.like(input, outputSize.size(), shape));
  }
}
