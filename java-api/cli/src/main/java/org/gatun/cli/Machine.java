package org.gatun.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The machine that a command runs on.
 *
 * @param cpu the processor's name
 * @param processors how many the JVM may use
 * @param memoryBytes the memory of the machine or container
 * @param os the operating system, its version and architecture
 * @param jdk the JDK's version and vendor
 */
public record Machine(String cpu, int processors, long memoryBytes, String os, String jdk) {
  /** Returns this machine. */
  public static Machine here() {
    return new Machine(
        cpuName(),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        "%s %s (%s)"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
  }

  /** Returns a size as {@code 23.4 GiB}. */
  public static String size(long bytes) {
    return bytes >= 1L << 30
        ? "%.1f GiB".formatted(bytes / (double) (1L << 30))
        : "%.1f MiB".formatted(bytes / (double) (1L << 20));
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  private static String cpuName() {
    return fromLinux()
        .or(() -> fromMac())
        .or(() -> Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")))
        .orElse("unknown processor");
  }

  private static Optional<String> fromLinux() {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // Some containers list the file and let nobody read it.
    }
  }

  private static Optional<String> fromMac() {
    if (!System.getProperty("os.name").startsWith("Mac")) {
      return Optional.empty();
    }
    try {
      Process process =
          new ProcessBuilder("sysctl", "-n", "machdep.cpu.brand_string")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (var out = process.inputReader(StandardCharsets.UTF_8)) {
        return Optional.ofNullable(out.readLine());
      }
    } catch (IOException e) {
      return Optional.empty(); // The name is for people to read; nothing depends on it.
    }
  }
}
