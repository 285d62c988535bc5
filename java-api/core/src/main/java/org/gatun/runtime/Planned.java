package org.gatun.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import org.gatun.Layout;
import org.gatun.kernel.Plan;

/**
 * A plan with the layouts of its outputs and a count of its users: the cache that holds it and
 * every call that runs it. The last one out closes the plan, so that eviction never closes a
 * running one.
 */
final class Planned {
  private final Plan plan;
  private final Layout[] outputs;
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile boolean touched = true;

  Planned(Plan plan, Layout[] outputs) {
    this.plan = plan;
    this.outputs = outputs;
  }

  Plan plan() {
    return plan;
  }

  /** The layouts of the outputs; not to be modified. */
  Layout[] outputs() {
    return outputs;
  }

  /** Counts a user in; false when the plan is closed already. */
  boolean hold() {
    int seen = users.get();
    while (seen > 0) {
      int witness = users.compareAndExchange(seen, seen + 1);
      if (witness == seen) {
        if (!touched) {
          touched = true;
        }
        return true;
      }
      seen = witness;
    }
    return false;
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      plan.close();
    }
  }

  /** Returns whether it was used since the last call. */
  boolean untouch() {
    boolean was = touched;
    touched = false;
    return was;
  }
}
