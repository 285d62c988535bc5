package org.gatun.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The loops over the elements of images and columns. They are given addresses, which a plan trusts
 * to lie in its operands: loops over segments of several kinds keep all their checks, and are ten
 * times slower.
 */
final class ConvElements {
  /** All memory: the position of an element is its address. */
  @SuppressWarnings("restricted")
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  // Unaligned, since a caller's memory may be.
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private ConvElements() {}

  /** Copies elements that lie {@code step} apart to where they lie side by side. */
  static void gatherFloats(long from, long step, long to, long count) {
    if (step == 1) {
      MemorySegment.copy(ALL, from, ALL, to, count * Float.BYTES);
      return;
    }
    for (long i = 0; i < count; i++) {
      ALL.set(FLOAT, to + i * Float.BYTES, ALL.get(FLOAT, from + i * step * Float.BYTES));
    }
  }

  /** Copies elements that lie {@code step} apart to where they lie side by side. */
  static void gatherDoubles(long from, long step, long to, long count) {
    if (step == 1) {
      MemorySegment.copy(ALL, from, ALL, to, count * Double.BYTES);
      return;
    }
    for (long i = 0; i < count; i++) {
      ALL.set(DOUBLE, to + i * Double.BYTES, ALL.get(DOUBLE, from + i * step * Double.BYTES));
    }
  }

  /** Adds elements that lie side by side to those that lie {@code step} apart. */
  static void scatterFloats(long from, long to, long step, long count) {
    for (long i = 0; i < count; i++) {
      long at = to + i * step * Float.BYTES;
      ALL.set(FLOAT, at, ALL.get(FLOAT, at) + ALL.get(FLOAT, from + i * Float.BYTES));
    }
  }

  /** Adds elements that lie side by side to those that lie {@code step} apart. */
  static void scatterDoubles(long from, long to, long step, long count) {
    for (long i = 0; i < count; i++) {
      long at = to + i * step * Double.BYTES;
      ALL.set(DOUBLE, at, ALL.get(DOUBLE, at) + ALL.get(DOUBLE, from + i * Double.BYTES));
    }
  }

  /** Sets elements that lie side by side to one that lies elsewhere. */
  static void fillFloats(long from, long to, long count) {
    float value = ALL.get(FLOAT, from);
    for (long i = 0; i < count; i++) {
      ALL.set(FLOAT, to + i * Float.BYTES, value);
    }
  }

  /** Sets elements that lie side by side to one that lies elsewhere. */
  static void fillDoubles(long from, long to, long count) {
    double value = ALL.get(DOUBLE, from);
    for (long i = 0; i < count; i++) {
      ALL.set(DOUBLE, to + i * Double.BYTES, value);
    }
  }
}
