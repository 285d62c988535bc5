package org.gatun.benchmarks.peers;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.benchmarks.peers.PeerProcess.Prepared;
import org.gatun.benchmarks.peers.PeerRow.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Runs cases by peers in their processes: results are compared first, then the peers take turns, A
 * B C A B C, so that what the machine does meanwhile happens to all of them.
 */
final class SideBySide implements AutoCloseable {
  /** Pools of threads spin for a while after a run; the next peer waits until they sleep. */
  private static final int SPINNING_MILLIS = 30;

  /** A run of so many nanoseconds is long. */
  private static final double SLOW = 25e6;

  private static final int CALLER_ROUNDS = 3;
  private static final long CALLER_ROUND = 700_000_000;

  /** A round is of one run or of about so many nanoseconds. */
  private static final long ROUND = 8_000_000;

  /** The reference takes no part in the rounds; beyond this much work it takes minutes. */
  private static final double REFERENCE_FLOPS = 5e9;

  /**
   * How much is measured.
   *
   * @param rounds how many rounds each peer has
   * @param warmUp how many nanoseconds an operator runs before
   * @param modelWarmUp how many nanoseconds a model runs before
   */
  record Effort(int rounds, long warmUp, long modelWarmUp) {}

  private final Set<PeerKind> kinds;
  private final int threads;
  private final Effort effort;
  private final Path folder;
  private final Path log;
  private final Map<PeerKind, PeerProcess> processes = new EnumMap<>(PeerKind.class);
  private final Map<PeerKind, String> versions = new EnumMap<>(PeerKind.class);

  /**
   * @param folder where peers put results
   * @param log where they write what they print
   */
  SideBySide(Set<PeerKind> kinds, int threads, Effort effort, Path folder, Path log) {
    this.kinds = kinds;
    this.threads = threads;
    this.effort = effort;
    this.folder = folder;
    this.log = log;
  }

  /** Returns the names and versions of those that ran. */
  Map<PeerKind, String> versions() {
    return versions;
  }

  /** Returns an operator's row. The processes stay for the next one. */
  PeerRow run(PeerCase work, PeerLayout layout) throws InterruptedException {
    Map<PeerKind, Prepared> prepared = new LinkedHashMap<>();
    for (PeerKind kind : kinds) {
      if (kind == PeerKind.BF16) {
        continue;
      }
      boolean tooMuch = kind == PeerKind.REFERENCE && work.flops() > REFERENCE_FLOPS;
      prepared.put(
          kind,
          tooMuch
              ? new Prepared.Absent("it would take minutes")
              : process(kind).prepare(work, layout));
    }
    Measurement measurement = measure(prepared, Agreement.OF_OPERATORS, effort.warmUp(), false);
    long results = size(prepared);
    PeerRow row =
        new PeerRow(
            work.name(),
            layout,
            threads,
            work.flops(),
            work.bytes(results),
            measurement.apart(),
            measurement.outcomes());
    prepared.forEach(
        (kind, made) -> {
          if (made instanceof Prepared.Ready) {
            process(kind).release();
          }
        });
    return row;
  }

  /** Returns a model's row. It has processes of its own, whose memory is the model's. */
  PeerRow run(ModelCase model) throws InterruptedException {
    close();
    Map<PeerKind, Prepared> prepared = new LinkedHashMap<>();
    for (PeerKind kind : kinds) {
      if (kind.takesModels()) {
        prepared.put(kind, process(kind).prepare(model));
      }
    }
    double tolerance = model.isQuantized() ? Agreement.OF_INTEGERS : Agreement.OF_MODELS;
    long warmUp = isSlow(prepared) ? effort.modelWarmUp() / 4 : effort.modelWarmUp();
    Measurement measurement = measure(prepared, tolerance, warmUp, true);
    close();
    return new PeerRow(
        "model/" + model.name(),
        PeerLayout.ROW_MAJOR,
        threads,
        0,
        0,
        measurement.apart(),
        measurement.outcomes());
  }

  /** Returns whether runs are long beside what the JVM's compiler has to do for them. */
  private static boolean isSlow(Map<PeerKind, Prepared> prepared) {
    double least = Double.POSITIVE_INFINITY;
    for (Prepared made : prepared.values()) {
      if (made instanceof Prepared.Ready ready) {
        least = Math.min(least, ready.nanos());
      }
    }
    return least > SLOW;
  }

