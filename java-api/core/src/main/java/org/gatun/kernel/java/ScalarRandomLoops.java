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

  @Override
  public void decide(float[] x, int[] words, int count, Fates fates) {
    decide(x, words, 0, count, fates);
  }

  static void decide(float[] x, int[] words, int from, int count, Fates fates) {
    float dropped = (float) fates.dropped();
    float droppedShift = (float) fates.droppedShift();
    float kept = (float) fates.kept();
    float keptShift = (float) fates.keptShift();
    for (int i = from; i < count; i++) {
      boolean drop = Integer.compareUnsigned(words[i], fates.threshold()) < 0;
      x[i] = x[i] * (drop ? dropped : kept) + (drop ? droppedShift : keptShift);
    }
  }
}
