package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;

/** How running statistics follow those of a batch. */
final class RunningStatistics {
  private RunningStatistics() {}

  /**
   * Stores the new running mean and variance of a channel.
   *
   * @param momentum the share of the batch
   */
  static void update(
      double momentum,
      StatisticsLoops loops,
      MemorySegment[] inputs,
      MemorySegment[] outputs,
      long at,
      double mean,
      double variance) {
    loops.set(outputs[1], at, (1 - momentum) * loops.get(inputs[1], at) + momentum * mean);
    loops.set(outputs[2], at, (1 - momentum) * loops.get(inputs[2], at) + momentum * variance);
  }
}
