package org.gatun.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * A part of a file that a command writes, between two lines that mark it.
 *
 * @param begin the line before it
 * @param end the line after it
 */
record MarkedBlock(String begin, String end) {
  /** Returns the block of a name, which the command line writes. */
  static MarkedBlock of(String name, String command) {
    return new MarkedBlock(
        "<!-- %s: written by scripts/gatun %s -->".formatted(name, command),
        "<!-- %s: end -->".formatted(name));
  }

  /**
   * Returns the text of a file that can be written and has the block.
   *
   * @throws ParameterException if it cannot, or has not
   */
  String check(CommandSpec spec, Path file) throws IOException {
    OutputFile.check(spec, "--write", file);
    String text = Files.exists(file) ? Files.readString(file) : "";
    int from = text.indexOf(begin);
    if (from < 0 || text.indexOf(end, from) < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--write " + file + ": expected a file with the lines '" + begin + "' and '" + end + "'");
    }
    return text;
  }

  /** Returns the text with other contents of the block. */
  String replaced(String text, String contents) {
    int from = text.indexOf(begin) + begin.length();
    return text.substring(0, from) + "\n" + contents + text.substring(text.indexOf(end, from));
  }

  /** Returns what stands in the block. */
  String contents(String text) {
    int from = text.indexOf(begin) + begin.length();
    return text.substring(from, text.indexOf(end, from)).strip();
  }
}
