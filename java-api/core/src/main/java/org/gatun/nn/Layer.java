package org.gatun.nn;

import java.util.Map;
import org.gatun.Tensor;

/**
 * A function of a tensor with parameters of its own.
 *
 * <p>The parameters belong to the layer: it closes them when it is closed, and they are not to be
 * modified after the first call of {@link #forward}, for which they are packed.
 */
public interface Layer extends AutoCloseable {
  /**
   * Returns the layer's function of a tensor.
   *
   * @throws IllegalArgumentException if the layer does not take the tensor
   * @throws IllegalStateException if the layer or the tensor is closed
   */
  Tensor forward(Tensor x);

  /** Returns the parameters by PyTorch's names, such as {@code weight}, in PyTorch's order. */
  Map<String, Tensor> parameters();

  /** Has the layer compute as in training, as a new one does, where that makes a difference. */
  default void train() {}

  /** Has the layer compute as in evaluation, where that makes a difference. */
  default void eval() {}

  /** Closes the parameters. Closing twice does nothing. */
  @Override
  void close();
}
