package org.gatun.kernel.java;

import org.gatun.Layout;

/**
 * Where the matrices, rows or numbers of a row-major operand lie for those of a result that it
 * broadcasts to, which are counted in row-major order.
 *
 * @param dims the dimensions of the result that are counted
 * @param strides for each the elements from one of the operand's to the next, 0 where it repeats
 */
record BroadcastIndex(long[] dims, long[] strides) {
  /**
   * Returns the index of an operand.
   *
   * @param inner how many dimensions of the operand are no part of the index
   * @param resultInner how many of the result
   */
  static BroadcastIndex of(Layout operand, int inner, Layout result, int resultInner) {
    int rank = result.rank() - resultInner;
    long[] dims = new long[rank];
    long[] strides = new long[rank];
    for (int i = 1; i <= rank; i++) {
      dims[rank - i] = result.dim(rank - i);
      int axis = operand.rank() - inner - i;
      boolean repeats = axis < 0 || operand.dim(axis) == 1;
      strides[rank - i] = repeats ? 0 : operand.stride(axis);
    }
    return new BroadcastIndex(dims, strides);
  }

  /** Returns whether there is more than one. */
  boolean isVarying() {
    for (long stride : strides) {
      if (stride != 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns where the one with this number begins, in elements. */
  long offset(long number) {
    long offset = 0;
    for (int i = dims.length - 1; i >= 0 && number > 0; i--) {
      offset += number % dims[i] * strides[i];
      number /= dims[i];
    }
    return offset;
  }
}
