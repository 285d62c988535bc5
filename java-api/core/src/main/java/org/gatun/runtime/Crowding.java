package org.gatun.runtime;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.gatun.kernel.openmp.Preempted;

/**
 * Whether the processors are crowded: threads of this process that want to run do not, because of
 * the JVM's compiler in the first seconds, or of other programs. The threads of a parallel region
 * wait for the last of them, which is milliseconds where the region itself is microseconds; fewer
 * threads are faster then.
 *
 * <p>It is crowded for a while once threads were preempted more often than now and then, and then
 * looked at again. The while is doubled each time that it still is.
 */
final class Crowding {
  /** That of this process. */
  private static final Crowding SHARED = new Crowding(System::nanoTime, Preempted.counter());

  private static final long LOOK_NANOS = 20_000_000;

  /**
   * Preemptions a second. With two threads on two processors the system's own work makes 80 to 300
   * of them, the JVM's compiler 3,000 to 6,000, another program 500 to 3,000.
   */
  private static final double LIMIT = 1000;

  private static final long SHORTEST_NANOS = 60_000_000;
  private static final long LONGEST_NANOS = 250_000_000;

  private final LongSupplier clock;
  private final LongSupplier preemptions;
  private final AtomicLong nextLook;
  private volatile boolean crowded;
  private long lastLook;
  private long lastCount;
  private long pause = SHORTEST_NANOS;

  Crowding(LongSupplier clock, LongSupplier preemptions) {
    this.clock = clock;
    this.preemptions = preemptions;
    this.lastLook = clock.getAsLong();
    this.lastCount = preemptions.getAsLong();
    this.nextLook = new AtomicLong(lastLook + LOOK_NANOS);
  }

  /** Returns whether the processors are crowded. */
  static boolean here() {
    return SHARED.isCrowded();
  }

  /** Returns whether it is crowded, looking again where the last look is some time ago. */
  boolean isCrowded() {
    long now = clock.getAsLong();
    long due = nextLook.get();
    // One thread looks; the others go by the last look.
    if (now - due >= 0 && nextLook.compareAndSet(due, Long.MAX_VALUE + now)) {
      nextLook.set(now + look(now));
    }
    return crowded;
  }

  /** Returns after how many nanoseconds to look again. */
  private long look(long now) {
    long count = preemptions.getAsLong();
    double seconds = (now - lastLook) / 1e9;
    boolean many = (count - lastCount) / seconds > LIMIT;
    lastLook = now;
    lastCount = count;
    if (crowded) {
      // The threads were few meanwhile, which says nothing of what more of them would find.
      crowded = false;
      return LOOK_NANOS;
    }
    if (!many) {
      pause = Math.max(SHORTEST_NANOS, pause / 2);
      return LOOK_NANOS;
    }
    crowded = true;
    long wait = pause;
    pause = Math.min(LONGEST_NANOS, 2 * pause);
    return wait;
  }
}
