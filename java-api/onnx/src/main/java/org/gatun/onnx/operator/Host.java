package org.gatun.onnx.operator;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Tensor;

/** Runs functions of elements that are written in Java, where core has no operator for them. */
final class Host {
  private Host() {}

  /** A function of tensors. */
  @FunctionalInterface
  interface Function {
    /** Computes the output. */
    void compute(List<Tensor> inputs, List<Tensor> outputs);
  }

  /** Returns what a function computes. */
  static Tensor call(String name, Layout output, Function function, Tensor... inputs) {
    Tensor result = Tensor.empty(output);
    function.compute(List.of(inputs), List.of(result));
    return result;
  }
}
