/** The command line: measures, verifies and describes Gatun on this machine. */
module org.gatun.cli {
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires java.desktop;
  requires java.management;
  requires jdk.management;
  requires me.tongfei.progressbar;
  requires org.gatun;
  requires org.gatun.bindings;
  requires org.gatun.onnx;
  requires org.gatun.reference;
  requires org.gatun.testkit;
  requires static org.jspecify;

  opens org.gatun.cli to
      info.picocli;
}
