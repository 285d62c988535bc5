package org.gatun.safety.arguments;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.gatun.safety.Extent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every public method, called with arguments of which some are hostile: what comes is a result,
 * which is the reference's where both compute one, or an exception that is documented; never a
 * crash, a hang, a leak, or an argument that was written to.
 *
 * <p>The calls are made in processes of their own with little memory, which note each call before
 * they make it. A failure names the seed and the number of the call; {@link HostileRun} makes that
 * one alone.
 */
class HostileArgumentsTest {
  private static final int PROCESSES = 2;

  @TempDir private Path folder;

  @Test
  void callsEndAsDocumented() throws IOException, InterruptedException {
    long calls = Extent.of(20_000, 1_000_000);
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(start(i, calls * i / PROCESSES, calls * (i + 1) / PROCESSES));
    }
    for (int i = 0; i < PROCESSES; i++) {
      int exit = processes.get(i).waitFor();
      assertEquals(0, exit, report(i));
    }
  }

  private Process start(int index, long from, long to) throws IOException {
    Path own = Files.createDirectories(folder.resolve("process-" + index));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:-OmitStackTraceInFastThrow", // Else a null that is met often is not named.
            "-XX:ErrorFile=" + own.resolve("crash"),
            "-XX:-CreateCoredumpOnCrash",
            "-Dgatun.memory.limit=256m",
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            HostileRun.class.getName(),
            "1",
            Long.toString(from),
            Long.toString(to),
            own.toString()));
    return new ProcessBuilder(command)
        .directory(own.toFile())
        .redirectErrorStream(true)
        .redirectOutput(own.resolve("output").toFile())
        .start();
  }

  private String report(int index) throws IOException {
    Path own = folder.resolve("process-" + index);
    String crash =
        Files.exists(own.resolve("crash"))
            ? Files.readString(own.resolve("crash"), StandardCharsets.ISO_8859_1)
                .lines()
                .limit(60)
                .collect(Collectors.joining("\n"))
            : "";
    return "seed 1, the last calls, the newest first:\n"
        + CallLog.read(own.resolve("calls")).stream().limit(3).collect(Collectors.joining("\n"))
        + "\n"
        + Files.readString(own.resolve("output"), StandardCharsets.UTF_8)
        + crash;
  }
}
