package org.gatun.kernel.java;

import java.util.Arrays;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.ScaledDotProductAttention;

/**
 * Where the matrices of an attention begin, for each index of its batch, in bytes: an operand that
 * lacks a dimension, or has size 1, repeats, and heads may be shared.
 */
final class AttentionBatch {
  private final Shape shape;
  private final long[] query;
  private final long[] key;
  private final long[] value;
  private final long[] result;

  /** The heads of the queries that share one of the keys, and of the values; 1 without groups. */
  private final long keyGroup;

  private final long valueGroup;

  AttentionBatch(ScaledDotProductAttention op, Layout q, Layout k, Layout v, Layout out) {
    this.shape = out.shape().range(0, out.rank() - 2);
    this.keyGroup = op.grouped() ? group(q, k) : 1;
    this.valueGroup = op.grouped() ? group(q, v) : 1;
    this.query = strides(q);
    this.key = strides(k);
    this.value = strides(v);
    this.result = strides(out);
  }

  private static long group(Layout query, Layout shared) {
    return Math.max(1, query.dim(-3) / Math.max(1, shared.dim(-3)));
  }

  /** Bytes from one index to the next of each dimension of the batch. */
  private long[] strides(Layout layout) {
    long[] strides = new long[shape.rank()];
    for (int axis = 0; axis < strides.length; axis++) {
      int fromEnd = axis - strides.length - 2;
      boolean repeated = layout.rank() < -fromEnd || layout.dim(fromEnd) == 1;
      strides[axis] = repeated ? 0 : layout.stride(fromEnd) * layout.dtype().byteSize();
    }
    return strides;
  }

  long size() {
    return shape.size();
  }

  long query(long index) {
    return offset(query, index, 1);
  }

  long key(long index) {
    return offset(key, index, keyGroup);
  }

  long value(long index) {
    return offset(value, index, valueGroup);
  }

  long result(long index) {
    return offset(result, index, 1);
  }

  private long offset(long[] strides, long index, long group) {
    long offset = 0;
    long rest = index;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      long at = rest % shape.dim(axis);
      rest /= shape.dim(axis);
      offset += (axis == strides.length - 1 ? at / group : at) * strides[axis];
    }
    return offset;
  }

  @Override
  public String toString() {
    return shape + " of " + Arrays.toString(query);
  }
}
