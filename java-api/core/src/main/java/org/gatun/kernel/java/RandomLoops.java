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

  /** Decides on each element by a word; see {@link Fates#of(double, int)}. */
  void decide(float[] x, int[] words, int count, Fates fates);

  /**
   * What becomes of elements: each is multiplied and shifted, one way or the other.
   *
   * @param threshold words below it, without their signs, have elements dropped
   * @param dropped the factor of what is dropped
   * @param droppedShift what is added to it then
   * @param kept the factor of the others
   * @param keptShift what is added to these
   */
  record Fates(int threshold, double dropped, double droppedShift, double kept, double keptShift) {
    /** Adds nothing, be it to a negative zero. */
    static final double UNSHIFTED = -0.0;

    /** Returns the fates of elements that are dropped with probability p. */
    static Fates of(double p, double dropped, double droppedShift, double kept, double keptShift) {
      long threshold = (long) Math.rint(p * 0x1p32);
      return threshold >>> Integer.SIZE == 0
          ? new Fates((int) threshold, dropped, droppedShift, kept, keptShift)
          : new Fates(0, dropped, droppedShift, dropped, droppedShift);
    }

    /** Returns what becomes of an element. */
    double of(double x, int word) {
      return Integer.compareUnsigned(word, threshold) < 0
          ? x * dropped + droppedShift
          : x * kept + keptShift;
    }
  }
}
