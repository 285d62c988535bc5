package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * A tensor with the parts at some indices of one axis, or of several, combined with others.
 *
 * <p>Inputs: x, the source, and for each axis a tensor of indices, as {@link Gather} has them. The
 * source has the shape that {@code Gather} gives, and the dtype of x. The result has the shape of
 * x. It is the same for any number of threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.Tensor.index_put_.html">
 * PyTorch, index_put</a>, <a
 * href="https://pytorch.org/docs/stable/generated/torch.Tensor.index_add_.html">index_add</a> and
 * <a href="https://pytorch.org/docs/stable/generated/torch.Tensor.index_copy_.html">index_copy</a>;
 * ONNX ScatterND.
 *
 * @param name the name in messages, such as {@code index_add}
 * @param axes the axes, ascending from 0, one or more
 * @param fromEnd whether a negative index counts from the end; else it is out of range
 * @param combination what becomes of the elements
 */
public record Scatter(String name, Ints axes, boolean fromEnd, Combination combination)
    implements Indexing {
  /** Checks the axes. */
  public Scatter {
    Objects.requireNonNull(name, "scatter: name is null");
    Objects.requireNonNull(axes, "scatter: axes is null");
    Objects.requireNonNull(combination, "scatter: combination is null");
    Indices.checkAscending(name, axes);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2 + axes.size());
    Layout x = inputs.getFirst();
    Shape picked = Indices.shape(this, axes, x, inputs.subList(2, inputs.size()));
    Shape expected = Indices.replaced(x.shape(), axes, picked);
    Layout source = inputs.get(1);
    Checks.sameDType(this, inputs, 1, x.dtype());
    Checks.check(
        source.shape().equals(expected),
        this,
        "source has shape " + source.shape() + ", expected " + expected);
    return List.of(Layout.of(x.dtype(), x.shape()));
  }
}
