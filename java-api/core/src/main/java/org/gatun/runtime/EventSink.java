package org.gatun.runtime;

import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.jspecify.annotations.Nullable;

/** Who is told of events while somebody records them. */
interface EventSink {
  /** A plan or a program that is being made: begun when this was returned. */
  interface Span<R, T> {
    /** Says that it is made. */
    void made(R request, T result);
  }

  /** Is told that a request for memory failed. */
  void outOfMemory(String purpose, long byteSize, long liveBytes, long limit);

  /**
   * Is told that something was never closed.
   *
   * @param madeAt the line of the caller that made it, null where that is not traced
   */
  void forgotten(String what, long byteSize, @Nullable String madeAt);

  /** Returns what is to be told when a plan is made. */
  Span<PlanRequest, Plan> planning();

  /** Returns what is to be told when a program is made of so many recorded steps. */
  Span<Integer, Program> building();
}
