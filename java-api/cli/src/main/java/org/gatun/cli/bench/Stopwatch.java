package org.gatun.cli.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Times subjects side by side: each warms up, then they take turns, so that what the machine does
 * meanwhile happens to all of them. The median of the rounds is what counts.
 */
final class Stopwatch {
  private static final int ROUNDS = 11;

  /** Part of the time that goes into warming up; the Vector API needs a good tenth of a second. */
  private static final double WARM_UP = 0.5;

  private static final double NANOS = 1e9;

  /** How long to wait for the compiler at the most, and how long it has to be idle. */
  private static final double COMPILER_WAIT = 0.7 * NANOS;

  private static final double COMPILER_IDLE = 0.04 * NANOS;

  private Stopwatch() {}

  /**
   * Returns how long each subject takes.
   *
   * @param seconds what to spend on one subject, about: at least one run is made
   */
  static List<Timing> time(List<Runnable> subjects, double seconds) {
    List<Turns> all = new ArrayList<>();
    for (Runnable subject : subjects) {
      all.add(Turns.warm(subject, seconds));
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Turns turns : all) {
        turns.take();
      }
    }
    return all.stream().map(Turns::timing).toList();
  }

  /** The turns of one subject. */
  private static final class Turns {
    private final Runnable subject;
    private final long runsInTurn;
    private final double allowed;
    private final List<Double> rounds = new ArrayList<>();
    private long runs;
    private double spent;

    private Turns(Runnable subject, long runsInTurn, double allowed) {
      this.subject = subject;
      this.runsInTurn = runsInTurn;
      this.allowed = allowed;
    }

    static Turns warm(Runnable subject, double seconds) {
      double warm = seconds * WARM_UP * NANOS;
      double measured = seconds * (1 - WARM_UP) * NANOS;
      long start = System.nanoTime();
      long batch = 1;
      double each;
      double elapsed;
      do {
        long before = System.nanoTime();
        repeat(subject, batch);
        long now = System.nanoTime();
        each = (now - before) / (double) batch;
        elapsed = now - start;
        batch = Math.max(1, (long) Math.min(2.0 * batch, warm / 10 / Math.max(1, each)));
      } while (elapsed + each < warm);
      if (each < warm) {
        settle(subject, each);
      }
      long runs = Math.max(1, (long) (measured / ROUNDS / Math.max(1, each)));
      return new Turns(subject, runs, measured);
    }

    /**
     * Runs the subject until the JIT compiler is idle. While it compiles it takes a processor from
     * the workers, who wait for each other: on few cores that costs a time slice at each turn.
     */
    private static void settle(Runnable subject, double each) {
      CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
      if (compiler == null || !compiler.isCompilationTimeMonitoringSupported()) {
        return;
      }
      long slice = Math.max(1, (long) (COMPILER_IDLE / 4 / Math.max(1, each)));
      long start = System.nanoTime();
      long idleSince = start;
      long compiled = compiler.getTotalCompilationTime();
      long now = start;
      while (now - idleSince < COMPILER_IDLE && now - start < COMPILER_WAIT) {
        repeat(subject, slice);
        now = System.nanoTime();
        long soFar = compiler.getTotalCompilationTime();
        if (soFar != compiled) {
          compiled = soFar;
          idleSince = now;
        }
      }
    }

    void take() {
      // A slow subject has had its time after a round or two.
      if (!rounds.isEmpty() && spent + spent / rounds.size() > 1.1 * allowed) {
        return;
      }
      long before = System.nanoTime();
      repeat(subject, runsInTurn);
      double elapsed = System.nanoTime() - before;
      spent += elapsed;
      runs += runsInTurn;
      rounds.add(elapsed / runsInTurn);
    }

    Timing timing() {
      return Timing.of(rounds.stream().mapToDouble(Double::doubleValue).toArray(), runs);
    }

    private static void repeat(Runnable subject, long times) {
      for (long i = 0; i < times; i++) {
        subject.run();
      }
    }
  }
}
