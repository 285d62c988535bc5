package org.gatun.runtime;

import java.util.List;
import java.util.Objects;
import org.gatun.Tensor;

/**
 * A function on tensors that is written in Java and may look at their elements: what {@link
 * Engine#call} runs, and a {@link Program} again at each replay. Its results depend on its inputs
 * alone.
 */
@FunctionalInterface
public interface HostFunction {
  /**
   * Computes the outputs.
   *
   * @param inputs read-only; they belong to this call and thread, and end with it
   * @param outputs likewise, to be written whole: their elements have no particular value
   */
  void compute(List<Tensor> inputs, List<Tensor> outputs);

  /** Returns the name, for messages and listings. */
  default String name() {
    return "call";
  }

  /** Returns a function of this name. */
  static HostFunction of(String name, HostFunction function) {
    Objects.requireNonNull(name, "call: name is null");
    Objects.requireNonNull(function, "call: function is null");
    return new HostFunction() {
      @Override
      public void compute(List<Tensor> inputs, List<Tensor> outputs) {
        function.compute(inputs, outputs);
      }

      @Override
      public String name() {
        return name;
      }
    };
  }
}
