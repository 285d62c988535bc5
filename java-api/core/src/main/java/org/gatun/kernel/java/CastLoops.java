package org.gatun.kernel.java;

import org.gatun.DType;
import org.jspecify.annotations.Nullable;

/** A conversion of elements that lie side by side, from one dtype to another. */
interface CastLoops {
  /** Returns the loop between two dtypes, or null where there is none for them. */
  @Nullable Loop between(DType from, DType to);

  /** One such loop. */
  @FunctionalInterface
  interface Loop {
    /** Converts {@code count} elements. */
    void run(long src, long dst, long count);
  }
}
