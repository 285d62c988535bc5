package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

/**
 * Chooses elements of some width by booleans, in plain Java.
 *
 * @param width the bytes of an element
 */
record WhereLoop(int width) implements PointwiseLoop {
  @Override
  public void run(long condition, long a, long b, long dst, long count, int which) {
    switch (width) {
      case Byte.BYTES -> bytes(condition, a, b, dst, count);
      case Short.BYTES -> shorts(condition, a, b, dst, count);
      case Integer.BYTES -> ints(condition, a, b, dst, count);
      default -> longs(condition, a, b, dst, count);
    }
  }

  private static void bytes(long condition, long a, long b, long dst, long count) {
    for (long i = 0; i < count; i++) {
      long from = ALL.get(BYTE, condition + i) != 0 ? a : b;
      ALL.set(BYTE, dst + i, ALL.get(BYTE, from + i));
    }
  }

  private static void shorts(long condition, long a, long b, long dst, long count) {
    for (long i = 0; i < count; i++) {
      long from = ALL.get(BYTE, condition + i) != 0 ? a : b;
      ALL.set(SHORT, dst + 2 * i, ALL.get(SHORT, from + 2 * i));
    }
  }

  static void ints(long condition, long a, long b, long dst, long count) {
    for (long i = 0; i < count; i++) {
      long from = ALL.get(BYTE, condition + i) != 0 ? a : b;
      ALL.set(INT, dst + 4 * i, ALL.get(INT, from + 4 * i));
    }
  }

  static void longs(long condition, long a, long b, long dst, long count) {
    for (long i = 0; i < count; i++) {
      long from = ALL.get(BYTE, condition + i) != 0 ? a : b;
      ALL.set(LONG, dst + 8 * i, ALL.get(LONG, from + 8 * i));
    }
  }

  @Override
  public String implementation() {
    return "java:scalar";
  }
}
