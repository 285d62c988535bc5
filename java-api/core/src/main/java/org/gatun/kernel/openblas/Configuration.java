package org.gatun.kernel.openblas;

import java.lang.foreign.MemorySegment;
import org.gatun.bindings.openblas.OpenBlas;

/** What OpenBLAS says of itself. */
public final class Configuration {
  /** OpenBLAS returns the address of a buffer of its own, of this many bytes at most. */
  private static final long MAX_BYTES = 256;

  private Configuration() {}

  /**
   * Returns the processor that the kernels in use were written for, such as {@code Cooperlake}: the
   * one of this machine, or what {@code OPENBLAS_CORETYPE} names.
   */
  public static String core() {
    return text(OpenBlas.openblas_get_corename());
  }

  /** Returns the version and the options that OpenBLAS was built with. */
  public static String build() {
    return text(OpenBlas.openblas_get_config());
  }

  /** Returns the number of threads that OpenBLAS runs on by itself. */
  public static int threads() {
    return OpenBlas.openblas_get_num_threads();
  }

  @SuppressWarnings("restricted") // A pointer to a string, whose length C does not tell.
  private static String text(MemorySegment pointer) {
    return pointer.reinterpret(MAX_BYTES).getString(0).strip();
  }
}
