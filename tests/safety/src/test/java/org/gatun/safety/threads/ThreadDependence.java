package org.gatun.safety.threads;

import java.util.Map;

/**
 * What gives other bits on other numbers of threads, by a part of the name of its code. {@code
 * ARCHITECTURE.md}, Bits, says the same; nothing else may.
 */
final class ThreadDependence {
  static final Map<String, String> REASONS =
      Map.of(
          "brgconv_strided",
          "oneDNN computes a transposed convolution with a stride as the gradient of a convolution,"
              + " and cuts its sums by the number of threads",
          "winograd",
          "where -Dgatun.winograd asks for it: a block has so many tiles that each thread has as"
              + " many blocks");

  private ThreadDependence() {}

  /** Returns whether the code of this name is one of those. */
  static boolean isNamed(String implementation) {
    return REASONS.keySet().stream().anyMatch(implementation::contains);
  }
}
