package org.gatun;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.gatun.op.Concat;
import org.gatun.runtime.Engine;

/** Tensors put together. */
final class Joins {
  private Joins() {}

  /** Returns the tensors one after the other, converted to a common dtype. */
  static Tensor concat(int axis, Tensor[] tensors) {
    Objects.requireNonNull(tensors, "concat: tensors is null");
    DType common = null;
    for (Tensor tensor : tensors) {
      common = common == null ? tensor.dtype() : DType.promote(common, tensor.dtype());
    }
    boolean same = true;
    for (Tensor tensor : tensors) {
      same &= tensor.dtype() == common;
    }
    if (same || common == null) {
      return Engine.current().run(new Concat(axis), tensors);
    }
    DType dtype = common;
    return joined(tensors, axis, tensor -> tensor.to(dtype));
  }

  /** Returns the tensors one after the other along a new axis. */
  static Tensor stack(int axis, Tensor[] tensors) {
    Objects.requireNonNull(tensors, "stack: tensors is null");
    for (Tensor tensor : tensors) {
      if (!tensor.shape().equals(tensors[0].shape())) {
        throw new IllegalArgumentException(
            "stack: shapes "
                + tensors[0].shape()
                + " and "
                + tensor.shape()
                + ", expected the same");
      }
    }
    return joined(tensors, axis, tensor -> tensor.unsqueeze(axis));
  }

  /** Returns the tensors beside each other: along axis 1, or 0 of one dimension. */
  static Tensor hstack(Tensor[] tensors) {
    boolean rows = tensors.length > 0 && tensors[0].rank() <= 1;
    return joined(tensors, rows ? 0 : 1, tensor -> atLeast(tensor, 1));
  }

  /** Returns the tensors below each other; one of one dimension is a row. */
  static Tensor vstack(Tensor[] tensors) {
    return joined(tensors, 0, tensor -> atLeast(tensor, 2));
  }

  /** Returns the tensors behind each other, along axis 2. */
  static Tensor dstack(Tensor[] tensors) {
    return joined(tensors, 2, tensor -> atLeast(tensor, 3));
  }

  /** Returns the tensors beside each other; one of one dimension is a column. */
  static Tensor columnStack(Tensor[] tensors) {
    return joined(
        tensors,
        1,
        tensor -> tensor.rank() > 1 ? tensor.sharing("column_stack") : tensor.view(-1, 1));
  }

  private static Tensor joined(Tensor[] tensors, int axis, UnaryOperator<Tensor> view) {
    Tensor[] views = new Tensor[tensors.length];
    int made = 0;
    try {
      for (; made < views.length; made++) {
        views[made] = view.apply(tensors[made]);
      }
      return concat(axis, views);
    } finally {
      for (int i = 0; i < made; i++) {
        views[i].close();
      }
    }
  }

  /** Returns a view with dimensions of size 1 added as NumPy does. */
  static Tensor atLeast(Tensor x, int rank) {
    long[] dims = x.shape().dims();
    if (dims.length >= rank) {
      return x.view(dims);
    }
    return switch (rank) {
      case 1 -> x.view(1);
      case 2 -> dims.length == 0 ? x.view(1, 1) : x.view(1, dims[0]);
      default ->
          switch (dims.length) {
            case 0 -> x.view(1, 1, 1);
            case 1 -> x.view(1, dims[0], 1);
            default -> x.view(dims[0], dims[1], 1);
          };
    };
  }

  /** Returns views of the tensors in the shape that all of them broadcast to. */
  static List<Tensor> broadcast(String name, Tensor... tensors) {
    Objects.requireNonNull(tensors, name + ": tensors is null");
    long[] dims = new long[0];
    for (Tensor tensor : tensors) {
      dims = broadcast(name, dims, tensor.shape());
    }
    List<Tensor> views = new ArrayList<>();
    for (Tensor tensor : tensors) {
      views.add(tensor.expand(dims));
    }
    return List.copyOf(views);
  }

  private static long[] broadcast(String name, long[] dims, Shape shape) {
    int rank = Math.max(dims.length, shape.rank());
    long[] result = new long[rank];
    for (int i = 1; i <= rank; i++) {
      long a = i <= dims.length ? dims[dims.length - i] : 1;
      long b = i <= shape.rank() ? shape.dim(-i) : 1;
      if (a != b && a != 1 && b != 1) {
        throw new IllegalArgumentException(
            name
                + ": shapes "
                + Arrays.toString(dims)
                + " and "
                + shape
                + " do not broadcast: "
                + a
                + " against "
                + b);
      }
      result[rank - i] = a == 1 ? b : a;
    }
    return result;
  }

  /** Returns views of vectors in the shape of the grid that they span. */
  static List<Tensor> meshgrid(Tensor[] vectors) {
    Tensor[] apart = new Tensor[vectors.length];
    int made = 0;
    try {
      for (; made < apart.length; made++) {
        Tensor vector = vectors[made];
        if (vector.rank() > 1) {
          throw new IllegalArgumentException(
              "meshgrid: shape " + vector.shape() + ", expected one dimension or a scalar");
        }
        long[] dims = new long[apart.length];
        Arrays.fill(dims, 1);
        dims[made] = vector.size();
        apart[made] = vector.view(dims);
      }
      return broadcast("meshgrid", apart);
    } finally {
      for (int i = 0; i < made; i++) {
        apart[i].close();
      }
    }
  }
}
