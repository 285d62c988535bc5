package org.gatun.safety.arguments;

import java.util.SplittableRandom;

/** Numbers and texts: plausible ones, and those that break things. */
final class Numbers {
  private static final int[] INTS = {
    0,
    -1,
    1,
    2,
    5,
    64,
    255,
    65_536,
    1 << 30,
    Integer.MAX_VALUE / 2 + 1,
    Integer.MAX_VALUE - 1,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Integer.MIN_VALUE + 1,
    -2,
    -7
  };

  private static final long[] LONGS = {
    0,
    -1,
    1,
    2,
    5,
    65_536,
    1L << 31,
    (1L << 31) - 1,
    -(1L << 31),
    1L << 32,
    (1L << 32) + 1,
    1L << 61,
    1L << 62,
    Long.MAX_VALUE / 2 + 1,
    Long.MAX_VALUE - 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1,
    -2,
    -9
  };

  private static final double[] DOUBLES = {
    0,
    -0.0,
    -1,
    1,
    0.5,
    2,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    1e300,
    1e-300,
    1e18,
    -1e18,
    Float.MAX_VALUE,
    Float.MIN_VALUE,
    0x1p31,
    0x1p63,
    -0x1p63,
    1 + 0x1p-52
  };

  private static final String[] TEXTS = {
    "",
    " ",
    "a",
    "\0",
    "a\0b",
    "weight",
    "\ud800",
    "\uffff\u202e",
    "../../x",
    "i,j->",
    "ij,jk->ik",
    "...",
    "->",
    "i".repeat(300),
    "ii->i",
    "{}",
    "%s%n",
    "\u00e9\ud83d\ude00",
    "f32",
    "x".repeat(70_000)
  };

  private static final String[] PLAUSIBLE_TEXTS = {
    "a", "b", "weight", "bias", "ij,jk->ik", "ij->ji", "i,i->", "ii->i", "f32", "Add", "Relu", "x"
  };

  private final SplittableRandom random;

  Numbers(SplittableRandom random) {
    this.random = random;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  int between(int first, int last) {
    return random.nextInt(first, last + 1);
  }

  int integer(boolean hostile) {
    if (hostile) {
      return INTS[below(INTS.length)];
    }
    return chance(0.8) ? below(4) : between(-4, 8);
  }

  long whole(boolean hostile) {
    if (hostile) {
      return LONGS[below(LONGS.length)];
    }
    return chance(0.8) ? below(4) : between(-4, 8);
  }

  double number(boolean hostile) {
    if (hostile) {
      return DOUBLES[below(DOUBLES.length)];
    }
    return chance(0.5) ? below(5) * 0.25 : between(-8, 8) * 0.5;
  }

  String text(boolean hostile) {
    String[] texts = hostile ? TEXTS : PLAUSIBLE_TEXTS;
    return texts[below(texts.length)];
  }

  /** Returns how many things there are in a list: often few, seldom a hundred. */
  int count(boolean hostile) {
    return hostile && chance(0.1) ? 100 : hostile ? below(7) : between(1, 4);
  }
}
