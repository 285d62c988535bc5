/** One runnable class for each chapter by which people learn the operators. */
module org.gatun.examples {
  requires org.gatun;
  requires org.gatun.onnx;
  requires static org.jspecify;

  exports org.gatun.examples;
}
