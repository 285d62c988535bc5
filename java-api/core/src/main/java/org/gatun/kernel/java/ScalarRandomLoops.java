package org.gatun.kernel.java;

/** Random words in plain Java. */
final class ScalarRandomLoops implements RandomLoops {
  static final RandomLoops INSTANCE = new ScalarRandomLoops();

  private ScalarRandomLoops() {}

  @Override
  public String implementation() {
    return "java:scalar";
  }

  @Override
  public void words(long key, long high, long first, int counters, int[] words) {
    for (int i = 0; i < counters; i++) {
      Philox.words(key, first + i, high, words, 4 * i);
    }
  }
}
