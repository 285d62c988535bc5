package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.BinaryFunction;

/** The mask of an attention, broadcast to its weights. */
final class AttentionMask {
  private final Loops loops;
  private final Shape weights;
  private final DType dtype;
  private final int size;
  private final long[] strides;
  private final int weightSize;

  /**
   * Makes a mask.
   *
   * @param layout how it lies
   * @param weights the shape (..., L, S) that it is broadcast to
   * @param loops of the dtype of the weights
   * @param weightSize the bytes of a weight
   */
  AttentionMask(Layout layout, Shape weights, Loops loops, int weightSize) {
    this.weightSize = weightSize;
    this.loops = loops;
    this.weights = weights;
    this.dtype = layout.dtype();
    this.size = dtype.byteSize();
    this.strides = new long[weights.rank()];
    for (int axis = 0; axis < strides.length; axis++) {
      int fromEnd = axis - strides.length;
      boolean repeated = layout.rank() < -fromEnd || layout.dim(fromEnd) == 1;
      strides[axis] = repeated ? 0 : layout.stride(fromEnd) * size;
    }
  }

  /** Returns whether rows lie side by side, to be added as they are. */
  boolean isPlain() {
    return dtype != DType.BOOL && strides[strides.length - 1] == size;
  }

  /** Returns the bytes from one query's row to the next. */
  long rowBytes() {
    return strides[strides.length - 2];
  }

  /** Returns the address of a query's row, of a mask at an address. */
  long row(long mask, long index, long query) {
    int columns = strides.length - 1;
    long from = mask + query * strides[columns - 1];
    long rest = index;
    for (int axis = columns - 2; axis >= 0; axis--) {
      from += rest % weights.dim(axis) * strides[axis];
      rest /= weights.dim(axis);
    }
    return from;
  }

  /**
   * Masks the weights of a query: adds the mask, or minus infinity where it is false.
   *
   * @param mask the address of the mask
   * @param index the index of the batch
   * @param query the row of the weights
   * @param at the address of the row
   * @param count how many weights there are
   */
  void apply(long mask, long index, long query, long at, int count) {
    long from = row(mask, index, query);
    long step = strides[strides.length - 1];
    if (dtype != DType.BOOL && step == 0) {
      loops.binaryRight(BinaryFunction.ADD, at, loops.get(from), at, count);
    } else {
      addEach(from, step, at, count);
    }
  }

  private void addEach(long from, long step, long at, int count) {
    for (int i = 0; i < count; i++) {
      long element = from + i * step;
      boolean seen = dtype == DType.BOOL && ALL.get(Elements.BYTE, element) != 0;
      if (!seen) {
        double added = dtype == DType.BOOL ? Double.NEGATIVE_INFINITY : loops.get(element);
        long weight = at + (long) i * weightSize;
        loops.set(weight, loops.get(weight) + added);
      }
    }
  }
}
