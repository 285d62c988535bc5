package org.gatun.kernel.java;

import org.gatun.kernel.KernelContext;

/** Loops that make random words. */
interface RandomLoops {
  /** Returns the loops to run with. */
  static RandomLoops of(KernelContext context) {
    return context.vector() ? VectorProvider.random() : ScalarRandomLoops.INSTANCE;
  }

  /**
   * Returns what a plan that uses these loops reports, {@code java:vector} or {@code java:scalar}.
   */
  String implementation();

  /**
   * Computes all four words of Philox4x32-10 for each of some counters, one after the other.
   *
   * @param key two words, the low one first
   * @param high the upper half of all counters
   * @param first the lower half of the first counter
   * @param counters how many, 0 or more
   * @param words gets four times as many words
   */
  void words(long key, long high, long first, int counters, int[] words);
}
