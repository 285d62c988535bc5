package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

/** Booleans, one byte each, to and from the bits of a mask, the lowest first. */
final class Masks {
  private static final long LOWEST_OF_BYTES = 0x0101010101010101L;

  private Masks() {}

  /** Stores so many booleans: a power of two, from 2 to 64. */
  static void store(long bits, int count, long dst) {
    if (count >= 8) {
      for (int i = 0; i < count; i += 8) {
        ALL.set(LONG, dst + i, Long.expand(bits >>> i, LOWEST_OF_BYTES));
      }
    } else if (count == 4) {
      ALL.set(INT, dst, (int) Long.expand(bits, LOWEST_OF_BYTES));
    } else {
      ALL.set(SHORT, dst, (short) Long.expand(bits, LOWEST_OF_BYTES));
    }
  }

  /** Returns so many booleans as bits: a power of two, from 2 to 64. */
  static long load(long src, int count) {
    if (count >= 8) {
      long bits = 0;
      for (int i = 0; i < count; i += 8) {
        bits |= Long.compress(ALL.get(LONG, src + i), LOWEST_OF_BYTES) << i;
      }
      return bits;
    }
    long bytes = count == 4 ? ALL.get(INT, src) : ALL.get(SHORT, src);
    return Long.compress(bytes, LOWEST_OF_BYTES);
  }
}
