package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The parts of a tensor at some indices of one axis, or of several.
 *
 * <p>Inputs: x, and for each axis a tensor of indices, all of the same shape. The element at index
 * {@code i} of that shape is the part of x at index {@code indices_k[i]} of {@code axes[k]}, for
 * each k. The result has the shape of x with the axes replaced by that of the indices; where other
 * axes lie between them, it comes first.
 *
 * <p>Source: <a href="https://numpy.org/doc/stable/user/basics.indexing.html">NumPy, advanced
 * indexing</a>, which is PyTorch's {@code x[:, i, j]}; <a
 * href="https://pytorch.org/docs/stable/generated/torch.index_select.html">PyTorch,
 * index_select</a> and <a href="https://pytorch.org/docs/stable/generated/torch.take.html">
 * take</a>; ONNX Gather and GatherND.
 *
 * @param name the name in messages, such as {@code index_select}
 * @param axes the axes, ascending from 0, one or more
 * @param fromEnd whether a negative index counts from the end; else it is out of range
 */
public record Gather(String name, Ints axes, boolean fromEnd) implements Indexing {
  /** Checks the axes. */
  public Gather {
    Objects.requireNonNull(name, "gather: name is null");
    Objects.requireNonNull(axes, "gather: axes is null");
    Indices.checkAscending(name, axes);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1 + axes.size());
    Layout x = inputs.getFirst();
    Shape picked = Indices.shape(this, axes, x, inputs.subList(1, inputs.size()));
    return List.of(Layout.of(x.dtype(), Indices.replaced(x.shape(), axes, picked)));
  }
}
