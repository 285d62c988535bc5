package org.gatun;

/** Prints tensors. */
final class TensorFormat {
  private TensorFormat() {}

  static String format(Tensor tensor) {
    return "tensor " + tensor.layout();
  }
}
