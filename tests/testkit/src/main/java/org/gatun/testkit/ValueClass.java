package org.gatun.testkit;

/** Which floating-point values an operand holds. */
public enum ValueClass {
  /** What the case asks for. */
  RANDOM,

  /** Two thirds of them zeros, of either sign. */
  SIGNED_ZERO,

  /** A few of them NaN, the last one among them. */
  NAN,

  /** A few of them infinite, of either sign. */
  INFINITE
}
