package org.gatun.runtime;

import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.gatun.Layout;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/**
 * What is run and may be noted: a plan, what it was made for, and how to make it for another number
 * of threads.
 *
 * @param name of what is run
 * @param op the operator, null where it is none
 * @param inputs the layouts of the inputs, not to be modified
 * @param planned the plan, of which the task is a user
 * @param replanner returns the plan for a number of threads with the caller counted in as a user,
 *     or null where it cannot be made any more; null where the plan does not depend on it
 */
record Task(
    Supplier<String> name,
    @Nullable Op op,
    Layout[] inputs,
    Planned planned,
    @Nullable IntFunction<@Nullable Planned> replanner)
    implements AutoCloseable {

  /** Returns a task that is no operator, and the same for any number of threads. */
  static Task of(Supplier<String> name, Layout[] inputs, Planned planned) {
    return new Task(name, null, inputs, planned, null);
  }

  /** Lets go of the plan. */
  @Override
  public void close() {
    planned.release();
  }
}
