package org.gatun.runtime;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The calls that compute at this moment, of all threads and all programs. Each calling thread that
 * enters a parallel region gets a team of its own from the OpenMP runtime, so that several callers
 * on all threads each would be more threads than cores, of which many wait for one that does not
 * run. They share the cores instead.
 */
final class Callers {
  /**
   * Whether threads are shared. With the system property {@code gatun.threads.share} set to {@code
   * false} a program has all threads that it asks for whatever else runs.
   */
  static final boolean SHARED = !"false".equals(System.getProperty("gatun.threads.share"));

  private static final AtomicInteger ACTIVE = new AtomicInteger();

  /** How many calls of this thread, one in the other, are going on. */
  private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

  private Callers() {}

  /** Counts a call in; one in another call of the same thread computes while that waits. */
  static void enter() {
    if (DEPTH.get()[0]++ == 0) {
      ACTIVE.incrementAndGet();
    }
  }

  /** Counts a call out. */
  static void leave() {
    if (--DEPTH.get()[0] == 0) {
      ACTIVE.decrementAndGet();
    }
  }

  /** Returns the number of calls that are going on. */
  static int active() {
    return ACTIVE.getOpaque();
  }

  /**
   * Returns how many of the threads a call has where so many are going on: all of them if it is
   * alone, else its share, found by halving, since each number of threads has plans of its own.
   */
  static int share(int threads, int callers) {
    int share = threads;
    while (share > 1 && (long) share * callers > threads) {
      share >>= 1;
    }
    return share;
  }
}
