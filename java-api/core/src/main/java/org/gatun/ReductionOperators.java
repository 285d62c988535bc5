package org.gatun;

import java.util.List;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Ints;
import org.gatun.op.LogSoftmax;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.MinWithIndices;
import org.gatun.op.Norm;
import org.gatun.op.NuclearNorm;
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

  private Tensor reduce(ReduceFunction function, int[] axes, boolean keepDims) {
    return self().run(new Reduce(function, Ints.of(axes), keepDims));
  }

  /** Returns the sum along the axes, which are dropped; of all elements where none are given. */
  default Tensor sum(int... axes) {
    return sum(axes, false);
  }

  /** Returns the sum along the axes, which stay with size 1 where {@code keepDims} says so. */
  default Tensor sum(int[] axes, boolean keepDims) {
    return reduce(ReduceFunction.SUM, axes, keepDims);
  }

  /**
   * Returns the sum along the axes, which stay with size 1 where {@code keepDims} says so, of the
   * elements converted to a dtype.
   */
  default Tensor sum(int[] axes, boolean keepDims, DType dtype) {
    try (Tensor x = self().to(dtype)) {
      return x.sum(axes, keepDims);
    }
  }

  /**
   * Returns the sum of the elements that are numbers along the axes, which are dropped; of all
   * elements where none are given.
   */
  default Tensor nansum(int... axes) {
    return nansum(axes, false);
  }

  /**
   * Returns the sum of the elements that are numbers along the axes, which stay with size 1 where
   * {@code keepDims} says so.
   */
  default Tensor nansum(int[] axes, boolean keepDims) {
    return reduce(ReduceFunction.NAN_SUM, axes, keepDims);
  }

  /**
   * Returns the sum of the elements that are numbers along the axes, which stay with size 1 where
   * {@code keepDims} says so, of the elements converted to a dtype.
   */
  default Tensor nansum(int[] axes, boolean keepDims, DType dtype) {
    try (Tensor x = self().to(dtype)) {
      return x.nansum(axes, keepDims);
    }
  }

  /** Returns the mean along the axes, which are dropped; of all elements where none are given. */
  default Tensor mean(int... axes) {
    return mean(axes, false);
  }

  /** Returns the mean along the axes, which stay with size 1 where {@code keepDims} says so. */
  default Tensor mean(int[] axes, boolean keepDims) {
    return reduce(ReduceFunction.MEAN, axes, keepDims);
  }

  /**
   * Returns the mean along the axes, which stay with size 1 where {@code keepDims} says so, of the
   * elements converted to a dtype.
   */
  default Tensor mean(int[] axes, boolean keepDims, DType dtype) {
    try (Tensor x = self().to(dtype)) {
      return x.mean(axes, keepDims);
    }
  }

  /**
   * Returns the mean of the elements that are numbers along the axes, which are dropped; of all
   * where none are given. NaN where there are none.
   */
  default Tensor nanmean(int... axes) {
    return nanmean(axes, false);
  }

  /**
   * Returns the mean of the elements that are numbers along the axes, which stay with size 1 where
   * {@code keepDims} says so.
   */
  default Tensor nanmean(int[] axes, boolean keepDims) {
    try (Tensor isNumber = self().run(new Binary(BinaryFunction.EQ), self());
        Tensor count = isNumber.sum(axes, keepDims);
        Tensor sum = nansum(axes, keepDims)) {
      return sum.div(count);
    }
  }

  /**
   * Returns the product along the axes, which are dropped; of all elements where none are given.
   */
  default Tensor prod(int... axes) {
    return prod(axes, false);
  }

  /** Returns the product along the axes, which stay with size 1 where {@code keepDims} says so. */
  default Tensor prod(int[] axes, boolean keepDims) {
    return reduce(ReduceFunction.PROD, axes, keepDims);
  }

  /**
   * Returns the product along the axes, which stay with size 1 where {@code keepDims} says so, of
   * the elements converted to a dtype.
   */
  default Tensor prod(int[] axes, boolean keepDims, DType dtype) {
    try (Tensor x = self().to(dtype)) {
      return x.prod(axes, keepDims);
    }
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
   * Returns the unbiased standard deviation along the axes, which are dropped; of all elements
   * where none are given.
   */
  default Tensor std(int... axes) {
    return std(axes, 1, false);
  }

  /**
   * Returns the standard deviation along the axes, the root of what {@link #var(int[], double,
   * boolean)} returns.
   */
  default Tensor std(int[] axes, double correction, boolean keepDims) {
    return self().run(new Variance(Ints.of(axes), correction, true, false, keepDims));
  }

  /** Returns the variance as {@link #var(int[], double, boolean)} does, and the mean. */
  default SpreadAndMean varMean(int[] axes, double correction, boolean keepDims) {
    return spreadAndMean(new Variance(Ints.of(axes), correction, false, true, keepDims));
  }

  /** Returns the standard deviation as {@link #std(int[], double, boolean)} does, and the mean. */
  default SpreadAndMean stdMean(int[] axes, double correction, boolean keepDims) {
    return spreadAndMean(new Variance(Ints.of(axes), correction, true, true, keepDims));
  }

  private SpreadAndMean spreadAndMean(Variance op) {
    List<Tensor> both = Engine.current().runAll(op, self());
    return new SpreadAndMean(both.getFirst(), both.getLast());
  }

  /**
   * Returns the largest elements along the axes, which are dropped; of all elements where none are
   * given.
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
    return reduce(ReduceFunction.MAX, axes, keepDims);
  }

  /**
   * Returns the smallest elements along the axes, which are dropped; of all elements where none are
   * given.
   *
   * @throws IllegalArgumentException if there are no elements along an axis
   */
  default Tensor amin(int... axes) {
    return amin(axes, false);
  }

  /**
   * Returns the smallest elements along the axes, which stay with size 1 where {@code keepDims}
   * says so.
   *
   * @throws IllegalArgumentException if there are no elements along an axis
   */
  default Tensor amin(int[] axes, boolean keepDims) {
    return reduce(ReduceFunction.MIN, axes, keepDims);
  }

  /** Returns what {@link #amin(int[], boolean)} and {@link #amax(int[], boolean)} return. */
  default MinAndMax aminmax(int[] axes, boolean keepDims) {
    return new MinAndMax(amin(axes, keepDims), amax(axes, keepDims));
  }

  /**
   * Returns the largest of all elements, NaN if there is one.
   *
   * @throws IllegalArgumentException if there are no elements
   */
  default Tensor max() {
    return amax(new int[0], false);
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
   * Returns the {@code i64} index of the largest of all elements, counted in row-major order.
   *
   * @throws IllegalArgumentException if there are no elements
   */
  default Tensor argmax() {
    try (Tensor flat = self().flatten()) {
      return flat.argmax(0);
    }
  }

  /**
   * Returns the {@code i64} indices of the largest elements along an axis, which is dropped.
   *
   * @throws IllegalArgumentException if there are no elements along the axis
   */
  default Tensor argmax(int axis) {
    return argmax(axis, false);
  }

  /**
   * Returns the {@code i64} indices of the largest elements along an axis, which stays with size 1
   * where {@code keepDims} says so.
   *
   * @throws IllegalArgumentException if there are no elements along the axis
   */
  default Tensor argmax(int axis, boolean keepDims) {
    ValuesAndIndices max = max(axis, keepDims);
    max.values().close();
    return max.indices();
  }

  /**
   * Returns the smallest of all elements, NaN if there is one.
   *
   * @throws IllegalArgumentException if there are no elements
   */
  default Tensor min() {
    return amin(new int[0], false);
  }

  /**
   * Returns the smallest elements along an axis, which is dropped, and where they are; see {@link
   * MinWithIndices}.
   *
   * @throws IllegalArgumentException if there are no elements along the axis
   */
  default ValuesAndIndices min(int axis) {
    return min(axis, false);
  }

  /**
   * Returns the smallest elements along an axis, which stays with size 1 where {@code keepDims}
   * says so, and where they are.
   *
   * @throws IllegalArgumentException if there are no elements along the axis
   */
  default ValuesAndIndices min(int axis, boolean keepDims) {
    List<Tensor> both = Engine.current().runAll(new MinWithIndices(axis, keepDims), self());
    return new ValuesAndIndices(both.getFirst(), both.getLast());
  }

  /**
   * Returns the {@code i64} index of the smallest of all elements, counted in row-major order.
   *
   * @throws IllegalArgumentException if there are no elements
   */
  default Tensor argmin() {
    try (Tensor flat = self().flatten()) {
      return flat.argmin(0);
    }
  }

  /**
   * Returns the {@code i64} indices of the smallest elements along an axis, which is dropped.
   *
   * @throws IllegalArgumentException if there are no elements along the axis
   */
  default Tensor argmin(int axis) {
    return argmin(axis, false);
  }

  /**
   * Returns the {@code i64} indices of the smallest elements along an axis, which stays with size 1
   * where {@code keepDims} says so.
   *
   * @throws IllegalArgumentException if there are no elements along the axis
   */
  default Tensor argmin(int axis, boolean keepDims) {
    ValuesAndIndices min = min(axis, keepDims);
    min.values().close();
    return min.indices();
  }

  /**
   * Returns whether every element is true, that is not 0, along the axes, which are dropped; of all
   * elements where none are given.
   */
  default Tensor all(int... axes) {
    return all(axes, false);
  }

  /**
   * Returns whether every element is true, that is not 0, along the axes, which stay with size 1
   * where {@code keepDims} says so.
   */
  default Tensor all(int[] axes, boolean keepDims) {
    return reduce(ReduceFunction.ALL, axes, keepDims);
  }

  /**
   * Returns whether some element is true, that is not 0, along the axes, which are dropped; of all
   * elements where none are given.
   */
  default Tensor any(int... axes) {
    return any(axes, false);
  }

  /**
   * Returns whether some element is true, that is not 0, along the axes, which stay with size 1
   * where {@code keepDims} says so.
   */
  default Tensor any(int[] axes, boolean keepDims) {
    return reduce(ReduceFunction.ANY, axes, keepDims);
  }

  /** Returns how many elements along the axes are not 0; of all where none are given. */
  default Tensor countNonzero(int... axes) {
    return reduce(ReduceFunction.COUNT_NONZERO, axes, false);
  }

  /**
   * Returns the logarithm of the sum of the exponentials along the axes, which are dropped; of all
   * elements where none are given.
   */
  default Tensor logsumexp(int... axes) {
    return logsumexp(axes, false);
  }

  /**
   * Returns the logarithm of the sum of the exponentials along the axes, which stay with size 1
   * where {@code keepDims} says so; of integers as {@code f32}.
   */
  default Tensor logsumexp(int[] axes, boolean keepDims) {
    if (self().dtype().isFloating()) {
      return reduce(ReduceFunction.LOG_SUM_EXP, axes, keepDims);
    }
    try (Tensor x = self().to(DType.F32)) {
      return x.logsumexp(axes, keepDims);
    }
  }

  /** Returns the Euclidean norm of all elements; see {@link Norm}. */
  default Tensor norm() {
    return norm(2, new int[0], false);
  }

  /** Returns the norm of this order of the elements along the axes; see {@link Norm}. */
  default Tensor norm(double order, int... axes) {
    return norm(order, axes, false);
  }

  /**
   * Returns the norm of this order of the elements along the axes, which stay with size 1 where
   * {@code keepDims} says so; see {@link Norm}.
   *
   * @throws IllegalArgumentException if there are no elements along an axis, and the order is
   *     negative or infinite
   */
  default Tensor norm(double order, int[] axes, boolean keepDims) {
    return self().run(new Norm(order, Ints.of(axes), keepDims));
  }

  /** Returns the norm of the elements converted to a floating-point dtype. */
  default Tensor norm(double order, int[] axes, boolean keepDims, DType dtype) {
    try (Tensor x = self().to(dtype)) {
      return x.norm(order, axes, keepDims);
    }
  }

  /** Returns the sums of the singular values of the matrices along the last two axes. */
  default Tensor nuclearNorm() {
    return self().run(new NuclearNorm(-2, -1, false));
  }

  /**
   * Returns the sum of the elements on the diagonal of a matrix.
   *
   * @throws IllegalArgumentException if the tensor has not two dimensions
   */
  default Tensor trace() {
    try (Tensor diagonal = self().diagonal(0, 0, 1)) {
      if (diagonal.rank() != 1) {
        throw new IllegalArgumentException(
            "trace: input has shape " + self().shape() + ", expected two dimensions");
      }
      return diagonal.sum();
    }
  }

  /** Returns the norm of this order of all differences from another tensor. */
  default Tensor dist(Tensor other, double order) {
    try (Tensor difference = self().sub(other)) {
      return difference.norm(order);
    }
  }
}
