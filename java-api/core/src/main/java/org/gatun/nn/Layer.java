package org.gatun.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.gatun.Precision;
import org.gatun.Tensor;

/**
 * A function of a tensor with a state of its own: parameters, which training would learn, and
 * buffers, which it keeps beside them, such as running statistics.
 *
 * <p>Parameters and buffers belong to the layer, which closes them when it is closed. The first
 * call of {@link #forward} may pack parameters, and does not see what is written into them
 * afterwards but by {@link #load}.
 *
 * <p>A layer made of others names them in {@link #children}, and need say no more of its state: by
 * default it is theirs, each name with the child's name and a dot before it, as in {@code
 * "0.weight"}.
 *
 * <p>A function without a state is a layer as it is: {@code Layer relu = Tensor::relu}.
 */
@FunctionalInterface
public interface Layer extends AutoCloseable {
  /**
   * Returns the layer's function of a tensor, as a tensor that the caller closes, be it a view of
   * the one given.
   *
   * @throws IllegalArgumentException if the layer does not take the tensor
   * @throws IllegalStateException if the layer or the tensor is closed
   */
  Tensor forward(Tensor x);

  /** Returns the layers that this one is made of, by PyTorch's names and in order; often none. */
  default Map<String, Layer> children() {
    return Map.of();
  }

  /**
   * Returns the parameters by PyTorch's names, such as {@code weight}, in PyTorch's order, those of
   * the children included.
   */
  default Map<String, Tensor> parameters() {
    return LayerState.ofChildren(this, Layer::parameters);
  }

  /**
   * Returns what the layer keeps beside its parameters by PyTorch's names, such as {@code
   * running_mean}, that of the children included.
   */
  default Map<String, Tensor> buffers() {
    return LayerState.ofChildren(this, Layer::buffers);
  }

  /**
   * Returns the layer's own tensors, parameters and buffers, under the names and in the order of
   * PyTorch's {@code state_dict}. To save a layer, write them to a file:
   *
   * <pre>{@code
   * Safetensors.write(path, layer.state());
   * }</pre>
   */
  default Map<String, Tensor> state() {
    Map<String, Tensor> theirs = LayerState.ofChildren(this, Layer::state);
    Map<String, Tensor> state = new LinkedHashMap<>(parameters());
    state.putAll(buffers());
    state.keySet().removeAll(theirs.keySet());
    state.putAll(theirs);
    return Collections.unmodifiableMap(state);
  }

  /**
   * Copies values into the layer's tensors, all of them or, after an exception, none:
   *
   * <pre>{@code
   * layer.load(Safetensors.read(path));
   * }</pre>
   *
   * <p>A call of {@link #forward} that begins afterwards uses the new values. One that runs
   * meanwhile on another thread uses, in each of the layers inside, all of the old values or all of
   * the new ones where that layer is safe for use by many threads.
   *
   * @param state a tensor for each name of {@link #state}, and no other, of the same shape and
   *     dtype: {@link Tensor#to} converts. It stays the caller's
   * @throws IllegalArgumentException if a name is missing or unknown, or a tensor has another shape
   *     or dtype; the message names it
   * @throws IllegalStateException if the layer or a tensor is closed, or the layer was made of
   *     read-only memory
   */
  default void load(Map<String, Tensor> state) {
    LayerState.load(this, state);
  }

  /** Has the layer compute as in training, as a new one does, where that makes a difference. */
  default void train() {
    children().values().forEach(Layer::train);
  }

  /** Has the layer compute as in evaluation, where that makes a difference. */
  default void eval() {
    children().values().forEach(Layer::eval);
  }

  /**
   * Returns whether the layer, or one inside it, computes as in training; false where that makes no
   * difference.
   */
  default boolean isTraining() {
    return children().values().stream().anyMatch(Layer::isTraining);
  }

  /**
   * Has the layer, and those inside it, compute products in a precision from the next call on.
   * Parameters keep their dtype and are rounded once, when they are packed; tensors have the dtype
   * that they had before, and those between the layers of a {@link Sequential} stay in {@link
   * Precision#BF16}. A layer whose products these are not, such as a table of embeddings, computes
   * as before.
   *
   * <pre>{@code
   * Layer model = new Sequential(new Linear(768, 3072, 1), Functional::gelu, new Linear(3072, 768, 2));
   * model.computeIn(Precision.BF16);
   * }</pre>
   */
  default void computeIn(Precision precision) {
    Objects.requireNonNull(precision, "layer: precision is null");
    children().values().forEach(child -> child.computeIn(precision));
  }

  /** Closes parameters, buffers and children. Closing twice does nothing. */
  @Override
  default void close() {
    children().values().forEach(Layer::close);
  }
}
