package org.gatun.nn;

import org.gatun.Tensor;
import org.gatun.op.MaxPool;
import org.gatun.runtime.Engine;

/**
 * The largest element of each window of an image; see {@link MaxPool}. Without parameters, and safe
 * for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html">PyTorch,
 * MaxPool2d</a>.
 */
public final class MaxPool2d implements Layer {
  private final MaxPool op;

  /**
   * Makes a layer of any pooling of images.
   *
   * @throws IllegalArgumentException if the windows have not two dimensions, or for indices, which
   *     a layer does not return
   */
  public MaxPool2d(MaxPool op) {
    if (op.kernel().size() != 2) {
      throw new IllegalArgumentException(
          op.name() + ": kernel " + op.kernel() + ", expected two sizes");
    }
    if (op.indices()) {
      throw new IllegalArgumentException(
          op.name() + ": indices asked for, expected a layer of one result");
    }
    this.op = op;
  }

  /** Makes a layer of square windows side by side. */
  public MaxPool2d(int kernel) {
    this(MaxPool.of(kernel, kernel));
  }

  /** Makes a layer of square windows. */
  public MaxPool2d(int kernel, int stride, int padding) {
    this(MaxPool.of(kernel, kernel).withStride(stride).withPadding(padding));
  }

  @Override
  public Tensor forward(Tensor x) {
    return Engine.current().run(op, x);
  }
}
