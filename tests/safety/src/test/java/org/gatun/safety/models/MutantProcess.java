package org.gatun.safety.models;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.gatun.runtime.Engine;
import org.gatun.runtime.MemoryPool;
import org.gatun.runtime.MemoryReport;
import org.gatun.runtime.NativeBackend;
import org.gatun.runtime.Threads;
import org.gatun.safety.models.MutantRun.Outcome;
import org.gatun.testkit.LeakCheck;

/**
 * Runs mutants in a process of its own, which may crash, hang or run out of memory, and tells on
 * its standard output how it gets on: {@code #begin N}, {@code #failed N ...}, {@code #note ...},
 * {@code #memory MEGABYTES}, {@code #end}.
 */
final class MutantProcess {
  private static final int BATCH = 200;

  /** What takes a model longer is likely to be a loop without end. */
  private static final long PATIENCE_NANOS = 500_000_000L;

  /** Of models that are large. */
  private static final long MORE_PATIENCE_NANOS = 4_000_000_000L;

  private static final PrintStream OUT = System.out;

  private final LongFunction<Mutant> mutants;
  private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
  private final Map<Long, String> slowest = new TreeMap<>();
  private final Thread runner = Thread.currentThread();
  private final long patienceNanos;
  private volatile long started = Long.MAX_VALUE;

  private MutantProcess(LongFunction<Mutant> mutants, long patienceNanos) {
    this.mutants = mutants;
    this.patienceNanos = patienceNanos;
  }

  /** Runs the mutants of a kind from one number to another. */
  public static void main(String[] arguments) throws Exception {
    System.setOut(System.err);
    long from = Long.parseLong(arguments[1]);
    long to = Long.parseLong(arguments[2]);
    Mutants kind = Mutants.valueOf(arguments[0]);
    MutantProcess process =
        new MutantProcess(
            kind.source(), kind == Mutants.SMALL ? PATIENCE_NANOS : MORE_PATIENCE_NANOS);
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> say("#failed -1 in " + thread + ": " + trace(thrown)));
    Thread.ofPlatform().daemon().start(process::interruptWhatIsSlow);
    // What is loaded once, is loaded before the first look at what lives.
    process.batch(from, from + 1);
    for (long at = from; at < to; at += BATCH) {
      process.batch(at, Math.min(to, at + BATCH));
    }
    process.tell();
    say("#end");
    System.exit(0);
  }

  private void batch(long from, long to) {
    Optional<String> leak = leak(from, to, true);
    if (leak.isEmpty()) {
      return;
    }
    boolean found = false;
    for (long number = from; number < to; number++) {
      Optional<String> own = leak(number, number + 1, false);
      if (own.isPresent()) {
        say("#failed " + number + " " + own.get());
        found = true;
      }
    }
    if (!found) {
      say("#failed -1 mutants " + from + " to " + to + " together: " + leak.get());
    }
  }

  /** Runs mutants in an engine of their own; returns what they left behind. */
  private Optional<String> leak(long from, long to, boolean told) {
    LeakCheck check = LeakCheck.start();
    long forgotten = MemoryReport.now().forgotten();
    try (Engine engine = Engine.of(NativeBackend.create())) {
      for (long number = from; number < to; number++) {
        if (told) {
          say("#begin " + number);
        }
        one(number, engine, told);
      }
    }
    // Large constants that passes made end when the garbage collector finds them. Whatever else it
    // finds was forgotten, and is counted.
    for (int i = 0; i < 10 && check.leak().isPresent(); i++) {
      System.gc();
      try {
        Thread.sleep(20);
      } catch (InterruptedException _) {
        // Meant for the mutant before.
      }
    }
    long found = MemoryReport.now().forgotten() - forgotten;
    return found > 0
        ? Optional.of("leak: " + found + " owners of memory were not closed")
        : check.leak();
  }

  private void one(long number, Engine engine, boolean told) {
    Mutant mutant = mutants.apply(number);
    started = System.nanoTime();
    try {
      // Threads of large models wait for each other very long where others take the processors.
      int threads = number % 8 == 0 && patienceNanos == PATIENCE_NANOS ? 2 : 1;
      Outcome outcome = Threads.with(threads, () -> engine.with(() -> new MutantRun(mutant).run()));
      if (told) {
        outcomes.merge(outcome, 1, Integer::sum);
      }
    } catch (Throwable e) {
      // Whatever it is: that is what these runs are for.
      say("#failed " + number + " " + trace(e));
    }
    long nanos = System.nanoTime() - started;
    started = Long.MAX_VALUE;
    Thread.interrupted();
    slowest.put(nanos, mutant.toString());
    if (slowest.size() > 5) {
      slowest.remove(slowest.keySet().iterator().next());
    }
  }

  /** Loops may have no end: a caller interrupts the thread. */
  private void interruptWhatIsSlow() {
    while (true) {
      try {
        Thread.sleep(100);
      } catch (InterruptedException _) {
        return;
      }
      long since = started;
      if (since != Long.MAX_VALUE && System.nanoTime() - since > patienceNanos) {
        runner.interrupt();
      }
    }
  }

  private void tell() throws IOException {
    say("#note " + outcomes);
    slowest.forEach((nanos, what) -> say("#note " + nanos / 1_000_000 + " ms: " + what));
    MemoryPool.Report report = MemoryPool.shared().report();
    say(
        "#note most memory of the pool "
            + (report.peakBytes() >> 20)
            + " MB of "
            + (report.limit() >> 20));
    if (report.peakBytes() > report.limit()) {
      say("#failed -1 the pool had " + report.peakBytes() + " bytes of " + report.limit());
    }
    say("#memory " + highWater());
  }

  /** The most megabytes of memory that this process had, where the system tells. */
  private static long highWater() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
      }
    }
    return 0;
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    String all = text.toString();
    return all.substring(0, Math.min(all.length(), 6000)).replace("\n", "\\n").replace("\t", " ");
  }

  private static synchronized void say(String line) {
    OUT.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    OUT.flush();
  }
}
