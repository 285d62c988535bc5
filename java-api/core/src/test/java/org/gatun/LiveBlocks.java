package org.gatun;

import org.gatun.runtime.MemoryPool;

/** The blocks of the shared pool that are in use. */
public final class LiveBlocks {
  private LiveBlocks() {}

  /** Returns how many there are now. */
  public static long count() {
    return MemoryPool.shared().report().liveBlocks();
  }

  /** Returns how many there are when those that earlier tests forgot have been freed. */
  public static long settled() {
    long before = -1;
    long now = count();
    for (int calm = 0; calm < 3; calm = now == before ? calm + 1 : 0) {
      System.gc();
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      before = now;
      now = count();
    }
    return now;
  }
}
