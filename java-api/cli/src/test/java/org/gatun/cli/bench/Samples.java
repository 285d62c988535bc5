package org.gatun.cli.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.gatun.cli.Machine;
import org.gatun.runtime.Libraries;
import org.gatun.testkit.bench.Contender;

/** Results that were never measured. */
final class Samples {
  static final double TOLERANCE = 1e-9;

  private Samples() {}

  /** Native takes 2 us, bound 1, vector 4, scalar 8 and the reference 100, all right. */
  static Row library(String name, String layout) {
    Map<Contender, Outcome> outcomes = new EnumMap<>(Contender.class);
    outcomes.put(Contender.NATIVE, measured(2_000, "onednn:brgemm"));
    outcomes.put(Contender.BOUND, measured(1_000, "onednn:brgemm+packed"));
    outcomes.put(Contender.VECTOR, measured(4_000, "java:vector"));
    outcomes.put(Contender.SCALAR, measured(8_000, "java:scalar"));
    outcomes.put(Contender.REFERENCE, measured(100_000, "reference"));
    return new Row(name, "Contraction", "f32", layout, 5_000, 300, outcomes);
  }

  /** A Java kernel, whose scalar version is wrong. */
  static Row java(String name) {
    Map<Contender, Outcome> outcomes = new EnumMap<>(Contender.class);
    outcomes.put(Contender.NATIVE, measured(1_000, "java:vector"));
    outcomes.put(Contender.BOUND, new Outcome.Absent("no constant inputs"));
    outcomes.put(Contender.VECTOR, measured(1_000, "java:vector"));
    outcomes.put(Contender.SCALAR, new Outcome.Wrong("at [0] <1.0> & \"2.0\""));
    outcomes.put(Contender.REFERENCE, measured(25_000, "reference"));
    return new Row(name, "Pointwise", "f32", "", 0, 40_000, outcomes);
  }

  static Results results(Row... rows) {
    return new Results(
        "1.2.3",
        new Machine("A <fast> CPU", 4, 1L << 33, "Linux", "25"),
        new Libraries.Report(
            "linux-x86_64",
            List.of(new Libraries.Loaded("oneDNN", "3.11.0", Path.of("libdnnl.so.3"), "cache")),
            "avx2",
            "Haswell",
            "OpenBLAS 0.3.31",
            1),
        2,
        0.1,
        Instant.parse("2026-11-20T10:15:30Z"),
        61.5,
        List.of(rows));
  }

  private static Outcome measured(double nanos, String implementation) {
    return new Outcome.Measured(new Timing(nanos, 0.9 * nanos, 1.1 * nanos, 77), implementation);
  }
}
