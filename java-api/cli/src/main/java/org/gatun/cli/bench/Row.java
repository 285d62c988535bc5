package org.gatun.cli.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.gatun.op.Op;
import org.gatun.testkit.bench.Contender;

/**
 * A case in one layout and what came of each contender.
 *
 * @param name the case's name
 * @param family the operator family, such as {@code Convolution}
 * @param dtype the dtype, such as {@code f32}
 * @param layout {@code nchw}, {@code channels-last}, or empty where there is only one
 * @param flops floating-point operations of a run, 0 where bytes say more
 * @param bytes what the operands and results take in memory
 * @param outcomes of every contender
 */
public record Row(
    String name,
    String family,
    String dtype,
    String layout,
    double flops,
    long bytes,
    Map<Contender, Outcome> outcomes) {
  /** Checks that there is an outcome for each contender. */
  public Row {
    outcomes = new EnumMap<>(outcomes);
    if (outcomes.size() != Contender.values().length) {
      throw new IllegalArgumentException("row: " + name + " has outcomes of " + outcomes.keySet());
    }
  }

  /** Returns the name of the family that an operator belongs to. */
  static String family(Op op) {
    return Arrays.stream(Op.class.getPermittedSubclasses())
        .filter(family -> family.isInstance(op))
        .map(Class::getSimpleName)
        .findFirst()
        .orElseThrow();
  }

  /** Returns what came of a contender. */
  public Outcome outcome(Contender contender) {
    return Objects.requireNonNull(outcomes.get(contender));
  }

  /** Returns the nanoseconds that a contender takes, if it was timed. */
  public OptionalDouble nanos(Contender contender) {
    return outcome(contender) instanceof Outcome.Measured(Timing timing, String _)
        ? OptionalDouble.of(timing.median())
        : OptionalDouble.empty();
  }

  /** Returns the fewer nanoseconds of the two native contenders. */
  public OptionalDouble nativeNanos() {
    return Stream.of(Contender.NATIVE, Contender.BOUND)
        .map(this::nanos)
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .min();
  }

  /** Returns how many times faster native is than another contender. */
  public OptionalDouble speedUpOver(Contender other) {
    OptionalDouble mine = nativeNanos();
    OptionalDouble others = nanos(other);
    return mine.isPresent() && others.isPresent()
        ? OptionalDouble.of(others.getAsDouble() / mine.getAsDouble())
        : OptionalDouble.empty();
  }

  /** Returns which code native runs, of the faster of the two; empty where it was not timed. */
  public String implementation() {
    Contender faster =
        nanos(Contender.BOUND).orElse(Double.POSITIVE_INFINITY)
                <= nanos(Contender.NATIVE).orElse(Double.POSITIVE_INFINITY)
            ? Contender.BOUND
            : Contender.NATIVE;
    return outcome(faster) instanceof Outcome.Measured(Timing _, String implementation)
        ? implementation
        : "";
  }

  /** Returns whether a native library computes, rather than a Java kernel. */
  public boolean isLibrary() {
    String code = implementation();
    return code.contains("onednn") || code.contains("openblas");
  }

  /** Returns whether the rate is in floating-point operations, rather than bytes. */
  public boolean countsFlops() {
    return flops > 0;
  }

  /** Returns the rate of native: GFLOP/s or GB/s. */
  public OptionalDouble rate() {
    OptionalDouble nanos = nativeNanos();
    return nanos.isPresent()
        ? OptionalDouble.of((countsFlops() ? flops : bytes) / nanos.getAsDouble())
        : OptionalDouble.empty();
  }

  /** Returns the number of contenders whose result was wrong. */
  public long wrong() {
    return outcomes.values().stream().filter(Outcome.Wrong.class::isInstance).count();
  }

  /** Returns the name with the layout, where that says something. */
  public String title() {
    return layout.isEmpty() ? name : name + " " + layout;
  }
}
