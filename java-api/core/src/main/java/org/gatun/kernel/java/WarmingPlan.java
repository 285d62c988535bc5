package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
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
  private final WarmUp warmUp;
  private final Function<MemorySegment, @Nullable Plan> maker;
  private final AtomicInteger runs = new AtomicInteger();

  /** What makes the second plan ready to run. */
  interface WarmUp {
    /** Returns whether it is. */
    boolean isDone();

    /** Is told how long the first plan ran, which is when it may bring that nearer. */
    void ran(long nanos);
  }

  /** Those that run the first plan, and its owner: the last one out closes it. */
  private final AtomicInteger users = new AtomicInteger(1);

  private volatile @Nullable Plan second;
  private boolean refused;

  /**
   * Makes the plan, which owns what it is made of.
   *
   * @param warmUp what must be done before the second plan is made
   * @param maker makes it of the constant's memory; null where it cannot be made
   */
  WarmingPlan(Plan first, WarmUp warmUp, Function<MemorySegment, @Nullable Plan> maker) {
    this.first = first;
    this.warmUp = warmUp;
    this.maker = maker;
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    Plan plan = second;
    if (plan == null && runs.getPlain() >= FEWEST_RUNS && warmUp.isDone()) {
      plan = change(inputs[1]);
    }
    if (plan == null && enter()) {
      try {
        runFirst(inputs, outputs);
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

  private void runFirst(MemorySegment[] inputs, MemorySegment[] outputs) {
    int before = runs.getPlain();
    long start = System.nanoTime();
    first.execute(inputs, outputs);
    runs.setPlain(before + 1);
    if (before > 0 && !warmUp.isDone()) { // One that runs only once is not to be held up.
      warmUp.ran(System.nanoTime() - start);
    }
  }

  private synchronized @Nullable Plan change(MemorySegment constant) {
    if (second == null && !refused) {
      Plan made = maker.apply(constant);
      refused = made == null;
      if (made != null) {
        second = made;
        leave();
      }
    }
    return second;
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
