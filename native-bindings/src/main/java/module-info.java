/**
 * The C interfaces of oneDNN, OpenBLAS and OpenMP for the Foreign Function and Memory API, as
 * jextract generates them, and the loader of their libraries. The interfaces check nothing and are
 * open to Gatun alone; its users call {@code org.gatun}.
 */
@SuppressWarnings("module") // org.gatun is built after this module
module org.gatun.bindings {
  requires static org.jspecify;

  exports org.gatun.bindings;
  exports org.gatun.bindings.onednn to
      org.gatun;
  exports org.gatun.bindings.openblas to
      org.gatun;
  exports org.gatun.bindings.openmp to
      org.gatun;
}
