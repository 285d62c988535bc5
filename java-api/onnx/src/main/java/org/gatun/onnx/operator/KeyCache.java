package org.gatun.onnx.operator;

import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.nn.Functional;

/** Keys or values of past tokens, with those of new ones written behind them. */
final class KeyCache {
  private KeyCache() {}

  /**
   * Returns the past with new rows from a position on, in place of what was there. Where the past
   * ends sooner the result is longer.
   *
   * @param past of shape (..., length, size)
   * @param fresh of the same shape but for the length
   * @param start the position, at most the length of the past
   */
  static Tensor append(Tensor past, Tensor fresh, long start) {
    long end = start + fresh.dim(-2);
    if (start < 0 || start > past.dim(-2)) {
      throw new IllegalArgumentException(
          "cache: position " + start + ", expected 0 to " + past.dim(-2));
    }
    Tensor before = past.slice(-2, 0, start);
    return end >= past.dim(-2)
        ? Tensor.concat(-2, before, fresh)
        : Tensor.concat(-2, before, fresh, past.slice(-2, end, past.dim(-2)));
  }

  /**
   * Returns the past with new rows from a position on that each element of the batch has for
   * itself.
   *
   * @param past of shape (batch, heads, length, size)
   * @param fresh of the same shape but for the length
   * @param starts {@code i64} of shape (batch)
   * @param capacity the length of the result; what lies behind the new rows and not in the past has
   *     no particular value
   */
  static Tensor append(Tensor past, Tensor fresh, Tensor starts, long capacity) {
    long batch = past.dim(0);
    long heads = past.dim(1);
    long before = past.dim(2);
    long rows = before + fresh.dim(2);
    Tensor table = Tensor.concat(2, past, fresh).reshape(batch * heads * rows, past.dim(3));
    Tensor at = Tensor.arange(capacity);
    Tensor since = at.sub(starts.reshape(batch, 1, 1));
    Tensor isNew = since.ge(0).logicalAnd(since.lt(fresh.dim(2)));
    Tensor old = at.clampMax(Math.max(0, before - 1));
    Tensor row = since.add(before).where(isNew, old);
    Tensor first = Tensor.arange(DType.I64, 0, batch * heads, 1).mul(rows).reshape(batch, heads, 1);
    return Functional.embedding(row.add(first), table);
  }
}
