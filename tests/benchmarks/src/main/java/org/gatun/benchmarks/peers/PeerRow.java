package org.gatun.benchmarks.peers;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * A case in one layout on a number of threads, by each peer.
 *
 * @param name the case's or model's name
 * @param layout how its images lie
 * @param threads the number of threads
 * @param flops the floating-point operations of a run, 0 where bytes are what counts
 * @param bytes what a run reads and writes at the least, 0 for models
 * @param apart whether the cores were far apart at the time: then two threads say nothing
 * @param outcomes what came of it, by peer
 */
record PeerRow(
    String name,
    PeerLayout layout,
    int threads,
    double flops,
    double bytes,
    boolean apart,
    Map<PeerKind, Outcome> outcomes) {

  /** What came of a case with one peer. */
  sealed interface Outcome {
    /**
     * It was right, and took so long.
     *
     * @param median the median over the rounds of a run's time in nanoseconds
     * @param lower the lower quartile
     * @param upper the upper quartile
     * @param implementation which code ran, where the peer tells
     * @param peakBytes the most memory that was resident, 0 where others ran before in the process
     */
    record Measured(
        double median, double lower, double upper, String implementation, long peakBytes)
        implements Outcome {
      /** Returns the outcome of rounds. */
      static Measured of(double[] rounds, String implementation, long peakBytes) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        return new Measured(
            quantile(sorted, 0.5),
            quantile(sorted, 0.25),
            quantile(sorted, 0.75),
            implementation,
            peakBytes);
      }

      private static double quantile(double[] sorted, double q) {
        double at = q * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
      }
    }

    /** Its result is not what was expected. */
    record Wrong(String message) implements Outcome {}

    /** It is not offered, or failed for this reason. */
    record Absent(String reason) implements Outcome {}
  }

  /** Returns whether it is a model. */
  boolean isModel() {
    return name.startsWith("model/");
  }

  /** Returns the family, which is what stands before the slash. */
  String family() {
    return name.substring(0, name.indexOf('/'));
  }

  /** Returns the median of a peer in nanoseconds. */
  OptionalDouble nanos(PeerKind peer) {
    return outcomes.get(peer) instanceof Outcome.Measured measured
        ? OptionalDouble.of(measured.median())
        : OptionalDouble.empty();
  }

  /** Returns the time of the fastest product of others. */
  OptionalDouble best() {
    return Stream.of(PeerKind.values())
        .filter(PeerKind::isProduct)
        .map(this::nanos)
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .min();
  }

  /** Returns Gatun's time over that of the fastest product of others: below 1 is faster. */
  OptionalDouble ratio() {
    return over(best());
  }

  /** Returns the time of Gatun in bf16 over that in f32. */
  OptionalDouble bf16() {
    OptionalDouble own = nanos(PeerKind.GATUN);
    OptionalDouble half = nanos(PeerKind.BF16);
    return own.isPresent() && half.isPresent()
        ? OptionalDouble.of(half.getAsDouble() / own.getAsDouble())
        : OptionalDouble.empty();
  }

  private OptionalDouble over(OptionalDouble other) {
    OptionalDouble own = nanos(PeerKind.GATUN);
    return own.isPresent() && other.isPresent()
        ? OptionalDouble.of(own.getAsDouble() / other.getAsDouble())
        : OptionalDouble.empty();
  }
}
