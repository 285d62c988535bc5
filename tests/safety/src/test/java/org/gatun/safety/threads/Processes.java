package org.gatun.safety.threads;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** JVMs of their own, on the class path of this one. */
final class Processes {
  /** What became of one. */
  record Ended(int status, String output) {}

  private static final int MOST_MINUTES = 15;

  private Processes() {}

  /**
   * Runs the main method of a class, and returns what came of it.
   *
   * @param flags of the JVM
   * @throws AssertionError if it does not end
   */
  static Ended run(Class<?> main, List<String> flags, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("gatun", ".out");
    Process process = start(main, flags, output, arguments);
    try {
      if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
        throw new AssertionError(main + " runs for longer than " + MOST_MINUTES + " minutes");
      }
      return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly().waitFor();
      Files.delete(output);
    }
  }

  private static Process start(Class<?> main, List<String> flags, Path output, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--add-modules=jdk.incubator.vector");
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=/dev/stderr");
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }
}
