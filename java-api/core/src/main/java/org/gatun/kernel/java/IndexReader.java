package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;

import org.gatun.DType;
import org.gatun.Layout;

/**
 * Reads indices into an axis, and throws where one is out of range. Every read checks: another
 * thread may write to the indices meanwhile, and what lies elsewhere in memory is not to be read.
 *
 * @param name the operator's name, for messages
 * @param axis the axis, counted from the first
 * @param size the number of its elements
 * @param fromEnd whether negative indices count from the end
 * @param wide whether they are {@code i64}, else {@code i32}
 */
record IndexReader(String name, int axis, long size, boolean fromEnd, boolean wide) {
  /** Returns the reader of dense indices into an axis of a tensor. */
  static IndexReader of(String name, Layout indices, Layout x, int axis, boolean fromEnd) {
    long size = x.rank() == 0 ? 1 : x.dim(axis);
    return new IndexReader(name, axis, size, fromEnd, indices.dtype() == DType.I64);
  }

  /** Returns an index, counted from the first element. */
  long get(long indices, long position) {
    long given =
        wide
            ? ALL.get(LONG, indices + position * Long.BYTES)
            : ALL.get(INT, indices + position * Integer.BYTES);
    long index = fromEnd && given < 0 ? given + size : given;
    if (index < 0 || index >= size) {
      throw outOfRange(given, position);
    }
    return index;
  }

  /** Throws if one of the indices is out of range. */
  void check(long indices, long count) {
    for (long i = 0; i < count; i++) {
      long _ = get(indices, i);
    }
  }

  private IllegalArgumentException outOfRange(long index, long position) {
    return new IllegalArgumentException(
        name
            + ": index "
            + index
            + " at position "
            + position
            + " out of range for axis "
            + axis
            + " of size "
            + size
            + ", expected "
            + (fromEnd ? -size : 0)
            + " to "
            + (size - 1));
  }
}
