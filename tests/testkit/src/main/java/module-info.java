/** Cases, tolerances and comparisons that the tests, the benchmarks and the CLI share. */
module org.gatun.testkit {
  requires transitive org.gatun;
  requires transitive org.gatun.onnx;
  requires transitive org.gatun.reference;
  requires com.fasterxml.jackson.core;
  requires com.google.protobuf;
  requires static transitive org.jspecify;

  exports org.gatun.testkit;
  exports org.gatun.testkit.bench;
  exports org.gatun.testkit.cases;
  exports org.gatun.testkit.onnx;
  exports org.gatun.testkit.torch;
}
