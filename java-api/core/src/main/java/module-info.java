/**
 * Tensors over off-heap memory, and PyTorch's operators on them: in oneDNN and OpenBLAS where these
 * are fast, in Java where it is.
 */
module org.gatun {
  requires org.gatun.bindings;
  requires jdk.management;
  requires static jdk.incubator.vector;
  requires static jdk.jfr;
  requires static transitive org.jspecify;

  exports org.gatun;
  exports org.gatun.io;
  exports org.gatun.nn;
  exports org.gatun.op;
  exports org.gatun.runtime;
  exports org.gatun.kernel;
}
