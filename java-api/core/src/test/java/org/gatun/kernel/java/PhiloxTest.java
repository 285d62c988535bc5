package org.gatun.kernel.java;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The known answers that come with Random123, the authors' own code. */
class PhiloxTest {
  private static int[] words(long key, long low, long high) {
    int[] words = new int[4];
    Philox.words(key, low, high, words, 0);
    return words;
  }

  @Test
  void zeros() {
    assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, words(0, 0, 0));
  }

  @Test
  void digitsOfPi() {
    assertArrayEquals(
        new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
        words(0x299f31d0a4093822L, 0x85a308d3243f6a88L, 0x0370734413198a2eL));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 0xFFFFFFF0L, -5})
  void manyCountersAreOneAfterTheOther(long first) {
    for (RandomLoops loops : List.of(ScalarRandomLoops.INSTANCE, new VectorRandomLoops())) {
      for (int counters : new int[] {0, 1, 13, 64}) {
        int[] many = new int[4 * counters];
        loops.words(0x123456789ABCDEFL, -3, first, counters, many);
        for (int i = 0; i < counters; i++) {
          assertArrayEquals(
              words(0x123456789ABCDEFL, first + i, -3),
              Arrays.copyOfRange(many, 4 * i, 4 * i + 4),
              loops.implementation());
        }
      }
    }
  }
}
