package org.gatun.kernel.openmp;

import java.util.function.LongSupplier;
import org.gatun.bindings.Preemptions;

/** How often threads of this process, workers among them, were kept from running. */
public final class Preempted {
  private Preempted() {}

  /** Returns a counter since the start of the process, for one thread at a time. */
  public static LongSupplier counter() {
    return new Preemptions()::count;
  }
}
