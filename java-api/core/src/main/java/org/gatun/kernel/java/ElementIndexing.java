package org.gatun.kernel.java;

import org.gatun.Layout;

/**
 * The rows of a tensor of indices, one for each element, and where the elements of another tensor
 * are that they are for.
 *
 * @param reader what reads the indices
 * @param rows the number of rows
 * @param columns the number of indices in a row
 * @param alongRow whether the indices count along the rows' own axis
 */
record ElementIndexing(IndexReader reader, long rows, long columns, boolean alongRow) {
  /** Returns the rows of dense indices that count along an axis of a tensor. */
  static ElementIndexing of(String name, int given, boolean fromEnd, Layout x, Layout indices) {
    int rank = indices.rank();
    int axis = given < 0 ? given + Math.max(1, x.rank()) : given;
    long columns = rank == 0 ? 1 : indices.dim(-1);
    return new ElementIndexing(
        IndexReader.of(name, indices, x, axis, fromEnd),
        indices.size() == 0 ? 0 : indices.size() / columns,
        columns,
        axis >= rank - 1);
  }

  /** Returns the number of indices. */
  long size() {
    return rows * columns;
  }

  /**
   * The elements of a tensor that the indices are for, or pick from.
   *
   * @param sizes the dimensions of the indices but for the last
   * @param strides the bytes from one index of these to the next
   * @param column the bytes from one element of a row to the next
   */
  record Operand(long[] sizes, long[] strides, long column) {
    /** Returns the operand; along {@code picked}, where it is no -1, an index says where to go. */
    static Operand of(Layout layout, Layout indices, int picked) {
      int width = layout.dtype().byteSize();
      int rank = indices.rank();
      int outer = Math.max(0, rank - 1);
      long[] sizes = new long[outer];
      long[] strides = new long[outer];
      for (int axis = 0; axis < outer; axis++) {
        sizes[axis] = indices.dim(axis);
        strides[axis] = axis == picked ? 0 : layout.stride(axis) * width;
      }
      boolean still = rank == 0 || picked == rank - 1;
      return new Operand(sizes, strides, still ? 0 : layout.stride(rank - 1) * width);
    }

    /** Returns where the first element of a row is. */
    long row(long row) {
      long offset = 0;
      long rest = row;
      for (int i = sizes.length - 1; i >= 0; i--) {
        offset += rest % sizes[i] * strides[i];
        rest /= sizes[i];
      }
      return offset;
    }
  }
}
