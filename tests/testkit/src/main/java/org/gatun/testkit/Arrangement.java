package org.gatun.testkit;

/** How the elements of an operand lie in memory. */
public enum Arrangement {
  /** Row-major, at the start of a block. */
  CONTIGUOUS,

  /**
   * The same shape with the dimensions in another order in memory: channels-last for three
   * dimensions and more (reversed for weights), column-major for two, every other element for one.
   */
  TRANSPOSED,

  /** A part of a bigger array: a misaligned start, and gaps that no kernel may read or write. */
  OFFSET_VIEW,

  /** One dimension repeated, with stride 0. */
  BROADCAST
}
