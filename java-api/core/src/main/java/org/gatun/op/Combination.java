package org.gatun.op;

/** What becomes of an element where another is scattered to. */
public enum Combination {
  /** The other takes its place; of several the last one, in row-major order of the indices. */
  REPLACE,

  /** Their sum; of booleans whether one is true. Several are added in row-major order. */
  ADD,

  /** Their product; of booleans whether both are true. */
  MULTIPLY,

  /** The larger one, or NaN. */
  MAX,

  /** The smaller one, or NaN. */
  MIN
}
