package org.gatun.kernel;

import java.lang.foreign.MemorySegment;

/** Threads that Java kernels share with the native libraries. */
public interface Workers {
  /** The part of a parallel loop that one thread runs. */
  @FunctionalInterface
  interface Part {
    /** Runs the elements from {@code from} (inclusive) to {@code to} (exclusive). */
    void run(long from, long to);
  }

  /**
   * Runs the elements 0 to {@code count} exclusive, split in contiguous ranges over at most {@code
   * threads} threads, the calling one among them; returns when all are done. The split depends on
   * the arguments alone. Nested calls run on the calling thread.
   *
   * @param threads 1 or more
   * @param count 0 or more
   * @param grain the fewest elements that are worth a thread; ranges start at its multiples
   * @throws RuntimeException what a part threw, after all parts have ended
   */
  void parallel(int threads, long count, long grain, Part part);

  /**
   * The part of a parallel loop over the operands of an execution. It is a method of the plan, as
   * in {@code AttentionPlan::run}, so that nothing is made for an execution.
   *
   * @param <P> the plan
   */
  @FunctionalInterface
  interface PlanPart<P> {
    /** Runs the elements from {@code from} (inclusive) to {@code to} (exclusive). */
    void run(P plan, MemorySegment[] inputs, MemorySegment[] outputs, long from, long to);
  }

  /** Does what the other method does with a part of a plan. */
  default <P> void parallel(
      int threads,
      long count,
      long grain,
      P plan,
      MemorySegment[] inputs,
      MemorySegment[] outputs,
      PlanPart<P> part) {
    parallel(threads, count, grain, (from, to) -> part.run(plan, inputs, outputs, from, to));
  }

  /** Returns which threads these are, such as {@code gomp}. */
  String name();
}
