package org.gatun.benchmarks.peers;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.gatun.benchmarks.peers.PeerCase.Operand;
import org.jspecify.annotations.Nullable;

/**
 * The process of one peer. It reads requests from its input, a line each with tabs between the
 * words, and answers each with a line.
 *
 * <pre>
 * case NAME LAYOUT FILE          makes a case ready, runs it once, writes the first output there
 *   ready NANOS IMPLEMENTATION   how long that run took
 *   none                         not offered
 * model NAME MODEL FILE INPUT... the same for a model; an input is NAME=2x3:LOW:HIGH:INTEGER
 * warm NANOS                     runs for so long, and longer while runs get faster
 *   time NANOS                   how long the last runs took each
 * round NANOS                    runs for about so long
 *   time NANOS                   how long a run took
 * callers COUNT NANOS            runs for so long in so many threads at a time
 *   rate RUNS                    how many runs a second they had together
 * memory                         asks for the peak of the resident memory
 *   bytes N
 * version                        asks who it is
 *   version TEXT
 * close                          lets go of the case
 *   closed
 * </pre>
 *
 * <p>{@code failed MESSAGE} answers what went wrong.
 */
public final class PeerServer {
  /** How many halves of the time to warm up a peer has at most. */
  private static final int MOST_HALVES = 12;

  /** Runs still get faster where they take less than this part of the time before. */
  private static final double STILL_FASTER = 0.9;

  private final Peer peer;
  private Peer.@Nullable Subject subject;
  private double each;

  private PeerServer(Peer peer) {
    this.peer = peer;
  }

  /**
   * Serves until its input ends.
   *
   * @param arguments the peer and its number of threads
   * @throws IOException if the input cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream answers =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    // What libraries print is not an answer.
    System.setOut(System.err);
    PeerKind kind = PeerKind.valueOf(arguments[0]);
    try (Peer peer = kind.create(Integer.parseInt(arguments[1]))) {
      PeerServer server = new PeerServer(peer);
      BufferedReader requests =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        answers.println(server.answer(line.split("\t", -1)));
      }
    }
    // Threads of libraries may go on.
    System.exit(0);
  }

  @SuppressWarnings("CatchAndPrintStackTrace") // The other process tells the message.
  private String answer(String[] request) {
    try {
      return switch (request[0]) {
        case "case" -> prepared(operator(request[1], request[2]), Path.of(request[3]));
        case "model" -> prepared(model(request), Path.of(request[3]));
        case "warm" -> "time\t" + warm(Long.parseLong(request[1]));
        case "round" -> "time\t" + round(Long.parseLong(request[1]));
        case "callers" ->
            "rate\t" + callers(Integer.parseInt(request[1]), Long.parseLong(request[2]));
        case "memory" -> "bytes\t" + peakMemory();
        case "version" -> "version\t" + peer.version();
        case "close" -> {
          close();
          yield "closed";
        }
        default -> "failed\tno request " + request[0];
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "failed\tinterrupted";
    } catch (IOException | RuntimeException | LinkageError e) {
      e.printStackTrace();
      return "failed\t" + String.valueOf(e).replaceAll("\\s+", " ");
    }
  }

  private Peer.@Nullable Subject operator(String name, String layout) {
    PeerCase work =
        PeerCases.all().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no case " + name));
    return peer.prepare(work, layout.equals(PeerLayout.CHANNELS_LAST.key()));
  }

  private Peer.@Nullable Subject model(String[] request) {
    List<ModelCase.Input> inputs = Stream.of(request).skip(4).map(PeerServer::input).toList();
    return peer.prepare(new ModelCase(request[1], Path.of(request[2]), inputs));
  }

  /** Returns an input as a word of a request. */
  static String word(ModelCase.Input input) {
    Operand operand = input.operand();
    return "%s=%s:%s:%s:%s"
        .formatted(
            input.name(),
            String.join("x", operand.shape().stream().map(String::valueOf).toList()),
            operand.low(),
            operand.high(),
            operand.integer());
  }

  private static ModelCase.Input input(String word) {
    int equals = word.lastIndexOf('=');
    String[] parts = word.substring(equals + 1).split(":", -1);
    List<Long> shape = Stream.of(parts[0].split("x", -1)).map(Long::valueOf).toList();
    return new ModelCase.Input(
        word.substring(0, equals),
        new Operand(
            shape,
            false,
            Double.parseDouble(parts[1]),
            Double.parseDouble(parts[2]),
            Boolean.parseBoolean(parts[3])));
  }

  private String prepared(Peer.@Nullable Subject made, Path file) throws IOException {
    close();
    if (made == null) {
      return "none";
    }
    subject = made;
    made.run();
    long start = System.nanoTime();
    made.run();
    long elapsed = System.nanoTime() - start;
    float[] output = made.output();
    ByteBuffer bytes =
        ByteBuffer.allocate(output.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(output);
    Files.write(file, bytes.array());
    each = elapsed;
    return "ready\t" + elapsed + "\t" + made.implementation();
  }

  /**
   * Runs for some time, and longer while runs get faster: on a machine that others use too, the
   * compiler of a JVM may need a second for what it does in a tenth elsewhere.
   */
  private double warm(long nanos) {
    double least = leastOfRuns(nanos / 2);
    for (int half = 1; half < MOST_HALVES; half++) {
      double next = leastOfRuns(nanos / 2);
      if (next > STILL_FASTER * least) {
        break;
      }
      least = next;
    }
    return each;
  }

  /** Runs for some time, and returns what a run takes in the batch in which it takes least. */
  private double leastOfRuns(long nanos) {
    Peer.Subject running = running();
    long start = System.nanoTime();
    double least = Double.POSITIVE_INFINITY;
    long batch = 1;
    long now;
    do {
      long before = System.nanoTime();
      repeat(running, batch);
      now = System.nanoTime();
      each = (now - before) / (double) batch;
      least = Math.min(least, each);
      batch = Math.max(1, (long) Math.min(2.0 * batch, nanos / 10 / Math.max(1, each)));
    } while (now - start + each < nanos);
    return least;
  }

  private double round(long nanos) {
    Peer.Subject running = running();
    long runs = Math.max(1, (long) (nanos / Math.max(1, each)));
    long start = System.nanoTime();
    repeat(running, runs);
    each = (System.nanoTime() - start) / (double) runs;
    return each;
  }

  private double callers(int count, long nanos) throws InterruptedException {
    List<Runnable> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Runnable run = running().caller();
      if (run == null) {
        throw new IllegalStateException(peer.version() + " takes one caller at a time");
      }
      runs.add(run);
    }
    AtomicLong done = new AtomicLong();
    long end = System.nanoTime() + nanos;
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (Runnable run : runs) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (System.nanoTime() < end) {
                      run.run();
                      done.incrementAndGet();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return done.get() * 1e9 / (System.nanoTime() - start);
  }

  private Peer.Subject running() {
    if (subject == null) {
      throw new IllegalStateException("nothing was made ready");
    }
    return subject;
  }

  private static void repeat(Peer.Subject subject, long times) {
    for (long i = 0; i < times; i++) {
      subject.run();
    }
  }

  private static long peakMemory() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0L);
    }
  }

  private void close() {
    if (subject != null) {
      subject.close();
      subject = null;
    }
  }
}
