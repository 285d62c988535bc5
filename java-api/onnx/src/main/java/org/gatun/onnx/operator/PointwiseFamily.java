package org.gatun.onnx.operator;

/** Operators of one element at a time. */
final class PointwiseFamily {
  private PointwiseFamily() {}

  static void register(Registry onnx) {
    onnx.add("Abs", 6, c -> c.tensor(0).abs());
    onnx.add("Add", 7, c -> c.tensor(0).add(c.tensor(1)));
    onnx.add("Relu", 6, c -> c.tensor(0).relu());
  }
}
