package org.gatun.safety.models;

import java.util.List;
import java.util.random.RandomGenerator;

/** Draws from a source of random numbers: what means well, and what does not. */
final class Hostile {
  private static final long[] LONGS = {
    0,
    1,
    -1,
    2,
    -2,
    3,
    7,
    64,
    -128,
    1000,
    65_535,
    1 << 20,
    1L << 31,
    (1L << 31) - 1,
    -(1L << 31),
    1L << 32,
    1_000_000_000_000L,
    1L << 40,
    1L << 60,
    1L << 62,
    Long.MAX_VALUE / 8,
    Long.MAX_VALUE - 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1
  };

  private static final double[] DOUBLES = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    2,
    1e-3,
    1e9,
    -1e9,
    1e-30,
    1e30,
    Float.MAX_VALUE,
    Float.MIN_VALUE,
    Double.MAX_VALUE,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  private static final String[] TEXTS = {
    "",
    "NOTSET",
    "SAME_UPPER",
    "VALID",
    "x",
    "é\u0000☃",
    "constant",
    "reflect",
    "cubic",
    "linear",
    "...ij,jk->ik",
    "ij->",
    "(((((((a*)*)*)*)*)*)*)b",
    "Tanh",
    "float",
    "nearest"
  };

  private Hostile() {}

  /** Returns a number that a dimension, a count or an axis should rather not be, or a small one. */
  static long integer(RandomGenerator random) {
    return random.nextBoolean() ? random.nextInt(-3, 9) : LONGS[random.nextInt(LONGS.length)];
  }

  /** Returns a number of a kind that computations stumble over. */
  static double number(RandomGenerator random) {
    return random.nextBoolean()
        ? random.nextDouble(-4, 4)
        : DOUBLES[random.nextInt(DOUBLES.length)];
  }

  /** Returns a text, once in a thousand times one of a megabyte. */
  static String text(RandomGenerator random) {
    return random.nextInt(1000) == 0 ? "n".repeat(1 << 20) : TEXTS[random.nextInt(TEXTS.length)];
  }

  /** Returns one of a list, which is not empty. */
  static <T> T one(RandomGenerator random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** Returns true once in so many times. */
  static boolean once(RandomGenerator random, int in) {
    return random.nextInt(in) == 0;
  }
}
