package org.gatun.safety.models;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;

/** Which models are run, and where they are from. */
enum Mutants {
  /** Mutants of small models. */
  SMALL,
  /** Mutants of models as people use them. */
  REAL,
  /** Models of very many parts. */
  EXTREME;

  /** Returns what makes the mutant of a number. */
  LongFunction<Mutant> source() throws IOException {
    if (this == EXTREME) {
      return Extremes::of;
    }
    List<Seed> seeds = this == REAL ? Seeds.real() : Seeds.small();
    return number -> Mutant.of(number, seeds);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
