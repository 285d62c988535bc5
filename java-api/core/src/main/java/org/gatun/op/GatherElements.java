package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.Layout;

/**
 * For each index an element: {@code x[i][indices[i][j][k]][k]} along axis 1 of three.
 *
 * <p>Inputs: x and the indices, of as many dimensions, which are no larger than those of x but for
 * the axis. Result: the shape of the indices.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.gather.html">PyTorch,
 * gather</a> and <a href="https://pytorch.org/docs/stable/generated/torch.take_along_dim.html">
 * take_along_dim</a>; ONNX GatherElements.
 *
 * @param name the name in messages, such as {@code gather}
 * @param axis the axis that the indices count along; negative counts from the last
 * @param fromEnd whether a negative index counts from the end; else it is out of range
 */
public record GatherElements(String name, int axis, boolean fromEnd) implements Indexing {
  /** Checks that nothing is null. */
  public GatherElements {
    Objects.requireNonNull(name, "gather_elements: name is null");
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2);
    Layout x = inputs.getFirst();
    Layout indices = inputs.getLast();
    Indices.checkElements(this, axis, x, indices);
    return List.of(Layout.of(x.dtype(), indices.shape()));
  }
}
