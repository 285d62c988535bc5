package org.gatun;

import java.util.Objects;

/**
 * One part of what stands between brackets in Python, {@code x[0, 1:3, None, ..., i]}, for {@link
 * Tensor#index}.
 *
 * <p>Source: <a href="https://numpy.org/doc/stable/user/basics.indexing.html">NumPy, indexing</a>,
 * which PyTorch follows.
 */
public sealed interface Index {
  /** One index of a dimension, which is gone from the result; negative counts from the end. */
  record At(long index) implements Index {}

  /**
   * Each {@code step}-th index from {@code start} before {@code end}, by Python's bounds.
   *
   * @param start the first index
   * @param end the one to stop before; {@code Long.MAX_VALUE} for the end
   * @param step 1 or more
   */
  record Range(long start, long end, long step) implements Index {}

  /** A new dimension of size 1. */
  record NewAxis() implements Index {}

  /** As many whole dimensions as there are left; at most once. */
  record Ellipsis() implements Index {}

  /**
   * The elements at indices that are a tensor's.
   *
   * @param indices {@code i32} or {@code i64}, negative ones count from the end; or {@code bool} of
   *     the shape of one dimension or several, for those where it is true
   */
  record Of(Tensor indices) implements Index {
    /** Checks that nothing is null. */
    public Of {
      Objects.requireNonNull(indices, "index: indices is null");
    }
  }

  /** Returns {@code index}. */
  static Index at(long index) {
    return new At(index);
  }

  /** Returns {@code start:end}. */
  static Index range(long start, long end) {
    return new Range(start, end, 1);
  }

  /** Returns {@code start:end:step}. */
  static Index range(long start, long end, long step) {
    return new Range(start, end, step);
  }

  /** Returns {@code :}, a whole dimension. */
  static Index all() {
    return new Range(0, Long.MAX_VALUE, 1);
  }

  /** Returns {@code None}, a new dimension of size 1. */
  static Index newAxis() {
    return new NewAxis();
  }

  /** Returns {@code ...}, as many whole dimensions as there are left. */
  static Index ellipsis() {
    return new Ellipsis();
  }

  /** Returns a tensor of indices, or a mask. */
  static Index of(Tensor indices) {
    return new Of(indices);
  }
}
