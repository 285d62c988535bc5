package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;

/** How running statistics follow those of a batch. */
final class RunningStatistics {
  private RunningStatistics() {}

  /** Stores the new running mean and variance of a channel. */
  static void update(
      NormalizationProblem problem,
      StatisticsLoops loops,
      MemorySegment[] inputs,
      MemorySegment[] outputs,
      long at,
      double mean,
      double variance) {
    double share = problem.momentum();
    loops.set(outputs[1], at, (1 - share) * loops.get(inputs[1], at) + share * mean);
    loops.set(outputs[2], at, (1 - share) * loops.get(inputs[2], at) + share * variance);
  }
}
