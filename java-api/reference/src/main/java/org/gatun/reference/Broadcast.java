package org.gatun.reference;

import org.gatun.Shape;

/** NumPy's broadcasting. */
final class Broadcast {
  private Broadcast() {}

  /** Returns an operand in the shape that it and another broadcast to. */
  static NdArray to(NdArray operand, NdArray other) {
    int rank = Math.max(operand.rank(), other.rank());
    long[] dims = new long[rank];
    for (int i = 1; i <= rank; i++) {
      long own = i <= operand.rank() ? operand.dim(operand.rank() - i) : 1;
      long wanted = i <= other.rank() ? other.dim(other.rank() - i) : 1;
      dims[rank - i] = own == 1 ? wanted : own;
    }
    NdArray result = NdArray.zeros(operand.dtype(), Shape.of(dims));
    for (int i = 0; i < result.size(); i++) {
      result.values()[i] = get(operand, result.index(i));
    }
    return result;
  }

  /** Returns the element of an operand at an index of the result that it is broadcast to. */
  static double get(NdArray operand, int[] index) {
    int[] own = new int[operand.rank()];
    for (int axis = 0; axis < own.length; axis++) {
      int at = index[index.length - own.length + axis];
      own[axis] = operand.dim(axis) == 1 ? 0 : at;
    }
    return operand.get(own);
  }
}
