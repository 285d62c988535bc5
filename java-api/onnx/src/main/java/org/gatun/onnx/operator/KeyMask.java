package org.gatun.onnx.operator;

import org.gatun.DType;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Which keys the queries of an attention see, and what is added to their products. It broadcasts to
 * (batch, heads, queries, keys).
 *
 * @param seen true where a query sees a key, or null where it sees all
 * @param added numbers, or null for none
 * @param causal whether query i sees the keys 0 to i alone, of those
 */
record KeyMask(@Nullable Tensor seen, @Nullable Tensor added, boolean causal) {
  /** Every query sees every key. */
  static final KeyMask NONE = new KeyMask(null, null, false);

  /** Returns this mask for queries that see less. */
  KeyMask seeing(Tensor other) {
    return new KeyMask(seen == null ? other : seen.logicalAnd(other), added, causal);
  }

  /** Returns this mask with more added to the products. */
  KeyMask adding(Tensor other) {
    return new KeyMask(seen, added == null ? other : added.add(other.to(added.dtype())), causal);
  }

  /** Returns this mask with a tensor of truth values that hide, or of numbers that are added. */
  KeyMask with(Tensor mask) {
    return mask.dtype() == DType.BOOL ? seeing(mask) : adding(mask);
  }

  /**
   * Returns this mask for queries that see no later keys: query i is key {@code offset + i}.
   *
   * @param queries how many queries there are
   * @param keys how many keys there are
   * @param offset the keys before the first query
   */
  KeyMask causal(long queries, long keys, long offset) {
    if (offset + 1 >= keys) {
      return this;
    }
    return offset == 0
        ? new KeyMask(seen, added, true)
        : seeing(band(positions(queries, offset), keys, -1, 0));
  }

  /** Returns the positions {@code offset} to {@code offset + count} of queries, as a column. */
  static Tensor positions(long count, long offset) {
    return Tensor.arange(DType.I64, offset, offset + count, 1).unsqueeze(1);
  }

  /**
   * Returns the positions of queries of which those of each element of a batch begin elsewhere, of
   * shape (batch, 1, count, 1).
   *
   * @param offsets one integer for each element of the batch
   */
  static Tensor positions(long count, Tensor offsets) {
    return offsets.to(DType.I64).reshape(-1, 1, 1, 1).add(positions(count, 0));
  }

  /**
   * Returns where a key is not farther from a query than the bounds, of the positions' shape with
   * the keys instead of the last dimension.
   *
   * @param positions the keys that the queries are, of shape (..., queries, 1)
   * @param keys how many keys there are
   * @param left how many keys before its own a query sees; negative for all
   * @param right how many keys after its own a query sees; negative for all
   */
  static Tensor band(Tensor positions, long keys, long left, long right) {
    Tensor at = Tensor.arange(keys);
    if (right < 0) {
      return at.ge(positions.sub(left));
    }
    Tensor before = at.le(positions.add(right));
    return left < 0 ? before : before.logicalAnd(at.ge(positions.sub(left)));
  }

  /** Returns where a key's number is below that of its element of a batch: (batch, 1, 1, keys). */
  static Tensor below(Tensor counts, long keys) {
    return Tensor.arange(keys).lt(counts.to(DType.I64).reshape(-1, 1, 1, 1));
  }

  /** Returns whether the mask is no more than that of causal attention. */
  boolean isCausalAlone() {
    return causal && seen == null && added == null;
  }

  /**
   * Returns the mask as one tensor, of truth values or of numbers to add, or null where all is
   * seen.
   */
  @Nullable Tensor tensor(DType dtype, long queries, long keys) {
    Tensor visible = seen;
    if (causal) {
      Tensor earlier = band(positions(queries, 0), keys, -1, 0);
      visible = visible == null ? earlier : visible.logicalAnd(earlier);
    }
    if (added == null) {
      return visible;
    }
    Tensor numbers = added.to(dtype);
    return visible == null ? numbers : numbers.where(visible, Double.NEGATIVE_INFINITY);
  }
}
