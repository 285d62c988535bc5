package org.gatun.safety.models;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Starts the processes that run mutants, and watches them: one that crashes, or hangs at a mutant,
 * is ended, the mutant kept as a file under {@code target/mutants}, and the next process goes on
 * behind it.
 */
final class MutantWatch {
  /** Of the heap, and of the pool, each. */
  static final long MEGABYTES = 512;

  /** A mutant that keeps the processor busy for so long hangs. */
  private static final Duration BUSY = Duration.ofSeconds(10);

  /** One that does nothing hangs too, where others do not take the processor from it. */
  private static final Duration IDLE = Duration.ofSeconds(60);

  private static final int MOST_FAILURES = 20;

  private static final String NOTHING = "";

  /**
   * What came of the mutants.
   *
   * @param failures what must not be
   * @param notes what else there is to tell
   * @param megabytes the most memory that a process had
   */
  record Report(List<String> failures, List<String> notes, long megabytes) {}

  private final Mutants kind;
  private final List<String> failures = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long megabytes;

  private MutantWatch(Mutants kind) {
    this.kind = kind;
  }

  /** Returns what came of the first mutants of a kind. */
  static Report run(Mutants kind, int count) throws IOException, InterruptedException {
    MutantWatch watch = new MutantWatch(kind);
    long next = 0;
    while (next < count && watch.failures.size() < MOST_FAILURES) {
      next = watch.run(next, count);
    }
    return new Report(watch.failures, watch.notes, watch.megabytes);
  }

  /** Runs mutants in a process; returns the number of the first that did not run. */
  private long run(long from, long to) throws IOException, InterruptedException {
    Process process = start(from, to);
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader = Thread.ofPlatform().daemon().start(() -> read(process, lines));
    long at = from;
    long since = System.nanoTime();
    Duration busy = busy(process);
    try {
      while (true) {
        String line = lines.poll(200, TimeUnit.MILLISECONDS);
        if (line != null) {
          if (line.equals("#end")) {
            return to;
          }
          if (line.startsWith("#begin ")) {
            at = Long.parseLong(line.substring("#begin ".length()));
            since = System.nanoTime();
            busy = busy(process);
          } else {
            told(line);
          }
          if (failures.size() >= MOST_FAILURES) {
            return to;
          }
        } else if (!process.isAlive() && !reader.isAlive() && lines.isEmpty()) {
          keep(at, "the process ended with " + process.exitValue() + ", see " + log());
          return at + 1;
        } else if (busy(process).minus(busy).compareTo(BUSY) > 0
            || System.nanoTime() - since > IDLE.toNanos()) {
          keep(at, "it hangs: " + stack(process));
          return at + 1;
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private Process start(long from, long to) throws IOException {
    Files.createDirectories(folder());
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + MEGABYTES + "m",
            "-Dgatun.memory.limit=" + MEGABYTES + "m",
            "-XX:+UseSerialGC",
            "-Dgatun.threads.share=false",
            "-XX:ErrorFile=" + folder().resolve("crash-" + kind + "-%p.log"),
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            MutantProcess.class.getName(),
            kind.name(),
            Long.toString(from),
            Long.toString(to));
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private static void read(Process process, BlockingQueue<String> lines) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("#note its output ended: " + e);
    }
  }

  private void told(String line) throws IOException {
    if (line.startsWith("#failed ")) {
      String[] parts = line.split(" ", 3);
      keep(Long.parseLong(parts[1]), parts[2].replace("\\n", "\n"));
    } else if (line.startsWith("#memory ")) {
      megabytes = Math.max(megabytes, Long.parseLong(line.substring("#memory ".length())));
    } else if (line.startsWith("#note ")) {
      notes.add(kind + ": " + line.substring("#note ".length()));
    }
  }

  /** Keeps a mutant that failed, and what it did. */
  private void keep(long number, String what) throws IOException {
    String where = NOTHING;
    if (number >= 0) {
      Mutant mutant = kind.source().apply(number);
      Path file = folder().resolve(kind + "-" + number + ".onnx");
      Files.write(file, mutant.bytes());
      where = mutant + " in " + file + ": ";
    }
    failures.add(where + what);
  }

  private static Duration busy(Process process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static String stack(Process process) throws IOException, InterruptedException {
    Process jstack =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jstack").toString(),
                Long.toString(process.pid()))
            .redirectErrorStream(true)
            .start();
    jstack.getOutputStream().close();
    if (!jstack.waitFor(20, TimeUnit.SECONDS)) {
      jstack.destroyForcibly();
    }
    String all = new String(jstack.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int main = Math.max(0, all.indexOf("\"main\""));
    return all.substring(main, Math.min(all.length(), main + 4000));
  }

  private static Path folder() {
    return Path.of("target", "mutants").toAbsolutePath();
  }

  private Path log() {
    return folder().resolve(kind + ".log");
  }
}
