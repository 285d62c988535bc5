package org.gatun;

import java.util.List;
import org.gatun.op.Scan;
import org.gatun.op.ScanFunction;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * The methods of {@link Tensor} that compute each element from it and those before it along an
 * axis; see {@link Scan}.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the operator
 * and what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed
 * then.
 */
public sealed interface ScanOperators permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** Returns the sums so far along an axis; of integers and booleans as {@code i64}. */
  default Tensor cumsum(int axis) {
    return self().run(new Scan(ScanFunction.CUMSUM, axis));
  }

  /** Returns the sums so far along an axis of the elements converted to a dtype. */
  default Tensor cumsum(int axis, DType dtype) {
    try (Tensor x = self().to(dtype)) {
      return x.cumsum(axis);
    }
  }

  /** Returns the products so far along an axis; of integers and booleans as {@code i64}. */
  default Tensor cumprod(int axis) {
    return self().run(new Scan(ScanFunction.CUMPROD, axis));
  }

  /** Returns the products so far along an axis of the elements converted to a dtype. */
  default Tensor cumprod(int axis, DType dtype) {
    try (Tensor x = self().to(dtype)) {
      return x.cumprod(axis);
    }
  }

  /** Returns the largest elements so far along an axis, and where they were. */
  default ValuesAndIndices cummax(int axis) {
    return both(new Scan(ScanFunction.CUMMAX, axis));
  }

  /** Returns the smallest elements so far along an axis, and where they were. */
  default ValuesAndIndices cummin(int axis) {
    return both(new Scan(ScanFunction.CUMMIN, axis));
  }

  private ValuesAndIndices both(Scan op) {
    List<Tensor> outputs = Engine.current().runAll(op, self());
    return new ValuesAndIndices(outputs.getFirst(), outputs.getLast());
  }

  /** Returns the logarithms of the sums of exponentials so far along an axis. */
  default Tensor logcumsumexp(int axis) {
    return self().run(new Scan(ScanFunction.LOGCUMSUMEXP, axis));
  }

  /** Returns the differences of neighbours along the last axis. */
  default Tensor diff() {
    return diff(1, -1);
  }

  /** Returns the differences of neighbours along an axis, of those again, and so on, n times. */
  default Tensor diff(int n, int axis) {
    return diff(n, axis, null, null);
  }

  /**
   * Returns the differences of neighbours along an axis, of those again, and so on, n times;
   * booleans differ or not.
   *
   * @param prepend what comes before the elements along the axis, or null
   * @param append what comes behind them, or null
   * @throws IllegalArgumentException if n is negative, or the tensor a scalar
   */
  default Tensor diff(int n, int axis, @Nullable Tensor prepend, @Nullable Tensor append) {
    return Differences.of(self(), n, axis, prepend, append);
  }
}
