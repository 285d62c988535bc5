package org.gatun.cli.bench;

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
      long runs = Math.max(1, (long) (measured / ROUNDS / Math.max(1, each)));
      return new Turns(subject, runs, measured);
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
