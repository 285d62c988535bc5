package org.gatun.cli.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.gatun.testkit.bench.Contender;

/** Writes results as a table for a terminal. */
public final class TextTable {
  private static final List<String> HEADER =
      List.of(
          "case",
          "layout",
          "native",
          "bound",
          "vector",
          "scalar",
          "reference",
          "rate",
          "native/Java",
          "native/reference",
          "implementation");

  /** The first two columns and the last are text, to the left. */
  private static final int TEXT_COLUMNS = 2;

  private TextTable() {}

  /** Returns a row in a line, as told while the benchmark runs. */
  static String line(Row row) {
    StringBuilder line = new StringBuilder(row.title()).append(':');
    for (Contender contender : Contender.values()) {
      switch (row.outcome(contender)) {
        case Outcome.Measured(Timing timing, String _) ->
            line.append(' ')
                .append(contender.title())
                .append(' ')
                .append(Numbers.duration(timing.median()))
                .append(',');
        case Outcome.Wrong _ -> line.append(' ').append(contender.title()).append(" WRONG,");
        case Outcome.Absent _ -> {}
      }
    }
    line.setLength(line.length() - 1);
    return line.toString();
  }

  /** Writes the table, what was wrong, and the means. */
  public static void write(Results results, PrintWriter out) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(HEADER);
    results.rows().forEach(row -> lines.add(cells(row)));
    int[] widths = new int[HEADER.size()];
    for (List<String> line : lines) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], line.get(column).length());
      }
    }
    out.println("Medians in \u00b5s; rates of native; " + results.threadsInWords() + ".");
    out.println();
    print(out, HEADER, widths);
    String family = "";
    for (int i = 0; i < results.rows().size(); i++) {
      Row row = results.rows().get(i);
      if (!row.family().equals(family)) {
        family = row.family();
        out.println(
            "-- " + family + " " + "-".repeat(Math.max(0, ruler(widths) - family.length())));
      }
      print(out, lines.get(i + 1), widths);
    }
    out.println();
    complain(results, out);
    means(results, out);
    if (results.busy()) {
      out.printf(
          "Other programs kept %.1f of %d processors busy: repeat this when they are idle.%n",
          results.load(), results.machine().processors());
    }
  }

  private static int ruler(int[] widths) {
    int width = 2 * (widths.length - 1) - 4;
    for (int column : widths) {
      width += column;
    }
    return width;
  }

  private static List<String> cells(Row row) {
    List<String> cells = new ArrayList<>(List.of(row.name(), row.layout()));
    for (Contender contender : Contender.values()) {
      cells.add(
          switch (row.outcome(contender)) {
            case Outcome.Measured(Timing timing, String _) -> Numbers.of(timing.micros());
            case Outcome.Wrong _ -> "WRONG";
            case Outcome.Absent _ -> Numbers.NONE;
          });
    }
    cells.add(
        row.rate().isPresent()
            ? Numbers.of(row.rate()) + (row.countsFlops() ? " GFLOP/s" : " GB/s   ")
            : Numbers.NONE);
    cells.add(Numbers.times(row.speedUpOver(Contender.VECTOR)));
    cells.add(Numbers.times(row.speedUpOver(Contender.REFERENCE)));
    cells.add(row.implementation());
    return cells;
  }

  private static void print(PrintWriter out, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      String space = " ".repeat(widths[column] - cell.length());
      boolean last = column == widths.length - 1;
      line.append(column < TEXT_COLUMNS || last ? cell + space : space + cell).append("  ");
    }
    out.println(line.toString().stripTrailing());
  }

  private static void complain(Results results, PrintWriter out) {
    for (Row row : results.rows()) {
      for (Contender contender : Contender.values()) {
        if (row.outcome(contender) instanceof Outcome.Wrong(String message)) {
          out.println("WRONG " + row.title() + ", " + contender.title() + ": " + message);
        }
      }
    }
  }

  private static void means(Results results, PrintWriter out) {
    out.println("Geometric means of the speed-up of native:");
    mean(results, out, Contender.VECTOR, Row::isLibrary, "where a library computes");
    mean(results, out, Contender.SCALAR, Row::isLibrary, "where a library computes");
    mean(results, out, Contender.SCALAR, row -> !row.isLibrary(), "where Java kernels do");
    mean(results, out, Contender.REFERENCE, _ -> true, "everywhere");
    out.printf(
        "%d results verified against the reference, %d wrong; %.0f s.%n",
        results.verified(), results.wrong(), results.seconds());
  }

  private static void mean(
      Results results, PrintWriter out, Contender other, Predicate<Row> kind, String where) {
    Results.Mean mean = results.speedUpOver(other, kind);
    if (mean.rows() > 0) {
      out.printf(
          "  %10s\u00d7 over %s, %s (%d rows)%n",
          Numbers.of(mean.value()), other.title(), where, mean.rows());
    }
  }
}
