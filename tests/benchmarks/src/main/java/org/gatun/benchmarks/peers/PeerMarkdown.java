package org.gatun.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.gatun.benchmarks.peers.PeerResults.Group;
import org.gatun.benchmarks.peers.PeerResults.Mean;
import org.gatun.benchmarks.peers.PeerRow.Outcome;

/** Writes the tables into a Markdown file, between the lines that mark their places. */
final class PeerMarkdown {
  private static final String BEGIN = "<!-- peers %s: written by scripts/bench-peers -->";
  private static final String END = "<!-- peers %s: end -->";
  private static final String NONE = "\u2013";
  private static final double TOLERATED = 1.05;

  /** A column, of the rows of one number of threads. */
  private record Column(String title, int threads, Function<PeerRow, String> cell) {}

  private final PeerResults results;

  private PeerMarkdown(PeerResults results) {
    this.results = results;
  }

  /**
   * Writes the tables of what was measured, each where the file has its markers: {@code operators},
   * {@code channels-last} and {@code models}, and what sums up operators and models.
   *
   * @throws IOException if the file has none of them
   */
  static void write(PeerResults results, Path file) throws IOException {
    PeerMarkdown tables = new PeerMarkdown(results);
    String before = Files.readString(file);
    String after = replaced(before, "operators in short", tables.summary(false));
    after = replaced(after, "models in short", tables.summary(true));
    after = replaced(after, "operators", tables.operators(PeerLayout.ROW_MAJOR));
    after = replaced(after, "channels-last", tables.operators(PeerLayout.CHANNELS_LAST));
    after = replaced(after, "models", tables.models());
    if (after.equals(before)) {
      throw new IOException(
          file + ": expected the lines '" + BEGIN.formatted("operators") + "', ...");
    }
    Files.writeString(file, after);
  }

  private static String replaced(String text, String name, String contents) {
    String begin = BEGIN.formatted(name);
    int from = text.indexOf(begin);
    int to = text.indexOf(END.formatted(name), Math.max(0, from));
    if (from < 0 || to < 0 || contents.isEmpty()) {
      return text;
    }
    return text.substring(0, from + begin.length()) + "\n" + contents + text.substring(to);
  }

  private String summary(boolean models) {
    List<Group> groups =
        results.groups().stream().filter(group -> group.models() == models).toList();
    if (groups.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    text.append("| what | rows | geometric mean | largest | over 1.05 |\n");
    text.append("|---|---:|---:|---:|---:|\n");
    for (Group group : groups) {
      Mean mean = results.mean(group);
      long slower =
          results.rows(group).stream().filter(row -> row.ratio().orElse(0) > TOLERATED).count();
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %.2f | %.2f | %d |%n",
              group.title(),
              mean.rows(),
              mean.value(),
              mean.worst(),
              slower));
    }
    return text.toString();
  }

  private String operators(PeerLayout layout) {
    List<Column> columns = new ArrayList<>();
    for (int threads : threads(layout, false)) {
      columns.add(new Column("Gatun, %dt".formatted(threads), threads, micros(PeerKind.GATUN)));
      for (PeerKind kind : List.of(PeerKind.ORT, PeerKind.TORCH, PeerKind.ONEDNN)) {
        columns.add(new Column(kind.title(), threads, micros(kind)));
      }
      columns.add(new Column("ratio", threads, PeerMarkdown::ratio));
      columns.add(new Column("rate", threads, PeerTable::rate));
    }
    return table("case", layout, false, columns);
  }

  private String models() {
    List<Column> columns = new ArrayList<>();
    for (int threads : threads(PeerLayout.ROW_MAJOR, true)) {
      columns.add(new Column("Gatun, %dt".formatted(threads), threads, millis(PeerKind.GATUN)));
      columns.add(new Column("ONNX Runtime", threads, millis(PeerKind.ORT)));
      columns.add(new Column("ratio", threads, PeerMarkdown::ratio));
      columns.add(new Column("peak MB", threads, memory(PeerKind.GATUN)));
      columns.add(new Column("ORT's", threads, memory(PeerKind.ORT)));
      columns.add(new Column("bf16", threads, row -> PeerTable.ratio(row.bf16())));
      columns.add(new Column("its loss", threads, PeerMarkdown::loss));
    }
    return table("model", PeerLayout.ROW_MAJOR, true, columns);
  }

  private String table(String first, PeerLayout layout, boolean models, List<Column> columns) {
    if (columns.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("| " + first + " |");
    columns.forEach(column -> text.append(' ').append(column.title()).append(" |"));
    text.append("\n|---|").append("---:|".repeat(columns.size())).append('\n');
    List<PeerRow> rows = rows(layout, models);
    for (String name : rows.stream().map(PeerRow::name).distinct().toList()) {
      text.append("| ").append(models ? name.substring("model/".length()) : name).append(" |");
      for (Column column : columns) {
        String cell =
            rows.stream()
                .filter(row -> row.name().equals(name) && row.threads() == column.threads())
                .findFirst()
                .map(column.cell())
                .orElse(NONE);
        text.append(' ').append(cell).append(" |");
      }
      text.append('\n');
    }
    return text.toString();
  }

  private List<PeerRow> rows(PeerLayout layout, boolean models) {
    return results.rows().stream()
        .filter(row -> row.isModel() == models && row.layout() == layout)
        .toList();
  }

  private List<Integer> threads(PeerLayout layout, boolean models) {
    return rows(layout, models).stream().map(PeerRow::threads).distinct().sorted().toList();
  }

  private static Function<PeerRow, String> micros(PeerKind kind) {
    return row -> number(row.nanos(kind), 1e3);
  }

  private static Function<PeerRow, String> millis(PeerKind kind) {
    return row -> number(row.nanos(kind), 1e6);
  }

  private static Function<PeerRow, String> memory(PeerKind kind) {
    return row ->
        row.outcomes().get(kind) instanceof Outcome.Measured measured
            ? "%d".formatted(measured.peakBytes() >> 20)
            : NONE;
  }

  private static String loss(PeerRow row) {
    return row.outcomes().get(PeerKind.BF16) instanceof Outcome.Measured measured
        ? measured.implementation()
        : NONE;
  }

  /** Returns about three digits that mean something. */
  private static String number(OptionalDouble nanos, double unit) {
    if (nanos.isEmpty()) {
      return NONE;
    }
    double value = nanos.getAsDouble() / unit;
    String format = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, value);
  }

  private static String ratio(PeerRow row) {
    OptionalDouble ratio = row.ratio();
    String number = ratio.isPresent() ? PeerTable.ratio(ratio) : NONE;
    return (ratio.orElse(0) > TOLERATED ? "**" + number + "**" : number)
        + (row.apart() ? " ~" : "");
  }
}
