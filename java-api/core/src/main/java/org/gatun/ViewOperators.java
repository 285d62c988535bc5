package org.gatun;

import java.util.Arrays;
import java.util.Objects;
import org.gatun.op.Diagonal;
import org.gatun.op.Expand;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.Permute;
import org.gatun.op.Reshape;
import org.gatun.op.Slice;
import org.gatun.op.UnfoldAxis;

/**
 * The methods of {@link Tensor} that return a view: the same memory under another shape, in another
 * order, or a part of it.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the operator
 * and what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed
 * then.
 */
public sealed interface ViewOperators permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  // Other shapes.

  /**
   * Returns the elements under another shape: a view where the strides allow it, else a copy.
   *
   * @param dims the new dimensions; one may be -1 and follows from the others
   * @see Reshape
   */
  default Tensor reshape(long... dims) {
    return self().run(new Reshape(Longs.of(dims), true));
  }

  /** Returns the elements under the shape of another tensor; see {@link #reshape}. */
  default Tensor reshapeAs(Tensor other) {
    return reshape(other.shape().dims());
  }

  /** Returns a view under another shape; an exception where the strides allow none. */
  default Tensor view(long... dims) {
    return self().run(new Reshape(Longs.of(dims), false));
  }

  /** Returns a view under the shape of another tensor; see {@link #view}. */
  default Tensor viewAs(Tensor other) {
    return view(other.shape().dims());
  }

  /** Returns the elements in one dimension: a view where the strides allow it, else a copy. */
  default Tensor ravel() {
    return flatten();
  }

  /** Returns the elements in one dimension: a view where the strides allow it, else a copy. */
  default Tensor flatten() {
    return flatten(0, -1);
  }

  /** Returns the tensor with the dimensions from {@code start} to {@code end} joined into one. */
  default Tensor flatten(int start, int end) {
    Shape shape = self().shape();
    int first = self().axis("flatten", start, shape.rank());
    int last = self().axis("flatten", end, shape.rank());
    if (first > last) {
      throw new IllegalArgumentException(
          "flatten: start " + start + " after end " + end + " for shape " + shape);
    }
    if (shape.rank() == 0) {
      return reshape(1);
    }
    return reshape(
        replaced(shape, first, last + 1, Shape.of(shape.range(first, last + 1).size())).dims());
  }

  /**
   * Returns a view with one dimension taken apart into several.
   *
   * @param axis the axis; negative counts from the last
   * @param sizes what it becomes; one may be -1 and follows from the others
   */
  default Tensor unflatten(int axis, long... sizes) {
    Shape shape = self().shape();
    int at = self().axis("unflatten", axis, shape.rank());
    if (shape.rank() == 0 || sizes.length == 0) {
      throw new IllegalArgumentException(
          "unflatten: sizes "
              + Arrays.toString(sizes)
              + " for shape "
              + shape
              + ", expected one or more for an axis");
    }
    Shape parts = parts(shape.dim(at), sizes);
    if (parts.size() != shape.dim(at)) {
      throw new IllegalArgumentException(
          "unflatten: sizes "
              + Arrays.toString(sizes)
              + " for axis "
              + axis
              + " of shape "
              + shape
              + ", expected their product to be "
              + shape.dim(at));
    }
    return view(replaced(shape, at, at + 1, parts).dims());
  }

  /** Returns the sizes with -1 replaced by what is left of a dimension, if something is. */
  private static Shape parts(long dim, long[] sizes) {
    long[] parts = sizes.clone();
    int open = -1;
    long product = 1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == -1 && open < 0) {
        open = i;
      } else if (sizes[i] < 0 || (sizes[i] > 0 && product > Long.MAX_VALUE / sizes[i])) {
        throw new IllegalArgumentException(
            "unflatten: sizes "
                + Arrays.toString(sizes)
                + ", expected 0 or more, at most one -1 and a product that a long counts");
      } else {
        product *= sizes[i];
      }
    }
    if (open >= 0) {
      parts[open] = product == 0 ? 0 : dim / product;
    }
    return Shape.of(parts);
  }

  /** Returns a view without any dimension of size 1. */
  default Tensor squeeze() {
    return reshape(Arrays.stream(self().shape().dims()).filter(dim -> dim != 1).toArray());
  }

  /** Returns a view without those of the axes that have size 1. */
  default Tensor squeeze(int... axes) {
    Objects.requireNonNull(axes, "squeeze: axes is null");
    Shape shape = self().shape();
    boolean[] named = new boolean[Math.max(1, shape.rank())];
    for (int axis : axes) {
      int at = self().axis("squeeze", axis, shape.rank());
      if (named[at]) {
        throw new IllegalArgumentException(
            "squeeze: axis " + axis + " given twice in " + Arrays.toString(axes));
      }
      named[at] = true;
    }
    long[] kept = new long[shape.rank()];
    int rank = 0;
    for (int axis = 0; axis < kept.length; axis++) {
      if (!named[axis] || shape.dim(axis) != 1) {
        kept[rank++] = shape.dim(axis);
      }
    }
    return reshape(Arrays.copyOf(kept, rank));
  }

  /** Returns a view with a dimension of size 1 put in before {@code axis}. */
  default Tensor unsqueeze(int axis) {
    Shape shape = self().shape();
    int at = self().axis("unsqueeze", axis, shape.rank() + 1);
    return reshape(replaced(shape, at, at, Shape.of(1)).dims());
  }

  /** Returns a view with dimensions of size 1 repeated; -1 keeps a dimension. */
  default Tensor expand(long... dims) {
    return self().run(new Expand(Longs.of(dims)));
  }

  /** Returns a view with dimensions of size 1 repeated to have the shape of another tensor. */
  default Tensor expandAs(Tensor other) {
    return expand(other.shape().dims());
  }

  /** Returns a view with dimensions of size 1 repeated; see {@link #expand}. */
  default Tensor broadcastTo(long... dims) {
    return expand(dims);
  }

  /** Returns the shape with the dimensions {@code from} to {@code to} replaced by others. */
  private static Shape replaced(Shape shape, int from, int to, Shape by) {
    return shape.range(0, from).concat(by).concat(shape.range(to, shape.rank()));
  }

  // Other orders.

  /** Returns a view with the dimensions in another order. */
  default Tensor permute(int... axes) {
    return self().run(new Permute(Ints.of(axes)));
  }

  /** Returns a view with two dimensions exchanged. */
  default Tensor transpose(int axis0, int axis1) {
    int rank = self().rank();
    int first = self().axis("transpose", axis0, rank);
    int second = self().axis("transpose", axis1, rank);
    int[] axes = new int[rank];
    Arrays.setAll(axes, i -> i == first ? second : i == second ? first : i);
    return permute(axes);
  }

  /** Returns a view with two dimensions exchanged; NumPy's name for {@link #transpose}. */
  default Tensor swapaxes(int axis0, int axis1) {
    return transpose(axis0, axis1);
  }

  /** Returns a view of a matrix transposed; of fewer dimensions, of the tensor as it is. */
  default Tensor t() {
    int rank = self().rank();
    if (rank > 2) {
      throw new IllegalArgumentException(
          "t: shape " + self().shape() + ", expected two dimensions or fewer; mT has more");
    }
    return rank < 2 ? view(self().shape().dims()) : transpose(0, 1);
  }

  /** Returns a view with the last two dimensions exchanged. */
  default Tensor mT() {
    if (self().rank() < 2) {
      throw new IllegalArgumentException(
          "mT: shape " + self().shape() + ", expected two dimensions or more");
    }
    return transpose(-2, -1);
  }

  /** Returns a view with one dimension moved to another place, the others in the same order. */
  default Tensor movedim(int source, int destination) {
    return movedim(new int[] {source}, new int[] {destination});
  }

  /**
   * Returns a view with some dimensions moved to other places, the others in the same order.
   *
   * @param sources the axes to move
   * @param destinations where each of them goes
   */
  default Tensor movedim(int[] sources, int[] destinations) {
    if (sources.length != destinations.length) {
      throw new IllegalArgumentException(
          "movedim: sources "
              + Arrays.toString(sources)
              + " and destinations "
              + Arrays.toString(destinations)
              + ", expected as many of both");
    }
    int rank = self().rank();
    int[] from = new int[Math.max(1, rank)];
    Arrays.fill(from, -1);
    boolean[] moved = new boolean[from.length];
    for (int i = 0; i < sources.length; i++) {
      int source = self().axis("movedim", sources[i], rank);
      int destination = self().axis("movedim", destinations[i], rank);
      if (moved[source] || from[destination] >= 0) {
        throw new IllegalArgumentException(
            "movedim: sources "
                + Arrays.toString(sources)
                + " and destinations "
                + Arrays.toString(destinations)
                + " for shape "
                + self().shape()
                + ", expected each axis once");
      }
      moved[source] = true;
      from[destination] = source;
    }
    int next = 0;
    for (int i = 0; i < rank; i++) {
      while (from[i] < 0 && moved[next]) {
        next++;
      }
      from[i] = from[i] < 0 ? next++ : from[i];
    }
    return permute(Arrays.copyOf(from, rank));
  }

  // Parts.

  /** Returns a view of the elements {@code start} to {@code end} exclusive along an axis. */
  default Tensor slice(int axis, long start, long end) {
    return slice(axis, start, end, 1);
  }

  /** Returns a view of each {@code step}-th element along an axis; Python's bounds. */
  default Tensor slice(int axis, long start, long end, long step) {
    return self().run(new Slice(axis, start, end, step));
  }

  /**
   * Returns a view of {@code length} elements from {@code start} on along an axis.
   *
   * @param start the first index; negative counts from the end
   * @throws IllegalArgumentException if the axis has not as many elements from there on
   */
  default Tensor narrow(int axis, long start, long length) {
    int at = self().axis("narrow", axis, self().rank());
    long size = self().rank() == 0 ? -1 : self().dim(at);
    long from = start < 0 ? start + size : start;
    if (from < 0 || from > size || length < 0 || length > size - from) {
      throw new IllegalArgumentException(
          "narrow: start "
              + start
              + " and length "
              + length
              + " for axis "
              + axis
              + " of shape "
              + self().shape()
              + ", expected a range within it");
    }
    return slice(at, from, from + length);
  }

  /**
   * Returns the same for a start that is a tensor's.
   *
   * @param start an integer scalar
   */
  default Tensor narrow(int axis, Tensor start, long length) {
    if (start.rank() != 0 || !start.dtype().isInteger()) {
      throw new IllegalArgumentException(
          "narrow: start " + start.layout() + ", expected an integer scalar");
    }
    return narrow(axis, (long) start.item(), length);
  }

  /** Returns a view of the elements at one index of an axis, without that dimension. */
  default Tensor select(int axis, long index) {
    int at = self().axis("select", axis, self().rank());
    long size = self().rank() == 0 ? 0 : self().dim(at);
    if (index < -size || index >= size) {
      throw new IndexOutOfBoundsException(
          "select: index "
              + index
              + " out of range for axis "
              + axis
              + " of shape "
              + self().shape());
    }
    long from = index < 0 ? index + size : index;
    try (Tensor one = slice(at, from, from + 1)) {
      return one.squeeze(at);
    }
  }

  /** Returns a view of the main diagonal of a matrix. */
  default Tensor diagonal() {
    return diagonal(0, 0, 1);
  }

  /**
   * Returns a view of the diagonal of the matrices along two axes, as the last dimension; see
   * {@link Diagonal}.
   */
  default Tensor diagonal(long offset, int axis1, int axis2) {
    return self().run(new Diagonal(offset, axis1, axis2));
  }

  /**
   * Returns a view of all windows of {@code size} elements along an axis, one every {@code step};
   * see {@link UnfoldAxis}.
   */
  default Tensor unfold(int axis, long size, long step) {
    return self().run(new UnfoldAxis(axis, size, step));
  }
}
