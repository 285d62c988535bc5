package org.gatun.nn;

import org.gatun.Tensor;
import org.gatun.op.Ints;
import org.gatun.op.MaxPool;

/**
 * What undoes a max pooling in some number of dimensions. Without parameters, and safe for use by
 * many threads; not a {@link Layer}, since it takes two tensors.
 */
abstract sealed class MaxUnpoolLayer permits MaxUnpool1d, MaxUnpool2d, MaxUnpool3d {
  private final MaxPool pooling;

  MaxUnpoolLayer(int rank, MaxPool pooling) {
    this.pooling = OperatorLayer.ofRank(rank, pooling, pooling.kernel());
  }

  MaxUnpoolLayer(int rank, int kernel, int stride, int padding) {
    int[] sizes = Ints.repeat(kernel, rank).toArray();
    this(rank, MaxPool.of(sizes).withStride(stride).withPadding(padding));
  }

  /**
   * Returns each element back where the pooling took it from, and zeros elsewhere.
   *
   * @param indices what the pooling gave beside x
   * @param outputSize the spatial dimensions of what the pooling was given; none for the smallest
   *     that it uses up
   * @throws IllegalArgumentException if the pooling cannot have given these
   */
  public Tensor forward(Tensor x, Tensor indices, long... outputSize) {
    return Functional.maxUnpool(x, indices, pooling, outputSize);
  }
}
