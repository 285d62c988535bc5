package org.gatun.cli.bench;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.gatun.cli.Machine;
import org.gatun.runtime.Libraries;
import org.gatun.testkit.bench.Contender;

/**
 * What a benchmark found.
 *
 * @param version Gatun's
 * @param machine where it ran
 * @param libraries what computed
 * @param threads how many threads operators ran on
 * @param load how many processors other programs kept busy meanwhile, on average; negative where
 *     the system does not tell
 * @param started when it started
 * @param seconds how long it took
 * @param rows in the order of the cases
 */
public record Results(
    String version,
    Machine machine,
    Libraries.Report libraries,
    int threads,
    double load,
    Instant started,
    double seconds,
    List<Row> rows) {
  private static final double BUSY = 0.15;

  /** Makes the list unmodifiable. */
  public Results {
    rows = List.copyOf(rows);
  }

  /** Returns {@code 1 thread}, {@code 2 threads}. */
  public String threadsInWords() {
    return threads == 1 ? "1 thread" : threads + " threads";
  }

  /** Returns whether other programs took so much of the machine that the times are not its own. */
  public boolean busy() {
    return load > BUSY * machine.processors();
  }

  /** A mean over several rows. */
  public record Mean(double value, long rows) {}

  /** Returns the rows of each operator family. */
  public Map<String, List<Row>> families() {
    return rows.stream()
        .collect(Collectors.groupingBy(Row::family, LinkedHashMap::new, Collectors.toList()));
  }

  /** Returns the number of results that were checked against the reference. */
  public long verified() {
    return rows.stream()
            .flatMap(row -> row.outcomes().values().stream())
            .filter(outcome -> !(outcome instanceof Outcome.Absent))
            .count()
        - rows.stream().filter(row -> row.nanos(Contender.REFERENCE).isPresent()).count();
  }

  /** Returns the number of results that were wrong. */
  public long wrong() {
    return rows.stream().mapToLong(Row::wrong).sum();
  }

  /**
   * Returns the geometric mean of how many times faster native is than another contender, over the
   * rows of a kind where both were timed; of no rows where there are none.
   */
  public Mean speedUpOver(Contender other, Predicate<Row> kind) {
    double logs = 0;
    long count = 0;
    for (Row row : rows) {
      OptionalDouble ratio = row.speedUpOver(other);
      if (ratio.isPresent() && kind.test(row)) {
        logs += Math.log(ratio.getAsDouble());
        count++;
      }
    }
    return new Mean(count == 0 ? Double.NaN : Math.exp(logs / count), count);
  }
}
