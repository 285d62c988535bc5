package org.gatun.kernel.java;

/**
 * Philox4x32-10: four random words from a key and a counter, and nothing else: any of them can be
 * computed at any time and by any thread.
 *
 * <p>Source: Salmon et al., <a href="https://doi.org/10.1145/2063384.2063405">Parallel random
 * numbers: as easy as 1, 2, 3</a>.
 */
final class Philox {
  static final int ROUNDS = 10;
  static final long MULTIPLIER_0 = 0xD2511F53L;
  static final long MULTIPLIER_1 = 0xCD9E8D57L;
  static final int WEYL_0 = 0x9E3779B9;
  static final int WEYL_1 = 0xBB67AE85;
  static final long WORD = 0xFFFFFFFFL;

  private Philox() {}

  /**
   * Computes four words.
   *
   * @param key two words, the low one first
   * @param low the lower half of the counter
   * @param high its upper half
   * @param words gets the words
   * @param at where it gets the first
   */
  static void words(long key, long low, long high, int[] words, int at) {
    int c0 = (int) low;
    int c1 = (int) (low >>> 32);
    int c2 = (int) high;
    int c3 = (int) (high >>> 32);
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = MULTIPLIER_0 * (c0 & WORD);
      long product1 = MULTIPLIER_1 * (c2 & WORD);
      c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c3 = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    words[at] = c0;
    words[at + 1] = c1;
    words[at + 2] = c2;
    words[at + 3] = c3;
  }
}
