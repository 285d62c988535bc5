package org.gatun.benchmarks.peers;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;
import org.gatun.benchmarks.peers.PeerResults.Group;
import org.gatun.benchmarks.peers.PeerResults.Mean;
import org.gatun.benchmarks.peers.PeerRow.Outcome;

/** Writes results for a terminal. */
final class PeerTable {
  private static final String NONE = ".";

  private PeerTable() {}

  /** Returns a row in a line, as told while the benchmark runs. */
  static String line(PeerRow row) {
    StringBuilder line = new StringBuilder("%-36s".formatted(row.name()));
    row.outcomes()
        .forEach(
            (kind, outcome) ->
                line.append("  ")
                    .append(kind.key())
                    .append(' ')
                    .append(
                        switch (outcome) {
                          case Outcome.Measured measured -> micros(measured.median());
                          case Outcome.Wrong(String message) -> "WRONG, " + message;
                          case Outcome.Absent(String reason) ->
                              reason.isEmpty() ? NONE : NONE + " (" + reason + ")";
                        }));
    row.ratio().ifPresent(ratio -> line.append("  ratio ").append(ratio(row.ratio())));
    return line.append(row.apart() ? "  ~" : "").toString();
  }

  /** Writes the tables and what sums them up. */
  static void write(PeerResults results, PrintWriter out) {
    out.println();
    out.println(
        "Medians in \u00b5s; the ratio is Gatun's time over that of the faster of ONNX Runtime and"
            + " libtorch.");
    for (Group group : results.groups()) {
      out.println();
      out.println("-- " + group.title());
      out.printf(
          "%-34s %10s %10s %10s %10s %10s %6s %8s%n",
          "case", "gatun", "ort", "torch", "onednn", "reference", "ratio", "rate");
      for (PeerRow row : results.rows(group)) {
        out.printf(
            "%-34s %10s %10s %10s %10s %10s %6s %8s%s%n",
            row.name(),
            micros(row, PeerKind.GATUN),
            micros(row, PeerKind.ORT),
            micros(row, PeerKind.TORCH),
            micros(row, PeerKind.ONEDNN),
            micros(row, PeerKind.REFERENCE),
            ratio(row.ratio()),
            rate(row),
            row.apart() ? " ~" : "");
      }
      Mean mean = results.mean(group);
      if (mean.rows() > 0) {
        out.printf(
            "%d rows, geometric mean %.2f, largest %.2f%n",
            mean.rows(), mean.value(), mean.worst());
      }
    }
    if (results.rows().stream().anyMatch(PeerRow::apart)) {
      out.println("~ the two cores were far from each other then; more threads say little.");
    }
    for (PeerRow row : results.wrong()) {
      out.println("WRONG: " + line(row));
    }
  }

  /** Returns a peer's median in microseconds. */
  static String micros(PeerRow row, PeerKind kind) {
    return switch (row.outcomes().get(kind)) {
      case Outcome.Measured measured -> micros(measured.median());
      case Outcome.Wrong _ -> "wrong";
      case Outcome.Absent _ -> NONE;
      case null -> NONE;
    };
  }

  private static String micros(double nanos) {
    double micros = nanos / 1e3;
    return String.format(Locale.ROOT, micros < 100 ? "%.2f" : "%.1f", micros);
  }

  /** Returns a ratio with two digits. */
  static String ratio(OptionalDouble ratio) {
    return ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : NONE;
  }

  /** Returns Gatun's GFLOP/s, or GB/s where bytes are what counts. */
  static String rate(PeerRow row) {
    OptionalDouble nanos = row.nanos(PeerKind.GATUN);
    if (nanos.isEmpty() || row.flops() + row.bytes() == 0) {
      return "";
    }
    return row.flops() > 0
        ? "%.0f GF".formatted(row.flops() / nanos.getAsDouble())
        : "%.1f GB".formatted(row.bytes() / nanos.getAsDouble());
  }
}
