package org.gatun.cli.bench;

/** What came of a contender in a case. */
public sealed interface Outcome {
  /**
   * Its result was right, and it took this long.
   *
   * @param implementation which code ran, such as {@code onednn:brgemm:avx512_core}
   */
  record Measured(Timing timing, String implementation) implements Outcome {}

  /** Its result was wrong, or there was none; it was not timed. */
  record Wrong(String message) implements Outcome {}

  /** It does not do the case. */
  record Absent(String reason) implements Outcome {}
}
