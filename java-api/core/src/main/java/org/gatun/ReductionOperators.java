package org.gatun;

import java.util.List;
import org.gatun.op.Ints;
import org.gatun.op.LogSoftmax;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Softmax;
import org.gatun.op.Variance;
import org.gatun.runtime.Engine;

/**
 * The methods of {@link Tensor} that compute along axes.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the operator
 * and what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed
 * then.
 */
public sealed interface ReductionOperators permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** Returns the softmax along an axis; see {@link Softmax}. */
  default Tensor softmax(int axis) {
    return self().run(new Softmax(axis));
  }

  /** Returns the softmax along an axis, computed in another dtype. */
  default Tensor softmax(int axis, DType dtype) {
    try (Tensor x = self().to(dtype)) {
      return x.softmax(axis);
    }
  }

  /** Returns the logarithm of the softmax along an axis; see {@link LogSoftmax}. */
  default Tensor logSoftmax(int axis) {
    return self().run(new LogSoftmax(axis));
  }

  /** Returns the logarithm of the softmax along an axis, computed in another dtype. */
  default Tensor logSoftmax(int axis, DType dtype) {
    try (Tensor x = self().to(dtype)) {
      return x.logSoftmax(axis);
    }
  }

  /** Returns the sum along the axes, which are dropped; of all elements where none are given. */
  default Tensor sum(int... axes) {
    return sum(axes, false);
  }

  /** Returns the sum along the axes, which stay with size 1 where {@code keepDims} says so. */
  default Tensor sum(int[] axes, boolean keepDims) {
    return self().run(new Reduce(ReduceFunction.SUM, Ints.of(axes), keepDims));
  }

  /** Returns the mean along the axes, which are dropped; of all elements where none are given. */
  default Tensor mean(int... axes) {
    return mean(axes, false);
  }

  /** Returns the mean along the axes, which stay with size 1 where {@code keepDims} says so. */
  default Tensor mean(int[] axes, boolean keepDims) {
    return self().run(new Reduce(ReduceFunction.MEAN, Ints.of(axes), keepDims));
  }

  /**
   * Returns the unbiased variance along the axes, which are dropped; of all elements where none are
   * given.
   */
  default Tensor var(int... axes) {
    return var(axes, 1, false);
  }

  /**
   * Returns the variance along the axes, which stay with size 1 where {@code keepDims} says so: the
   * sum of squared differences from the mean, divided by the number of elements less the
   * correction.
   */
  default Tensor var(int[] axes, double correction, boolean keepDims) {
    return self().run(new Variance(Ints.of(axes), correction, keepDims));
  }

  /**
   * Returns the largest elements along the axes, which are dropped; of all elements where none are
   * given. NaN where one of them is.
   *
   * @throws IllegalArgumentException if there are no elements along an axis
   */
  default Tensor amax(int... axes) {
    return amax(axes, false);
  }

  /**
   * Returns the largest elements along the axes, which stay with size 1 where {@code keepDims} says
   * so.
   *
   * @throws IllegalArgumentException if there are no elements along an axis
   */
  default Tensor amax(int[] axes, boolean keepDims) {
    return self().run(new Reduce(ReduceFunction.MAX, Ints.of(axes), keepDims));
  }

  /**
   * Returns the largest elements along an axis, which is dropped, and where they are; see {@link
   * MaxWithIndices}.
   *
   * @throws IllegalArgumentException if there are no elements along the axis
   */
  default ValuesAndIndices max(int axis) {
    return max(axis, false);
  }

  /**
   * Returns the largest elements along an axis, which stays with size 1 where {@code keepDims} says
   * so, and where they are.
   *
   * @throws IllegalArgumentException if there are no elements along the axis
   */
  default ValuesAndIndices max(int axis, boolean keepDims) {
    List<Tensor> both = Engine.current().runAll(new MaxWithIndices(axis, keepDims), self());
    return new ValuesAndIndices(both.getFirst(), both.getLast());
  }

  /**
   * Returns the {@code i64} indices of the largest elements along an axis, which is dropped.
   *
   * @throws IllegalArgumentException if there are no elements along the axis
   */
  default Tensor argmax(int axis) {
    ValuesAndIndices max = max(axis);
    max.values().close();
    return max.indices();
  }
}
