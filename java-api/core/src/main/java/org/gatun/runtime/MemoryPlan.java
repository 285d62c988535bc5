package org.gatun.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where buffers lie in one block of memory: two that are in use at the same time never share a
 * byte.
 *
 * <p>The largest are placed first, each in the smallest gap that fits between those that are in use
 * while it is, and behind all of them where none does.
 *
 * <p>Source: Pisarchyk and Lee, <a href="https://arxiv.org/abs/2001.03288">Efficient memory
 * management for deep neural net inference</a>, greedy by size.
 */
final class MemoryPlan {
  private static final long ALIGNMENT = 64;

  /**
   * A buffer.
   *
   * @param byteSize 0 or more
   * @param first the first step that uses it
   * @param last the last one
   */
  record Use(long byteSize, int first, int last) {
    private boolean meets(Use other) {
      return first <= other.last && other.first <= last;
    }

    private long aligned() {
      return MemoryPlan.aligned(byteSize);
    }
  }

  /** Returns the bytes that a buffer takes: the next one begins behind them. */
  static long aligned(long byteSize) {
    return (byteSize + ALIGNMENT - 1) & -ALIGNMENT;
  }

  private final long[] offsets;
  private final long byteSize;

  private MemoryPlan(long[] offsets, long byteSize) {
    this.offsets = offsets;
    this.byteSize = byteSize;
  }

  /** Returns the plan for some buffers. */
  static MemoryPlan of(List<Use> uses) {
    long[] offsets = new long[uses.size()];
    long byteSize = 0;
    List<Integer> largestFirst =
        IntStream.range(0, offsets.length)
            .boxed()
            .sorted(Comparator.comparingLong((Integer i) -> uses.get(i).byteSize()).reversed())
            .toList();
    List<Integer> placed = new ArrayList<>(); // In the order of their offsets.
    for (int i : largestFirst) {
      Use use = uses.get(i);
      offsets[i] = place(use, uses, placed, offsets);
      int at = placed.size();
      while (at > 0 && offsets[placed.get(at - 1)] > offsets[i]) {
        at--;
      }
      placed.add(at, i);
      byteSize = Math.max(byteSize, offsets[i] + use.aligned());
    }
    return new MemoryPlan(offsets, byteSize);
  }

  private static long place(Use use, List<Use> uses, List<Integer> placed, long[] offsets) {
    long end = 0;
    long best = -1;
    long bestGap = Long.MAX_VALUE;
    for (int other : placed) {
      Use neighbour = uses.get(other);
      if (!use.meets(neighbour)) {
        continue;
      }
      long gap = offsets[other] - end;
      if (gap >= use.aligned() && gap < bestGap) {
        best = end;
        bestGap = gap;
      }
      end = Math.max(end, offsets[other] + neighbour.aligned());
    }
    return best >= 0 ? best : end;
  }

  /** Returns where a buffer begins, a multiple of 64. */
  long offset(int buffer) {
    return offsets[buffer];
  }

  /** Returns the size of the block. */
  long byteSize() {
    return byteSize;
  }
}
