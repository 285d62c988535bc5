package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.Layout;

/**
 * A tensor with each element of a source combined into the place that an index says: {@code
 * x[i][indices[i][j][k]][k]} with {@code source[i][j][k]} along axis 1 of three.
 *
 * <p>Inputs: x, the source, of the same dtype, and the indices, all of as many dimensions. Those of
 * the indices are no larger than those of the source, nor, but for the axis, than those of x. The
 * result has the shape of x. It is the same for any number of threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.Tensor.scatter_.html">
 * PyTorch, scatter</a> and <a
 * href="https://pytorch.org/docs/stable/generated/torch.Tensor.scatter_add_.html">scatter_add</a>;
 * ONNX ScatterElements.
 *
 * @param name the name in messages, such as {@code scatter_add}
 * @param axis the axis that the indices count along; negative counts from the last
 * @param fromEnd whether a negative index counts from the end; else it is out of range
 * @param combination what becomes of the elements
 */
public record ScatterElements(String name, int axis, boolean fromEnd, Combination combination)
    implements Indexing {
  /** Checks that nothing is null. */
  public ScatterElements {
    Objects.requireNonNull(name, "scatter_elements: name is null");
    Objects.requireNonNull(combination, "scatter_elements: combination is null");
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 3);
    Layout x = inputs.getFirst();
    Layout source = inputs.get(1);
    Layout indices = inputs.getLast();
    Indices.checkElements(this, axis, x, indices);
    Checks.sameDType(this, inputs, 1, x.dtype());
    boolean fits = source.rank() == indices.rank();
    for (int at = 0; fits && at < indices.rank(); at++) {
      fits = indices.dim(at) <= source.dim(at);
    }
    Checks.check(
        fits || indices.size() == 0,
        this,
        "source has shape "
            + source.shape()
            + " for indices of shape "
            + indices.shape()
            + ", expected as many dimensions, each as large or larger");
    return List.of(Layout.of(x.dtype(), x.shape()));
  }
}
