package org.gatun.kernel.java;

import java.util.Arrays;
import org.gatun.op.ScanFunction;

/** What a scan of integers or booleans has of those that it has seen, for one line or for many. */
final class RunningLongs {
  private final ScanFunction function;
  private final long[] values;

  /** Where the extremum is. */
  private final long[] indices;

  RunningLongs(ScanFunction function, int lines) {
    this.function = function;
    this.values = new long[lines];
    this.indices = new long[function.hasIndices() ? lines : 0];
    restart();
  }

  /** Forgets what was seen. */
  void restart() {
    long nothing =
        switch (function) {
          case CUMMAX -> Long.MIN_VALUE;
          case CUMMIN -> Long.MAX_VALUE;
          case CUMPROD -> 1;
          case CUMSUM -> 0;
          case LOGCUMSUMEXP -> throw new AssertionError(function + " takes no integers");
        };
    Arrays.fill(values, nothing);
    Arrays.fill(indices, 0);
  }

  /** Replaces the next elements of one line; see {@link RunningDoubles#along}. */
  void along(long[] x, int count, long first, long[] where) {
    for (int i = 0; i < count; i++) {
      next(0, x, i, first + i, where);
    }
  }

  /** Replaces one element of each line; see {@link RunningDoubles#across}. */
  void across(long[] x, int count, long index, long[] where) {
    for (int j = 0; j < count; j++) {
      next(j, x, j, index, where);
    }
  }

  private void next(int line, long[] x, int i, long index, long[] where) {
    long before = values[line];
    switch (function) {
      case CUMSUM -> values[line] = before + x[i];
      case CUMPROD -> values[line] = before * x[i];
      case CUMMAX, CUMMIN -> {
        if (function == ScanFunction.CUMMAX ? x[i] >= before : x[i] <= before) {
          values[line] = x[i];
          indices[line] = index;
        }
        where[i] = indices[line];
      }
      case LOGCUMSUMEXP -> throw new AssertionError(function + " takes no integers");
    }
    x[i] = values[line];
  }
}
