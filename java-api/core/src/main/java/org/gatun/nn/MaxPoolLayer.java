package org.gatun.nn;

import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;
import org.gatun.op.Ints;
import org.gatun.op.MaxPool;

/** The largest element of each window, in some number of dimensions. */
abstract sealed class MaxPoolLayer extends OperatorLayer permits MaxPool1d, MaxPool2d, MaxPool3d {
  private final MaxPool op;

  MaxPoolLayer(int rank, MaxPool op) {
    if (op.indices()) {
      throw new IllegalArgumentException(
          op.name() + ": indices asked for, expected none; forwardWithIndices returns them");
    }
    super(ofRank(rank, op, op.kernel()));
    this.op = op;
  }

  MaxPoolLayer(int rank, int kernel, int stride, int padding) {
    int[] sizes = Ints.repeat(kernel, rank).toArray();
    this(rank, MaxPool.of(sizes).withStride(stride).withPadding(padding));
  }

  /** Returns the largest elements and where they stand in their channels, for max_unpool. */
  public ValuesAndIndices forwardWithIndices(Tensor x) {
    return Functional.maxPoolWithIndices(x, op);
  }
}
