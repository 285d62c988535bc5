package org.gatun.safety.memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a JVM of its own printed.
 *
 * @param status its exit status
 * @param text what it printed, errors included
 */
record OtherJvm(int status, String text) {
  private static final long SECONDS = 120;

  /**
   * Returns what a class prints.
   *
   * @param before a command that the JVM's is appended to, mostly none
   * @param flags of the JVM
   */
  static OtherJvm run(List<String> before, List<String> flags, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the JVM does not end: " + text);
    }
    return new OtherJvm(process.exitValue(), text);
  }

  static OtherJvm run(List<String> flags, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    return run(List.of(), flags, main, arguments);
  }
}