  /**
   * Returns how many runs of a model a second several threads have together, by number of threads,
   * for Gatun and ONNX Runtime. They take turns.
   *
   * @param callers the numbers of calling threads
   */
  Map<PeerKind, double[]> throughput(ModelCase model, List<Integer> callers)
      throws InterruptedException {
    close();
    Map<PeerKind, double[]> rates = new EnumMap<>(PeerKind.class);
    for (PeerKind kind : kinds) {
      if ((kind == PeerKind.GATUN || kind == PeerKind.ORT)
          && process(kind).prepare(model) instanceof Prepared.Ready) {
        process(kind).warm(effort.modelWarmUp());
        rates.put(kind, new double[callers.size()]);
      }
    }
    for (int i = 0; i < callers.size(); i++) {
      for (Map.Entry<PeerKind, double[]> entry : rates.entrySet()) {
        double[] rounds = new double[CALLER_ROUNDS];
        for (int round = 0; round < CALLER_ROUNDS; round++) {
          rounds[round] = process(entry.getKey()).callers(callers.get(i), CALLER_ROUND);
          Thread.sleep(SPINNING_MILLIS);
        }
        Arrays.sort(rounds);
        entry.getValue()[i] = rounds[CALLER_ROUNDS / 2];
      }
    }
    close();
    return rates;
  }

  private record Measurement(Map<PeerKind, Outcome> outcomes, boolean apart) {}

  private Measurement measure(
      Map<PeerKind, Prepared> prepared, double tolerance, long warmUp, boolean memory)
      throws InterruptedException {
    Map<PeerKind, Outcome> outcomes = new EnumMap<>(PeerKind.class);
    Map<PeerKind, List<Double>> rounds = new EnumMap<>(PeerKind.class);
    FloatBuffer expected = expected(prepared);
    prepared.forEach(
        (kind, made) -> {
          switch (made) {
            case Prepared.Absent(String reason) -> outcomes.put(kind, new Outcome.Absent(reason));
            case Prepared.Ready ready -> {
              // What bf16 loses is told, not judged.
              double allowed = kind == PeerKind.BF16 ? Double.POSITIVE_INFINITY : tolerance;
              String complaint = Agreement.complaint(expected, ready.output(), allowed);
              if (complaint != null) {
                outcomes.put(kind, new Outcome.Wrong(complaint));
              } else if (kind == PeerKind.REFERENCE) {
                outcomes.put(
                    kind,
                    Outcome.Measured.of(new double[] {ready.nanos()}, ready.implementation(), 0));
              } else {
                rounds.put(kind, new ArrayList<>());
              }
            }
          }
        });
    boolean far = threads > 1 && CoreDistance.isFar();
    for (PeerKind kind : rounds.keySet()) {
      process(kind).warm(warmUp);
      pause();
    }
    for (int i = 0; i < effort.rounds(); i++) {
      for (Map.Entry<PeerKind, List<Double>> entry : rounds.entrySet()) {
        entry.getValue().add(process(entry.getKey()).round(ROUND));
        pause();
      }
    }
    far |= threads > 1 && CoreDistance.isFar();
    rounds.forEach(
        (kind, times) -> {
          String implementation =
              prepared.get(kind) instanceof Prepared.Ready ready
                  ? implementation(kind, ready, expected)
                  : "";
          outcomes.put(
              kind,
              Outcome.Measured.of(
                  times.stream().mapToDouble(Double::doubleValue).toArray(),
                  implementation,
                  memory ? process(kind).peakMemory() : 0));
        });
    return new Measurement(outcomes, far);
  }

  private static String implementation(
      PeerKind kind, Prepared.Ready ready, @Nullable FloatBuffer expected) {
    return kind == PeerKind.BF16 && expected != null
        ? "%.1e".formatted(Agreement.difference(expected, ready.output()))
        : ready.implementation();
  }

  private void pause() throws InterruptedException {
    if (threads > 1) {
      Thread.sleep(SPINNING_MILLIS);
    }
  }

  /** Returns what the reference computed, or else the first of the other products. */
  private static @Nullable FloatBuffer expected(Map<PeerKind, Prepared> prepared) {
    for (PeerKind kind :
        List.of(PeerKind.REFERENCE, PeerKind.ORT, PeerKind.TORCH, PeerKind.GATUN)) {
      if (prepared.get(kind) instanceof Prepared.Ready ready) {
        return ready.output();
      }
    }
    return null;
  }

  private static long size(Map<PeerKind, Prepared> prepared) {
    FloatBuffer output = expected(prepared);
    return output == null ? 0 : output.limit();
  }

  private PeerProcess process(PeerKind kind) {
    return processes.computeIfAbsent(
        kind,
        missing -> {
          PeerProcess started = PeerProcess.start(missing, threads, folder, log);
          versions.put(missing, started.version());
          return started;
        });
  }

  @Override
  public void close() {
    processes.values().forEach(PeerProcess::close);
    processes.clear();
  }
}
