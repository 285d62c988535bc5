package org.gatun.testkit;

import java.util.Optional;
import org.gatun.runtime.MemoryPool;

/**
 * Whether memory that was taken has been given back: blocks of the pool, which tensors, plans and
 * packed weights are made of.
 *
 * <p>Runners and the engine that ran are to be closed before the second look: they own plans.
 */
public final class LeakCheck {
  private final long blocks;

  private LeakCheck(long blocks) {
    this.blocks = blocks;
  }

  /** Returns a check that starts from what lives now. */
  public static LeakCheck start() {
    return new LeakCheck(MemoryPool.shared().report().liveBlocks());
  }

  /** Returns what lives now and did not at the start, or nothing. */
  public Optional<String> leak() {
    long now = MemoryPool.shared().report().liveBlocks();
    return now > blocks
        ? Optional.of("leak: " + now + " blocks of the pool live, " + blocks + " did before")
        : Optional.empty();
  }
}
