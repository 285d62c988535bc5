package org.gatun;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.gatun.op.Combination;
import org.gatun.op.Gather;
import org.gatun.op.Ints;
import org.gatun.op.Op;
import org.gatun.op.Scatter;
import org.gatun.runtime.Engine;

/**
 * What indices between brackets pick of a tensor: a view by the numbers and ranges, and of that the
 * parts by the tensors.
 */
final class Selection implements AutoCloseable {
  private final String name;
  private final List<Tensor> made = new ArrayList<>();
  private final List<Integer> axes = new ArrayList<>();
  private final List<Tensor> indices = new ArrayList<>();
  private Tensor view;

  private Selection(String name, Tensor x) {
    this.name = name;
    this.view = keep(x.sharing(name));
  }

  /** Returns what the indices pick. */
  static Selection of(String name, Tensor x, Index[] parts) {
    Objects.requireNonNull(parts, name + ": indices is null");
    Selection selection = new Selection(name, x);
    boolean done = false;
    try {
      selection.pick(parts);
      done = true;
      return selection;
    } finally {
      if (!done) {
        selection.close();
      }
    }
  }

  private void pick(Index[] parts) {
    int used = 0;
    int ellipses = 0;
    for (Index part : parts) {
      used +=
          switch (part) {
            case Index.At _, Index.Range _ -> 1;
            case Index.NewAxis _, Index.Ellipsis _ -> 0;
            case Index.Of(Tensor tensor) -> tensor.dtype() == DType.BOOL ? tensor.rank() : 1;
          };
      ellipses += part instanceof Index.Ellipsis ? 1 : 0;
    }
    int left = view.rank() - used;
    if (left < 0 || ellipses > 1) {
      throw new IllegalArgumentException(
          name
              + ": indices of "
              + used
              + " dimensions and "
              + ellipses
              + " ellipses for shape "
              + view.shape()
              + ", expected no more than it has and one ellipsis at most");
    }
    int axis = 0;
    for (Index part : parts) {
      switch (part) {
        case Index.At(long index) -> view = keep(view.select(axis, index));
        case Index.Range(long start, long end, long step) ->
            view = keep(view.slice(axis++, start, end, step));
        case Index.NewAxis _ -> view = keep(view.unsqueeze(axis++));
        case Index.Ellipsis _ -> axis += left;
        case Index.Of(Tensor tensor) -> axis = add(tensor, axis);
      }
    }
    broadcastIndices();
  }

  /** Adds a tensor of indices and returns the axis after those that it is for. */
  private int add(Tensor tensor, int axis) {
    if (tensor.dtype() != DType.BOOL) {
      axes.add(axis);
      indices.add(tensor);
      return axis + 1;
    }
    int end = axis + tensor.rank();
    if (tensor.rank() == 0) {
      // One more dimension, of size 1, which a true mask picks and a false one does not.
      view = keep(view.unsqueeze(axis));
      end++;
    } else if (!view.shape().range(axis, end).equals(tensor.shape())) {
      throw new IllegalArgumentException(
          name
              + ": mask of shape "
              + tensor.shape()
              + " for dimensions "
              + axis
              + " to "
              + end
              + " of shape "
              + view.shape()
              + ", expected the same");
    }
    Tensor mask = tensor.rank() == 0 ? keep(tensor.reshape(1)) : tensor;
    List<Tensor> columns = keep(mask.nonzero()).unbind(1);
    columns.forEach(this::keep);
    for (int i = 0; i < columns.size(); i++) {
      axes.add(axis + i);
      indices.add(columns.get(i));
    }
    return end;
  }

  private void broadcastIndices() {
    if (indices.size() < 2) {
      return;
    }
    Tensor[] same = Joins.broadcast(name, indices.toArray(Tensor[]::new)).toArray(Tensor[]::new);
    for (int i = 0; i < same.length; i++) {
      indices.set(i, keep(same[i]));
    }
  }

  private Tensor keep(Tensor tensor) {
    made.add(tensor);
    return tensor;
  }

  private Ints axes() {
    return Ints.of(axes.stream().mapToInt(i -> i).toArray());
  }

  /** Returns what was picked: a view if by numbers and ranges alone, else a copy. */
  Tensor get() {
    if (indices.isEmpty()) {
      return view.sharing(name);
    }
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(view);
    inputs.addAll(indices);
    return Engine.current().run(new Gather(name, axes(), true), inputs.toArray(Tensor[]::new));
  }

  /** Replaces what was picked by values, or adds them; in place. */
  void put(Tensor values, boolean accumulate) {
    if (indices.isEmpty()) {
      if (accumulate) {
        try (Tensor sum = view.add(values)) {
          view.copyFrom(sum);
        }
      } else {
        view.copyFrom(values);
      }
      return;
    }
    Combination combination = accumulate ? Combination.ADD : Combination.REPLACE;
    Gather gather = new Gather(name, axes(), true);
    List<Layout> layouts = new ArrayList<>();
    layouts.add(view.layout());
    indices.forEach(each -> layouts.add(each.layout()));
    Shape shape = gather.infer(layouts).getFirst().shape();
    Op scatter = new Scatter(name, axes(), true, combination);
    try (Tensor converted = values.to(view.dtype());
        Tensor source = converted.expand(shape.dims())) {
      List<Tensor> inputs = new ArrayList<>();
      inputs.add(view);
      inputs.add(source);
      inputs.addAll(indices);
      Engine.current().run(scatter, inputs, List.of(view));
    }
  }

  @Override
  public void close() {
    made.forEach(Tensor::close);
  }
}
