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
      description = {
        "Only these operators or cases, such as 'conv*', matmul/512 or 'linear,softmax'; '*' is"
            + " all.",
        "Default: all, but for bench those that common networks spend their time in."
      })
  private @Nullable String ops;

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

  /** Does {@link #apply(List, String)}, where nothing said means all. */
  List<Case> apply(List<Case> cases) {
    return apply(cases, "*");
  }

  /**
   * Sets the number of threads and returns the cases that were asked for.
   *
   * @param otherwise the pattern of those that are meant where none are named
   * @throws ParameterException if an option has a value that is not one
   */
  List<Case> apply(List<Case> cases, String otherwise) {
    if (threads != null) {
      try {
        Threads.set(threads);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(
            spec.commandLine(), "--threads " + threads + ": expected 1 to 1024", e);
      }
    }
    try {
      return CaseSelection.of(ops == null ? otherwise : ops).of(cases);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--ops " + ops + ": " + e.getMessage(), e);
    }
  }
}
