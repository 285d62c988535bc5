package org.gatun.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A peer's process, seen from the one that measures. */
final class PeerProcess implements AutoCloseable {
  private static final int TIMEOUT_SECONDS = 10;

  private final PeerKind kind;
  private final Process process;
  private final Writer requests;
  private final BufferedReader answers;
  private final Path output;
  private final String version;

  private PeerProcess(PeerKind kind, Process process, Path output) {
    this.kind = kind;
    this.process = process;
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.output = output;
    this.version = asked("version", "version")[1];
  }

  /**
   * Returns a peer that has started.
   *
   * @param log where it writes what is no answer
   */
  static PeerProcess start(PeerKind kind, int threads, Path folder, Path log) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(kind.flags());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), PeerServer.class.getName()));
    command.addAll(List.of(kind.name(), Integer.toString(threads)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(kind.environment());
    // It keeps OpenBLAS from the kernels for this processor where a machine sets it for others.
    builder.environment().remove("OPENBLAS_CORETYPE");
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      return new PeerProcess(kind, builder.start(), folder.resolve(kind.key() + ".output"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns who it is. */
  PeerKind kind() {
    return kind;
  }

  /** Returns its name and version. */
  String version() {
    return version;
  }

  /** Returns what it made of a case. */
  Prepared prepare(PeerCase work, PeerLayout layout) {
    return prepared("case\t" + work.name() + "\t" + layout.key() + "\t" + output);
  }

  /** Returns what it made of a model. */
  Prepared prepare(ModelCase model) {
    StringBuilder request = new StringBuilder("model\t");
    request.append(model.name()).append('\t').append(model.file().toAbsolutePath());
    request.append('\t').append(output);
    model.inputs().forEach(input -> request.append('\t').append(PeerServer.word(input)));
    return prepared(request.toString());
  }

  /** What a peer made of a case. */
  sealed interface Prepared {
    /**
     * The case is ready.
     *
     * @param nanos how long the second run took
     * @param implementation which code runs, where it tells
     * @param output the first output
     */
    record Ready(double nanos, String implementation, FloatBuffer output) implements Prepared {}

    /**
     * The peer does not have it.
     *
     * @param reason why, empty where it is simply not offered
     */
    record Absent(String reason) implements Prepared {}
  }

  private Prepared prepared(String request) {
    String[] answer = ask(request);
    return switch (answer[0]) {
      case "ready" -> new Prepared.Ready(Double.parseDouble(answer[1]), answer[2], read());
      case "none" -> new Prepared.Absent("");
      default -> new Prepared.Absent(answer.length > 1 ? answer[1] : "it ended");
    };
  }

  private FloatBuffer read() {
    try {
      return ByteBuffer.wrap(Files.readAllBytes(output))
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs for about so long, and returns how many nanoseconds one of the last runs took. */
  double warm(long nanos) {
    return Double.parseDouble(asked("warm\t" + nanos, "time")[1]);
  }

  /** Runs for about so long, and returns how many nanoseconds a run took. */
  double round(long nanos) {
    return Double.parseDouble(asked("round\t" + nanos, "time")[1]);
  }

  /** Returns how many runs a second that many threads have together. */
  double callers(int count, long nanos) {
    return Double.parseDouble(asked("callers\t" + count + "\t" + nanos, "rate")[1]);
  }

  /** Returns the most memory that was resident, in bytes. */
  long peakMemory() {
    return Long.parseLong(asked("memory", "bytes")[1]);
  }

  /** Lets go of the case. */
  void release() {
    asked("close", "closed");
  }

  private String[] asked(String request, String expected) {
    String[] answer = ask(request);
    if (!answer[0].equals(expected)) {
      throw new IllegalStateException(
          kind.title() + ": " + request + ": " + String.join(" ", answer));
    }
    return answer;
  }

  private String[] ask(String request) {
    try {
      requests.write(request + "\n");
      requests.flush();
      String answer = answers.readLine();
      return answer == null ? new String[] {"ended"} : answer.split("\t", -1);
    } catch (IOException e) {
      throw new UncheckedIOException(kind.title() + " ended", e);
    }
  }

  @Override
  public void close() {
    try {
      requests.close();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(output);
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
