package org.gatun.cli.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gatun.testkit.bench.Contender;

/** Writes the charts of the page: elements placed by percentages, which fit any width. */
final class SpeedCharts {
  /** Who has a bar; the reference is what they start from. */
  private static final List<Contender> BARS =
      List.of(Contender.BOUND, Contender.NATIVE, Contender.VECTOR, Contender.SCALAR);

  /** A family with more rows than this takes the width of the page. */
  private static final int WIDE = 12;

  private final Results results;
  private final StringBuilder page;
  private final LogAxis axis;

  SpeedCharts(Results results, StringBuilder page) {
    this.results = results;
    this.page = page;
    this.axis =
        LogAxis.of(
            results.rows().stream()
                .flatMap(row -> BARS.stream().map(contender -> overReference(row, contender)))
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .toList());
  }

  /** Writes one dot for each row. */
  void spread() {
    List<Contender> others =
        Stream.of(Contender.VECTOR, Contender.SCALAR, Contender.REFERENCE)
            .filter(other -> results.speedUpOver(other, _ -> true).rows() > 0)
            .toList();
    if (others.isEmpty()) {
      return;
    }
    LogAxis wide =
        LogAxis.of(
            others.stream()
                .flatMap(other -> results.rows().stream().map(row -> row.speedUpOver(other)))
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .toList());
    page.append(
        """
        <section class="card spread" aria-label="Speed-up of native, one dot for each row">
        <h2>How much faster, operator by operator</h2>
        <p class="note">Each dot is a row: a case in one layout. Further right is a larger speed-up of native; the line is the geometric mean.</p>
        """);
    for (Contender other : others) {
      Results.Mean mean = results.speedUpOver(other, _ -> true);
      page.append(
          "<div class=\"strip\"><div class=\"name\">over <b>%s</b></div><div class=\"plot\">"
              .formatted(other.title()));
      grid(wide);
      page.append(
          "<i class=\"mean\" style=\"left:%s\" data-tip=\"geometric mean %s\"></i>"
              .formatted(wide.css(mean.value()), HtmlReport.times(mean.value())));
      int index = 0;
      for (Row row : results.rows()) {
        OptionalDouble ratio = row.speedUpOver(other);
        if (ratio.isPresent()) {
          page.append(
              "<i class=\"dot%s\" style=\"left:%s;top:%d%%\" data-tip=\"%s\"></i>"
                  .formatted(
                      row.isLibrary() ? "" : " java",
                      wide.css(ratio.getAsDouble()),
                      20 + 15 * (index++ * 3 % 5),
                      HtmlReport.escape(
                          "%s\n%s over %s\n%s"
                              .formatted(
                                  row.title(),
                                  Numbers.times(ratio),
                                  other.title(),
                                  row.implementation()))));
        }
      }
      page.append("</div></div>\n");
    }
    ticks("strip", wide);
    page.append(
        """
        <p class="legend"><span><i class="dot"></i>oneDNN or OpenBLAS computes</span>
        <span><i class="dot java"></i>a Java kernel is the fastest there is</span></p>
        </section>
        """);
  }

  private void grid(LogAxis on) {
    for (double tick : on.ticks()) {
      page.append(
          "<b class=\"grid%s\" style=\"left:%s\"></b>"
              .formatted(tick == 1 ? " one" : "", on.css(tick)));
    }
  }

  private void ticks(String kind, LogAxis on) {
    page.append(
        "<div class=\"%s axis\"><div class=\"name\"></div><div class=\"plot\">".formatted(kind));
    for (double tick : on.ticks()) {
      page.append("<span style=\"left:%s\">%s</span>".formatted(on.css(tick), LogAxis.label(tick)));
    }
    page.append("</div></div>\n");
  }

  /** Writes bars for each row, by operator family. */
  void families() {
    page.append(
        """
        <section id="charts">
        <div class="head"><h2>By operator family</h2>
        <p class="note">Speed against the plain-Java reference, on a logarithmic scale: 1\u00d7 is the reference, longer is faster.</p></div>
        <p class="legend bars">\
        """);
    for (Contender contender : BARS) {
      page.append(
          "<span><i class=\"swatch %s\"></i>%s</span>"
              .formatted(contender.key(), contender.title()));
    }
    page.append("</p>\n<div class=\"families\">\n");
    families(true);
    page.append("</div>\n<div class=\"families narrow\">\n");
    families(false);
    page.append("</div>\n</section>\n");
  }

