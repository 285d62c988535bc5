package org.gatun.reference;

/** NumPy's broadcasting. */
final class Broadcast {
  private Broadcast() {}

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
