package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.FLOAT;
import static org.gatun.kernel.java.Elements.SHORT;

import java.util.Arrays;
import org.gatun.DType;

/**
 * The elements of a line as longs that have their order: NaN is the largest, zeros of either sign
 * are the same. Sorting is that of the JDK, which has vector code for longs, on a key and an index
 * in one: so equal elements keep their order.
 */
final class SortKeys {
  /** The bits of a key that share a long with an index. */
  private static final int HALF = Integer.SIZE;

  private static final long LOWER = 0xFFFF_FFFFL;

  private final DType dtype;
  private final boolean descending;
  private final long[] keys;
  private final long[] sorted;

  /**
   * @param length the elements of a line, fewer than 2^31
   */
  SortKeys(DType dtype, boolean descending, int length) {
    this.dtype = dtype;
    this.descending = descending;
    this.keys = new long[length];
    this.sorted = new long[length];
  }

  /** Reads a line whose elements are so many bytes apart. */
  void read(long src, long step) {
    int n = keys.length;
    switch (dtype) {
      case F32 -> {
        for (int i = 0; i < n; i++) {
          keys[i] = key(ALL.get(FLOAT, src + i * step));
        }
      }
      case F64 -> {
        for (int i = 0; i < n; i++) {
          keys[i] = key(ALL.get(DOUBLE, src + i * step));
        }
      }
      case F16 -> {
        for (int i = 0; i < n; i++) {
          keys[i] = key(Float.float16ToFloat(ALL.get(SHORT, src + i * step)));
        }
      }
      case BF16 -> {
        for (int i = 0; i < n; i++) {
          keys[i] = key(Float.intBitsToFloat(ALL.get(SHORT, src + i * step) << 16));
        }
      }
      case I8, U8, I16, I32, I64, BOOL -> ElementRows.read(dtype, src, step, keys, n);
    }
    if (descending) {
      for (int i = 0; i < n; i++) {
        keys[i] = ~keys[i];
      }
    }
  }

  private static long key(float x) {
    // The positive NaN; and -0.0 + 0.0 is 0.0.
    int bits = Float.floatToIntBits(x + 0.0f);
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }

  private static long key(double x) {
    long bits = Double.doubleToLongBits(x + 0.0);
    return bits ^ (bits >> 63 & Long.MAX_VALUE);
  }

  /** Returns the key of NaN, which no number has. */
  private long nan() {
    return dtype == DType.F64 ? key(Double.NaN) : key(Float.NaN);
  }

  private boolean isNarrow() {
    return dtype != DType.F64 && dtype != DType.I64;
  }

  /**
   * Writes where the first {@code count} elements in order are.
   *
   * @param order room for as many
   */
  void order(int[] order, int count) {
    int n = keys.length;
    if (count < n / 16) {
      first(order, count);
      return;
    }
    if (isNarrow()) {
      for (int i = 0; i < n; i++) {
        sorted[i] = (keys[i] << HALF) | i;
      }
      Arrays.sort(sorted);
    } else {
      sortWide();
    }
    for (int i = 0; i < count; i++) {
      order[i] = (int) sorted[i];
    }
  }

  /** By the upper halves of the keys, then those with the same by the lower ones. */
  private void sortWide() {
    int n = keys.length;
    for (int i = 0; i < n; i++) {
      sorted[i] = (keys[i] & ~LOWER) | i;
    }
    Arrays.sort(sorted);
    int from = 0;
    while (from < n) {
      long upper = sorted[from] & ~LOWER;
      int to = from + 1;
      while (to < n && (sorted[to] & ~LOWER) == upper) {
        to++;
      }
      if (to - from > 1) {
        for (int i = from; i < to; i++) {
          int index = (int) sorted[i];
          // Lower halves are unsigned, longs are not.
          sorted[i] = ((keys[index] ^ (1L << (HALF - 1))) << HALF) | index;
        }
        Arrays.sort(sorted, from, to);
      }
      from = to;
    }
  }

  /** The first few, from a heap whose root is the last of them. */
  private void first(int[] order, int count) {
    if (count == 0) {
      return;
    }
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    for (int i = count / 2 - 1; i >= 0; i--) {
      sink(order, i, count);
    }
    long last = keys[order[0]];
    for (int i = count; i < keys.length; i++) {
      if (keys[i] < last) {
        order[0] = i;
        sink(order, 0, count);
        last = keys[order[0]];
      }
    }
    for (int size = count - 1; size > 0; size--) {
      int index = order[0];
      order[0] = order[size];
      order[size] = index;
      sink(order, 0, size);
    }
  }

  private void sink(int[] heap, int from, int size) {
    int index = heap[from];
    int at = from;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && isBefore(heap[child], heap[child + 1])) {
        child++;
      }
      if (!isBefore(index, heap[child])) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = index;
  }

  private boolean isBefore(int a, int b) {
    return keys[a] < keys[b] || (keys[a] == keys[b] && a < b);
  }

  /** Returns where the first of the elements is that would be at this place in order. */
  int select(long place) {
    System.arraycopy(keys, 0, sorted, 0, keys.length);
    Arrays.sort(sorted);
    return indexOf(sorted[(int) place]);
  }

  private int indexOf(long key) {
    int i = 0;
    while (keys[i] != key) {
      i++;
    }
    return i;
  }

  /**
   * Returns where the lower median is, or the first NaN; of the numbers alone if they are asked
   * for.
   */
  int median(boolean ignoreNan) {
    int numbers = keys.length;
    if (dtype.isFloating()) {
      long nan = nan();
      for (long key : keys) {
        numbers -= key == nan ? 1 : 0;
      }
      if (numbers == 0 || (numbers < keys.length && !ignoreNan)) {
        return indexOf(nan);
      }
    }
    return select((numbers - 1) / 2);
  }

  /** Returns where the last of the most frequent elements is, of the smallest of those. */
  int mode() {
    System.arraycopy(keys, 0, sorted, 0, keys.length);
    Arrays.sort(sorted);
    long mode = sorted[0];
    int most = 0;
    int from = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i == sorted.length || sorted[i] != sorted[from]) {
        if (i - from > most) {
          most = i - from;
          mode = sorted[from];
        }
        from = i;
      }
    }
    int last = keys.length - 1;
    while (keys[last] != mode) {
      last--;
    }
    return last;
  }
}