  private void families(boolean wide) {
    results
        .families()
        .forEach(
            (name, rows) -> {
              if ((rows.size() > WIDE) == wide) {
                family(name, rows, wide);
              }
            });
  }

  private void family(String name, List<Row> rows, boolean wide) {
    page.append(
        "<article class=\"card family%s\"><h3>%s <small>%s</small></h3>\n<div class=\"cases\">"
            .formatted(
                wide ? " wide" : "",
                HtmlReport.escape(words(name)),
                rows.size() == 1 ? "1 row" : rows.size() + " rows"));
    int half = wide ? firstHalf(rows) : rows.size();
    column(rows.subList(0, half));
    if (wide) {
      column(rows.subList(half, rows.size()));
    }
    page.append("</div></article>\n");
  }

  /** Returns where to cut rows in two, without cutting a case from its other layout. */
  private static int firstHalf(List<Row> rows) {
    int half = (rows.size() + 1) / 2;
    return rows.get(half).name().equals(rows.get(half - 1).name()) ? half + 1 : half;
  }

  private void column(List<Row> rows) {
    page.append("<div>\n");
    String last = "";
    for (Row row : rows) {
      if (!row.layout().isEmpty() && !row.name().equals(last)) {
        page.append("<h4>%s</h4>\n".formatted(HtmlReport.escape(row.name())));
      }
      last = row.name();
      bars(row);
    }
    ticks("case", axis);
    page.append("</div>\n");
  }

  /** Returns {@code NameLikeThis} as words. */
  private static String words(String name) {
    return name.charAt(0) + name.substring(1).replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  private void bars(Row row) {
    page.append(
        "<div class=\"case\"><div class=\"name%s\">%s</div><div class=\"plot\">"
            .formatted(
                row.layout().isEmpty() ? "" : " layout",
                HtmlReport.escape(row.layout().isEmpty() ? row.name() : row.layout())));
    grid(axis);
    for (Contender contender : BARS) {
      bar(row, contender);
    }
    page.append("</div></div>\n");
  }

  private void bar(Row row, Contender contender) {
    switch (row.outcome(contender)) {
      case Outcome.Measured(Timing timing, String implementation) -> {
        double speed = overReference(row, contender).orElse(1);
        double from = Math.min(1, speed);
        page.append(
            """
            <div class="bar"><i class="%s" style="left:%s;width:%s" data-tip="%s"></i>\
            <span style="left:%s">%s</span></div>\
            """
                .formatted(
                    contender.key(),
                    axis.css(from),
                    axis.css(from, Math.max(1, speed)),
                    HtmlReport.escape(tip(row, contender, timing, implementation)),
                    axis.css(Math.max(1, speed)),
                    Numbers.duration(timing.median())));
      }
      case Outcome.Wrong(String message) ->
          page.append(
              "<div class=\"bar\"><span class=\"wrong\" style=\"left:%s\" data-tip=\"%s\">%s is wrong</span></div>"
                  .formatted(axis.css(1), HtmlReport.escape(message), contender.title()));
      case Outcome.Absent _ -> {}
    }
  }

  private static String tip(Row row, Contender contender, Timing timing, String implementation) {
    OptionalDouble ratio = overReference(row, contender);
    double rate = (row.countsFlops() ? row.flops() : row.bytes()) / timing.median();
    return Stream.of(
            row.title() + ", " + row.dtype(),
            contender.title()
                + "  "
                + Numbers.duration(timing.median())
                + "  ("
                + Numbers.duration(timing.lower())
                + " to "
                + Numbers.duration(timing.upper())
                + ")",
            "%s %s, %,d runs"
                .formatted(Numbers.of(rate), row.countsFlops() ? "GFLOP/s" : "GB/s", timing.runs()),
            ratio.isPresent() ? Numbers.times(ratio) + " the reference's speed" : "",
            implementation)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  private static OptionalDouble overReference(Row row, Contender contender) {
    OptionalDouble mine = row.nanos(contender);
    OptionalDouble reference = row.nanos(Contender.REFERENCE);
    return mine.isPresent() && reference.isPresent()
        ? OptionalDouble.of(reference.getAsDouble() / mine.getAsDouble())
        : OptionalDouble.empty();
  }
}
