package org.gatun;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.gatun.op.Longs;
import org.gatun.op.Split;
import org.gatun.runtime.Engine;

/**
 * The methods of {@link Tensor} that take it apart along an axis. All parts are views.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the operator
 * and what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed
 * then.
 */
public sealed interface SplitOperators permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /**
   * Returns views of consecutive parts of {@code size} along an axis; the last may be smaller.
   *
   * @param size 1 or more; 0 only where the axis has size 0
   */
  default List<Tensor> split(long size, int axis) {
    long dim = dim("split", axis);
    if (size < 0 || (size == 0 && dim > 0)) {
      throw new IllegalArgumentException(
          "split: size " + size + " for shape " + self().shape() + ", expected 1 or more");
    }
    long parts = size == 0 ? 1 : Math.max(1, Math.ceilDiv(dim, size));
    checkParts("split", parts);
    long[] sizes = new long[(int) parts];
    Arrays.setAll(sizes, i -> Math.min(size, dim - i * size));
    return split(sizes, axis);
  }

  /** Returns views of consecutive parts of these sizes along an axis; see {@link Split}. */
  default List<Tensor> split(long[] sizes, int axis) {
    return Engine.current().runAll(new Split(axis, Longs.of(sizes)), self());
  }

  /**
   * Returns views of at most so many consecutive parts along an axis: all but the last of the same
   * size, which is the smallest that is enough.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.chunk.html">PyTorch,
   * chunk</a>.
   */
  default List<Tensor> chunk(int chunks, int axis) {
    long dim = dim("chunk", axis);
    if (chunks < 1) {
      throw new IllegalArgumentException("chunk: chunks " + chunks + ", expected 1 or more");
    }
    checkParts("chunk", dim == 0 ? chunks : Math.min(chunks, dim));
    return dim == 0 ? split(new long[chunks], axis) : split(Math.ceilDiv(dim, chunks), axis);
  }

  /**
   * Returns views of so many consecutive parts along an axis; the first ones have an element more
   * where the sizes cannot be equal.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.tensor_split.html">PyTorch,
   * tensor_split</a>.
   */
  default List<Tensor> tensorSplit(int sections, int axis) {
    long dim = dim("tensor_split", axis);
    if (sections < 1) {
      throw new IllegalArgumentException(
          "tensor_split: sections " + sections + ", expected 1 or more");
    }
    checkParts("tensor_split", sections);
    long[] sizes = new long[sections];
    Arrays.setAll(sizes, i -> dim / sections + (i < dim % sections ? 1 : 0));
    return split(sizes, axis);
  }

  /**
   * Returns views of the parts before, between and after some indices along an axis; Python's
   * bounds.
   */
  default List<Tensor> tensorSplit(long[] indices, int axis) {
    Objects.requireNonNull(indices, "tensor_split: indices is null");
    checkParts("tensor_split", indices.length);
    long dim = dim("tensor_split", axis);
    self().checkOpen("tensor_split");
    List<Tensor> parts = new ArrayList<>();
    long start = 0;
    for (long index : indices) {
      parts.add(self().slice(axis, start, index));
      start = index;
    }
    parts.add(self().slice(axis, start, dim));
    return List.copyOf(parts);
  }

  /**
   * Returns the same for indices, or the number of sections, that are a tensor's.
   *
   * @param indices {@code i64} of one dimension; a scalar is a number of sections
   */
  default List<Tensor> tensorSplit(Tensor indices, int axis) {
    if (indices.dtype() != DType.I64 || indices.rank() > 1) {
      throw new IllegalArgumentException(
          "tensor_split: indices "
              + indices.layout()
              + ", expected i64 of one dimension, or a scalar");
    }
    if (indices.rank() > 0) {
      return tensorSplit(indices.toLongArray(), axis);
    }
    double sections = indices.item();
    checkParts("tensor_split", (long) sections);
    return tensorSplit((int) sections, axis);
  }

  /** Returns equal parts from left to right: along axis 1, or 0 of one dimension. */
  default List<Tensor> hsplit(int sections) {
    return equalParts("hsplit", sections, 1, self().rank() == 1 ? 0 : 1);
  }

  /** Returns the parts at indices from left to right: along axis 1, or 0 of one dimension. */
  default List<Tensor> hsplit(long[] indices) {
    return partsAt("hsplit", indices, 1, self().rank() == 1 ? 0 : 1);
  }

  /** Returns equal parts from top to bottom, along axis 0. */
  default List<Tensor> vsplit(int sections) {
    return equalParts("vsplit", sections, 2, 0);
  }

  /** Returns the parts at indices from top to bottom, along axis 0. */
  default List<Tensor> vsplit(long[] indices) {
    return partsAt("vsplit", indices, 2, 0);
  }

  /** Returns equal parts from front to back, along axis 2. */
  default List<Tensor> dsplit(int sections) {
    return equalParts("dsplit", sections, 3, 2);
  }

  /** Returns the parts at indices from front to back, along axis 2. */
  default List<Tensor> dsplit(long[] indices) {
    return partsAt("dsplit", indices, 3, 2);
  }

  /** Returns views of the elements at each index of an axis, without that dimension. */
  default List<Tensor> unbind(int axis) {
    long dim = dim("unbind", axis);
    self().checkOpen("unbind");
    checkParts("unbind", dim);
    List<Tensor> parts = new ArrayList<>();
    for (long i = 0; i < dim; i++) {
      parts.add(self().select(axis, i));
    }
    return List.copyOf(parts);
  }

  private List<Tensor> equalParts(String name, int sections, int rank, int axis) {
    checkRank(name, rank);
    long dim = self().dim(axis);
    if (sections < 1 || dim % sections != 0) {
      throw new IllegalArgumentException(
          name
              + ": sections "
              + sections
              + " for axis "
              + axis
              + " of shape "
              + self().shape()
              + ", expected a divisor of "
              + dim);
    }
    return tensorSplit(sections, axis);
  }

  private List<Tensor> partsAt(String name, long[] indices, int rank, int axis) {
    checkRank(name, rank);
    return tensorSplit(indices, axis);
  }

  /** Each part is an object of its own: more than these are an axis that was not meant. */
  private void checkParts(String name, long parts) {
    if (parts > Split.MOST_PARTS) {
      throw new IllegalArgumentException(
          name
              + ": "
              + parts
              + " parts of shape "
              + self().shape()
              + ", expected at most "
              + Split.MOST_PARTS);
    }
  }

  private void checkRank(String name, int rank) {
    if (self().rank() < rank) {
      throw new IllegalArgumentException(
          name + ": shape " + self().shape() + ", expected " + rank + " dimensions or more");
    }
  }

  private long dim(String name, int axis) {
    int at = self().axis(name, axis, self().rank());
    if (self().rank() == 0) {
      throw new IllegalArgumentException(name + ": a scalar input, expected one dimension or more");
    }
    return self().dim(at);
  }
}
