package org.gatun.cli;

import java.util.List;
import org.gatun.runtime.Threads;
import org.gatun.testkit.Case;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of the commands that run cases. */
final class CaseOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--ops",
      paramLabel = "GLOB",
      defaultValue = "*",
      description = {
        "Only these operators or cases, such as 'conv*', matmul/512 or 'linear,softmax'.",
        "Default: all."
      })
  private String ops;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = {
        "Run operators on N threads.",
        "Default: OMP_NUM_THREADS, else the processors of this machine or container."
      })
  private @Nullable Integer threads;

  /** Made by picocli. */
  CaseOptions() {}

  /**
   * Sets the number of threads and returns the cases that were asked for.
   *
   * @throws ParameterException if an option has a value that is not one
   */
  List<Case> apply(List<Case> cases) {
    if (threads != null) {
      try {
        Threads.set(threads);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(
            spec.commandLine(), "--threads " + threads + ": expected 1 to 1024", e);
      }
    }
    try {
      return CaseSelection.of(ops).of(cases);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--ops " + ops + ": " + e.getMessage(), e);
    }
  }
}
