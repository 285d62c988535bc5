package org.gatun.runtime;

import java.lang.ref.Cleaner;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an object has beside the heap, to be let go of once: when the object is closed or, if it was
 * forgotten, some time after nobody can reach it any more. What was forgotten is counted ({@link
 * MemoryReport}), and with {@code -Dgatun.leaks=trace} each such object is logged with the line
 * that made it.
 *
 * <p>An ownership must not refer to the object that it belongs to, which would be reachable for
 * ever.
 */
public abstract class Ownership implements Runnable {
  private static final Cleaner CLEANER =
      Cleaner.create(Thread.ofPlatform().name("gatun-cleaner").daemon().factory());

  private final @Nullable Throwable madeAt = Forgotten.TRACED ? new Throwable() : null;

  private volatile Cleaner.@Nullable Cleanable cleanable;

  /** Makes it; {@link #guard} says whose it is. */
  protected Ownership() {}

  /** Lets go of everything. Returns whether it had not done so before; safe for many threads. */
  protected abstract boolean letGo();

  /** Returns what is forgotten if the owner is, such as {@code a runner of matmul}. */
  protected abstract String what();

  /** Returns the bytes of the pool that the owner alone accounts for, 0 where nobody knows. */
  protected long byteSize() {
    return 0;
  }

  /** Says whose this is: when nobody can reach the owner any more it is let go. */
  public final void guard(Object owner) {
    cleanable = CLEANER.register(Objects.requireNonNull(owner, "owner"), this);
  }

  /** Lets go because the owner is closed. Closing twice does nothing. */
  public final void close() {
    if (letGo()) {
      Cleaner.Cleanable registered = cleanable;
      if (registered != null) {
        registered.clean(); // Unregisters; nothing is left to let go of.
      }
    }
  }

  /** Lets go because the owner was forgotten; the cleaner calls it. */
  @Override
  public final void run() {
    if (letGo()) {
      Forgotten.found(what(), byteSize(), madeAt);
    }
  }
}
