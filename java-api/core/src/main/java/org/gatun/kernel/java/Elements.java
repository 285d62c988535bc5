package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How elements are read from memory and written to it.
 *
 * <p>As native code does, the loops address memory directly and trust that a plan is given segments
 * that its layouts fit in, which the engine sees to. Through the segments themselves the same loops
 * are, now and then, three times slower: what the compiler takes out of a loop that runs over one
 * segment it leaves in one that has seen others.
 */
final class Elements {
  /** All memory: the position of an element is its address. */
  @SuppressWarnings("restricted")
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  // Unaligned, since a caller's memory may be.
  static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private Elements() {}
}
