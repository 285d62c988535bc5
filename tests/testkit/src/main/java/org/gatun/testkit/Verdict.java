package org.gatun.testkit;

import org.jspecify.annotations.Nullable;

/** What came of running a case in a setting. */
public sealed interface Verdict {
  /**
   * The result agrees with the reference.
   *
   * @param worst the largest error, 1 being all that the tolerance allows
   */
  record Passed(double worst) implements Verdict {}

  /**
   * It does not, or there was none.
   *
   * @param message what is wrong
   * @param cause the exception that the engine threw, or null
   */
  record Failed(String message, @Nullable RuntimeException cause) implements Verdict {}

  /** The engine's backend has no kernel for it. */
  record Unsupported(String reason) implements Verdict {}
}
