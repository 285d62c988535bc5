package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.kernel.Plan;
import org.jspecify.annotations.Nullable;

/**
 * A plan that becomes another one for good when it has run some times and that one is ready. The
 * second input is constant, and both read it: what the second plan packs of it is packed then.
 */
final class WarmingPlan implements Plan {
  /** What is run less often is not worth preparing. */
  private static final int FEWEST_RUNS = 4;

  private final Plan first;
  private final BooleanSupplier ready;
  private final Function<MemorySegment, @Nullable Plan> maker;
  private final AtomicInteger runs = new AtomicInteger();

  /** Those that run the first plan, and its owner: the last one out closes it. */
  private final AtomicInteger users = new AtomicInteger(1);

  private volatile @Nullable Plan second;
  private boolean refused;

  /**
   * Makes the plan, which owns what it is made of.
   *
   * @param ready whether the second plan may be made; asked from the second run on, since the
   *     question may be what starts the preparations
   * @param maker makes it of the constant's memory; null where it cannot be made
   */
  WarmingPlan(Plan first, BooleanSupplier ready, Function<MemorySegment, @Nullable Plan> maker) {
    this.first = first;
    this.ready = ready;
    this.maker = maker;
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    Plan plan = second;
    int before = plan == null ? runs.getPlain() : 0;
    if (before > 0 && ready.getAsBoolean() && before >= FEWEST_RUNS) {
      plan = change(inputs[1]);
    }
    if (plan == null && enter()) {
      try {
        first.execute(inputs, outputs);
        runs.setPlain(before + 1);
      } finally {
        leave();
      }
      return;
    }
    Plan other = second; // The first is gone where there was none a moment ago.
    if (other == null) {
      throw new IllegalStateException("convolution: its plan is closed");
    }
    other.execute(inputs, outputs);
  }

  private synchronized @Nullable Plan change(MemorySegment constant) {
    if (second == null && !refused) {
      Plan made = made(constant);
      refused = made == null;
      if (made != null) {
        second = made;
        leave();
      }
    }
    return second;
  }

  private @Nullable Plan made(MemorySegment constant) {
    try {
      return maker.apply(constant);
    } catch (OutOfNativeMemoryException _) {
      return null; // The first plan can do without.
    }
  }

  private boolean enter() {
    int seen = users.get();
    while (seen > 0) {
      int witness = users.compareAndExchange(seen, seen + 1);
      if (witness == seen) {
        return true;
      }
      seen = witness;
    }
    return false;
  }

  private void leave() {
    if (users.decrementAndGet() == 0) {
      first.close();
    }
  }

  @Override
  public String implementation() {
    Plan plan = second;
    return (plan == null ? first : plan).implementation();
  }

  @Override
  public synchronized void close() {
    Plan plan = second;
    if (plan == null) {
      leave();
    } else {
      plan.close();
    }
  }
}
