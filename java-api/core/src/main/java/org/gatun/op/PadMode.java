package org.gatun.op;

/** What {@link Pad} puts around the elements. */
public enum PadMode {
  /** One number. */
  CONSTANT,

  /** The elements mirrored at the border, which is not repeated: {@code c b | a b c | b a}. */
  REFLECT,

  /** The element at the border: {@code a a | a b c | c c}. */
  REPLICATE,

  /** The elements from the other end: {@code b c | a b c | a b}. */
  CIRCULAR
}
