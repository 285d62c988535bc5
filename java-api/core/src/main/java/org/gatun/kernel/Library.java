package org.gatun.kernel;

/** The libraries that kernels are written in. */
public enum Library {
  /** oneDNN, through the bindings. */
  ONEDNN,
  /** OpenBLAS, through the bindings. */
  OPENBLAS,
  /** Java: the Vector API where it is resolved, plain loops where it is not. */
  JAVA
}
