/** ONNX models, read from a file and run with the operators of Gatun. */
module org.gatun.onnx {
  requires transitive org.gatun;
  requires com.google.protobuf;
  requires static transitive org.jspecify;

  exports org.gatun.onnx;
  exports org.gatun.onnx.model;
  exports org.gatun.onnx.operator;
  exports org.gatun.onnx.pass;
}
