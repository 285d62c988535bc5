package org.gatun;

import java.util.Arrays;
import java.util.List;
import org.gatun.op.Cast;
import org.gatun.op.Copy;
import org.gatun.op.Expand;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.Permute;
import org.gatun.op.Reshape;
import org.gatun.op.Slice;
import org.gatun.op.Split;
import org.gatun.runtime.Engine;

/**
 * The methods of {@link Tensor} that move elements or view them in another shape.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the operator
 * and what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed
 * then.
 */
public sealed interface ShapeOperators permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /**
   * Returns the elements under another shape: a view where the strides allow it, else a copy.
   *
   * @param dims the new dimensions; one may be -1 and follows from the others
   * @see Reshape
   */
  default Tensor reshape(long... dims) {
    return self().run(new Reshape(Longs.of(dims), true));
  }

  /** Returns a view under another shape; an exception where the strides allow none. */
  default Tensor view(long... dims) {
    return self().run(new Reshape(Longs.of(dims), false));
  }

  /** Returns a view with the dimensions in another order. */
  default Tensor permute(int... axes) {
    return self().run(new Permute(Ints.of(axes)));
  }

  /** Returns a view with two dimensions exchanged. */
  default Tensor transpose(int axis0, int axis1) {
    int first = self().axis("transpose", axis0, self().rank());
    int second = self().axis("transpose", axis1, self().rank());
    int[] axes = new int[self().rank()];
    Arrays.setAll(axes, i -> i == first ? second : i == second ? first : i);
    return permute(axes);
  }

  /** Returns a view without any dimension of size 1. */
  default Tensor squeeze() {
    return reshape(Arrays.stream(self().shape().dims()).filter(dim -> dim != 1).toArray());
  }

  /** Returns a view without one dimension, if it has size 1. */
  default Tensor squeeze(int axis) {
    int at = self().axis("squeeze", axis, self().rank());
    if (self().rank() == 0 || self().dim(at) != 1) {
      return view(self().shape().dims());
    }
    return reshape(
        self().shape().range(0, at).concat(self().shape().range(at + 1, self().rank())).dims());
  }

  /** Returns a view with a dimension of size 1 put in before {@code axis}. */
  default Tensor unsqueeze(int axis) {
    int at = self().axis("unsqueeze", axis, self().rank() + 1);
    return reshape(
        self()
            .shape()
            .range(0, at)
            .concat(Shape.of(1))
            .concat(self().shape().range(at, self().rank()))
            .dims());
  }

  /** Returns the tensor with the dimensions from {@code start} to {@code end} joined into one. */
  default Tensor flatten(int start, int end) {
    int first = self().axis("flatten", start, self().rank());
    int last = self().axis("flatten", end, self().rank());
    if (first > last) {
      throw new IllegalArgumentException(
          "flatten: start " + start + " after end " + end + " for shape " + self().shape());
    }
    if (self().rank() == 0) {
      return reshape(1);
    }
    Shape joined = Shape.of(self().shape().range(first, last + 1).size());
    return reshape(
        self()
            .shape()
            .range(0, first)
            .concat(joined)
            .concat(self().shape().range(last + 1, self().rank()))
            .dims());
  }

  /** Returns the elements in one dimension. */
  default Tensor flatten() {
    return flatten(0, -1);
  }

  /** Returns a view with dimensions of size 1 repeated; -1 keeps a dimension. */
  default Tensor expand(long... dims) {
    return self().run(new Expand(Longs.of(dims)));
  }

  /** Returns a view of the elements {@code start} to {@code end} exclusive along an axis. */
  default Tensor slice(int axis, long start, long end) {
    return slice(axis, start, end, 1);
  }

  /** Returns a view of each {@code step}-th element along an axis; Python's bounds. */
  default Tensor slice(int axis, long start, long end, long step) {
    return self().run(new Slice(axis, start, end, step));
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

  /** Returns views of consecutive parts of {@code size} along an axis; the last may be smaller. */
  default List<Tensor> split(long size, int axis) {
    int at = self().axis("split", axis, self().rank());
    if (size < 1 || self().rank() == 0) {
      throw new IllegalArgumentException(
          "split: size "
              + size
              + " for shape "
              + self().shape()
              + ", expected 1 or more of an axis");
    }
    long parts = Math.max(1, Math.ceilDiv(self().dim(at), size));
    if (parts > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "split: size "
              + size
              + " for shape "
              + self().shape()
              + " makes "
              + parts
              + " parts, too many");
    }
    long[] sizes = new long[(int) parts];
    Arrays.setAll(sizes, i -> Math.min(size, self().dim(at) - i * size));
    return split(sizes, axis);
  }

  /** Returns views of consecutive parts of these sizes along an axis. */
  default List<Tensor> split(long[] sizes, int axis) {
    return Engine.current().runAll(new Split(axis, Longs.of(sizes)), self());
  }

  /** Returns the elements in row-major order: a view of this tensor if they lie so, else a copy. */
  default Tensor contiguous() {
    return self().isContiguous() ? view(self().shape().dims()) : copy();
  }

  /** Returns a copy, in row-major order. */
  default Tensor copy() {
    return self().run(new Copy(false));
  }

  /** Returns a copy of a batch of images (N, C, ...) in channels-last order. */
  default Tensor channelsLast() {
    return self().run(new Copy(true));
  }

  /** Returns the elements converted to a dtype: a view of this tensor if they have it already. */
  default Tensor to(DType dtype) {
    return dtype == self().dtype() ? self().sharing("to") : self().run(new Cast(dtype));
  }
}
