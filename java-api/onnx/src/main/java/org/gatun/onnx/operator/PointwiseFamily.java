package org.gatun.onnx.operator;

/** The functions of one floating-point element. */
final class PointwiseFamily {
  private PointwiseFamily() {}

  static void register(Registry onnx) {
    onnx.add("Acos", 7, c -> c.tensor(0).acos());
    onnx.add("Acosh", 9, c -> c.tensor(0).acosh());
    onnx.add("Asin", 7, c -> c.tensor(0).asin());
    onnx.add("Asinh", 9, c -> c.tensor(0).asinh());
    onnx.add("Atan", 7, c -> c.tensor(0).atan());
    onnx.add("Atanh", 9, c -> c.tensor(0).atanh());
    onnx.add("Ceil", 6, c -> c.tensor(0).ceil());
    onnx.add("Cos", 7, c -> c.tensor(0).cos());
    onnx.add("Cosh", 9, c -> c.tensor(0).cosh());
    onnx.add("Erf", 9, c -> c.tensor(0).erf());
    onnx.add("Exp", 6, c -> c.tensor(0).exp());
    onnx.add("Floor", 6, c -> c.tensor(0).floor());
    onnx.add("Log", 6, c -> c.tensor(0).log());
    onnx.add("Reciprocal", 6, c -> c.tensor(0).reciprocal());
    onnx.add("Round", 11, c -> c.tensor(0).round());
    onnx.add("Sin", 7, c -> c.tensor(0).sin());
    onnx.add("Sinh", 9, c -> c.tensor(0).sinh());
    onnx.add("Sqrt", 6, c -> c.tensor(0).sqrt());
    onnx.add("Tan", 7, c -> c.tensor(0).tan());
    onnx.add("Tanh", 6, c -> c.tensor(0).tanh());
  }
}
