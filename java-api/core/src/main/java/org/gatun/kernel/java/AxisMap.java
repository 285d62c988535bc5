package org.gatun.kernel.java;

import java.util.ArrayList;
import java.util.List;
import org.gatun.op.PadMode;

/**
 * Where along one axis the elements of a result come from, in runs from its first to its last.
 *
 * @param size the elements of the result along the axis
 * @param runs the runs, in order, without gaps
 */
record AxisMap(long size, List<Run> runs) {
  /**
   * Elements of a result that are evenly spaced in the input.
   *
   * @param to the first one's index in the result
   * @param from that of the element that it is in the input, or {@link #NOWHERE}
   * @param count the number of elements
   * @param step from one element to the next in the input: 1, 0 or -1
   */
  record Run(long to, long from, long count, int step) {
    /** Returns the index in the input of the element at an index of the result in this run. */
    long source(long index) {
      return from == NOWHERE ? NOWHERE : from + (index - to) * step;
    }
  }

  /** The input index of an element that is no element of the input. */
  static final long NOWHERE = -1;

  /** Returns the elements as they are. */
  static AxisMap identity(long size) {
    return new Builder().add(0, size, 1).build();
  }

  /** Returns the elements in reverse order. */
  static AxisMap flipped(long size) {
    return new Builder().add(size - 1, size, -1).build();
  }

  /** Returns the elements moved on by {@code 0 <= shift < size} places, or as many of none. */
  static AxisMap rolled(long size, long shift) {
    return new Builder().add(size - shift, shift, 1).add(0, size - shift, 1).build();
  }

  /** Returns the elements with others before and after, or less of them; see {@link PadMode}. */
  static AxisMap padded(long size, long before, long after, PadMode mode) {
    long skipped = Math.max(0, -before);
    long kept = size - skipped - Math.max(0, -after);
    long first = Math.max(0, before);
    long last = Math.max(0, after);
    Builder runs = new Builder();
    switch (mode) {
      case CONSTANT -> runs.add(NOWHERE, first, 0).add(skipped, kept, 1).add(NOWHERE, last, 0);
      case REFLECT ->
          runs.add(first, first, -1).add(skipped, kept, 1).add(skipped + kept - 2, last, -1);
      case REPLICATE ->
          runs.add(0, first, 0).add(skipped, kept, 1).add(skipped + kept - 1, last, 0);
      case CIRCULAR ->
          runs.add(skipped + kept - first, first, 1).add(skipped, kept, 1).add(skipped, last, 1);
    }
    return runs.build();
  }

  /** Returns whether all elements of an input of this size stay where they are. */
  boolean isIdentity(long inputSize) {
    return size == inputSize && equals(identity(size));
  }

  /** Returns the input index of each element. */
  long[] table() {
    long[] table = new long[Math.toIntExact(size)];
    for (Run run : runs) {
      for (long i = run.to; i < run.to + run.count; i++) {
        table[(int) i] = run.source(i);
      }
    }
    return table;
  }

  private static final class Builder {
    private final List<Run> runs = new ArrayList<>();
    private long size;

    Builder add(long from, long count, int step) {
      if (count > 0) {
        runs.add(new Run(size, from, count, step));
        size += count;
      }
      return this;
    }

    AxisMap build() {
      return new AxisMap(size, List.copyOf(runs));
    }
  }
}
