package org.gatun.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A file that a command is asked to write. */
final class OutputFile {
  private OutputFile() {}

  /**
   * Does nothing where the file can be written or none was asked for. Called before the work whose
   * results go there.
   *
   * @throws ParameterException if it cannot
   */
  static void check(CommandSpec spec, String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new ParameterException(
          spec.commandLine(), option + " " + file + ": folder " + folder + " does not exist");
    }
    if (Files.isDirectory(file) || !Files.isWritable(Files.exists(file) ? file : folder)) {
      throw new ParameterException(
          spec.commandLine(), option + " " + file + ": expected a file that can be written");
    }
  }
}
