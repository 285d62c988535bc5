package org.gatun.kernel;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Things that executions of a plan use one at a time, such as an array: made when all are in use,
 * and kept afterwards, so that executions that repeat make no garbage.
 */
public final class Spares<T> {
  /** How many are kept: as many as are in use at a time, in most programs. */
  private static final int KEPT = Math.clamp(Runtime.getRuntime().availableProcessors(), 4, 16);

  private final AtomicReferenceArray<@Nullable T> kept = new AtomicReferenceArray<>(KEPT);
  private final Supplier<T> maker;

  /** Makes a keeper of what the supplier makes; nothing is made yet. */
  public Spares(Supplier<T> maker) {
    this.maker = maker;
  }

  /** Returns one that nobody else has until it is given back. */
  public T take() {
    for (int i = 0; i < KEPT; i++) {
      T spare = kept.get(i) == null ? null : kept.getAndSet(i, null);
      if (spare != null) {
        return spare;
      }
    }
    return maker.get();
  }

  /** Gives one back that is not used any more; one that was not given back is garbage. */
  public void giveBack(T spare) {
    for (int i = 0; i < KEPT; i++) {
      if (kept.get(i) == null && kept.compareAndSet(i, null, spare)) {
        return;
      }
    }
  }
}
