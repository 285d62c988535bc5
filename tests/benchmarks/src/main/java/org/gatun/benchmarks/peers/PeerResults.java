package org.gatun.benchmarks.peers;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.gatun.benchmarks.peers.PeerRow.Outcome;
import org.gatun.cli.Machine;

/**
 * What was measured.
 *
 * @param machine where
 * @param started when
 * @param versions who took part
 * @param rows the cases and models
 */
record PeerResults(
    Machine machine, Instant started, Map<PeerKind, String> versions, List<PeerRow> rows) {
  /**
   * A mean.
   *
   * @param value the geometric mean of the ratios
   * @param worst the largest of them
   * @param rows how many there are
   */
  record Mean(double value, double worst, int rows) {}

  /** A part of the rows that is summed up by itself. */
  record Group(String title, PeerLayout layout, int threads, boolean models) {
    boolean has(PeerRow row) {
      return row.layout() == layout && row.threads() == threads && row.isModel() == models;
    }
  }

  /** Returns the groups that have rows. */
  List<Group> groups() {
    return rows.stream()
        .map(
            row -> {
              boolean model = row.name().startsWith("model/");
              String what = model ? "models" : "operators, " + row.layout().key();
              String where = row.threads() == 1 ? "1 thread" : row.threads() + " threads";
              return new Group(what + ", " + where, row.layout(), row.threads(), row.isModel());
            })
        .distinct()
        .toList();
  }

  /** Returns the rows of a group. */
  List<PeerRow> rows(Group group) {
    return rows.stream().filter(group::has).toList();
  }

  /** Returns the mean of the ratios of those rows of a group that have them. */
  Mean mean(Group group) {
    double[] ratios =
        rows(group).stream()
            .map(PeerRow::ratio)
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray();
    double logs = 0;
    double worst = 0;
    for (double one : ratios) {
      logs += Math.log(one);
      worst = Math.max(worst, one);
    }
    return new Mean(Math.exp(logs / Math.max(1, ratios.length)), worst, ratios.length);
  }

  /** Returns the rows in which a peer's result was not what was expected. */
  List<PeerRow> wrong() {
    return rows.stream()
        .filter(row -> row.outcomes().values().stream().anyMatch(o -> o instanceof Outcome.Wrong))
        .toList();
  }
}
