package org.gatun;

import java.util.List;
import org.gatun.op.KthValue;
import org.gatun.op.Median;
import org.gatun.op.Mode;
import org.gatun.op.Ordering;
import org.gatun.op.Sort;
import org.gatun.op.TopK;
import org.gatun.runtime.Engine;

/**
 * The methods of {@link Tensor} that put elements in order or choose by it. NaN is larger than any
 * number.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the operator
 * and what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed
 * then.
 */
public sealed interface OrderingOperators permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  private ValuesAndIndices both(Ordering op) {
    List<Tensor> outputs = Engine.current().runAll(op, self());
    return new ValuesAndIndices(outputs.getFirst(), outputs.getLast());
  }

  private static Tensor values(ValuesAndIndices both) {
    both.indices().close();
    return both.values();
  }

  /** Returns the elements along the last axis in order, and where they were; see {@link Sort}. */
  default ValuesAndIndices sort() {
    return sort(-1, false);
  }

  /**
   * Returns the elements along an axis in order, and where they were. Equal elements keep their
   * order; see {@link Sort}.
   */
  default ValuesAndIndices sort(int axis, boolean descending) {
    return both(new Sort(axis, descending));
  }

  /** Returns the {@code i64} indices that put the elements along an axis in order. */
  default Tensor argsort(int axis, boolean descending) {
    ValuesAndIndices both = sort(axis, descending);
    both.values().close();
    return both.indices();
  }

  /** Returns the elements along the first axis in order. */
  default Tensor msort() {
    return values(sort(0, false));
  }

  /** Returns the k largest elements along an axis, the largest first, and where they were. */
  default ValuesAndIndices topk(long k, int axis) {
    return topk(k, axis, true);
  }

  /**
   * Returns the k largest or smallest elements along an axis, in order, and where they were; see
   * {@link TopK}.
   *
   * @throws IllegalArgumentException if there are fewer than k
   */
  default ValuesAndIndices topk(long k, int axis, boolean largest) {
    return both(new TopK(k, axis, largest));
  }

  /**
   * Returns the k-th smallest elements along an axis, and where they are; see {@link KthValue}.
   *
   * @param k 1 for the smallest
   * @throws IllegalArgumentException if there are fewer than k
   */
  default ValuesAndIndices kthvalue(long k, int axis, boolean keepDims) {
    return both(new KthValue(k, axis, keepDims));
  }

  /**
   * Returns the median of all elements, the lower of two in the middle; NaN if there is one, or
   * nothing else. See {@link Median}.
   */
  default Tensor median() {
    return medianOfAll(false);
  }

  /** Returns the medians along an axis, and where they are; see {@link Median}. */
  default ValuesAndIndices median(int axis, boolean keepDims) {
    return both(new Median(axis, false, keepDims));
  }

  /** Returns the median of all elements that are numbers; NaN if there are none. */
  default Tensor nanmedian() {
    return medianOfAll(true);
  }

  /**
   * Returns the medians along an axis of the elements that are numbers, and where they are; see
   * {@link Median}.
   */
  default ValuesAndIndices nanmedian(int axis, boolean keepDims) {
    return both(new Median(axis, true, keepDims));
  }

  private Tensor medianOfAll(boolean ignoreNan) {
    try (Tensor flat = self().flatten()) {
      return flat.size() == 0 && flat.dtype().isFloating()
          ? Tensor.full(flat.dtype(), Double.NaN)
          : values(((OrderingOperators) flat).both(new Median(0, ignoreNan, false)));
    }
  }

  /**
   * Returns the most frequent elements along an axis, and where they are last; see {@link Mode}.
   */
  default ValuesAndIndices mode(int axis, boolean keepDims) {
    return both(new Mode(axis, keepDims));
  }
}
