package org.gatun.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gatun.runtime.MemoryPool;
import org.gatun.runtime.NativeHandles;

/**
 * Whether what was taken has been given back: blocks of the memory pool, which tensors, scratch and
 * packed weights are made of, and objects of native libraries.
 *
 * <p>Runners and the engine that ran are to be closed before the second look: they own plans.
 */
public final class LeakCheck {
  private final long blocks = MemoryPool.shared().report().liveBlocks();
  private final long handles = NativeHandles.live();

  private LeakCheck() {}

  /** Returns a check that starts from what lives now. */
  public static LeakCheck start() {
    return new LeakCheck();
  }

  /** Returns what lives now and did not at the start, or nothing. */
  public Optional<String> leak() {
    List<String> leaks = new ArrayList<>();
    count(leaks, "blocks of the memory pool", blocks, MemoryPool.shared().report().liveBlocks());
    count(leaks, "objects of native libraries", handles, NativeHandles.live());
    return leaks.isEmpty() ? Optional.empty() : Optional.of("leak: " + String.join("; ", leaks));
  }

  private static void count(List<String> leaks, String what, long before, long now) {
    if (now > before) {
      leaks.add(now + " " + what + " live, " + before + " did before");
    }
  }
}
